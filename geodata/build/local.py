"""How ports that are no nodes are joined to the network, and ways over the raw coast between ports near each other:
both made once so that a route or a matrix need not."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from sim.errors import PlaceError
from sim.geo.geodesy import NM_PER_RADIAN, Floats, vectors
from sim.geo.graph import Bits, Ints
from sim.geo.network import SeaNetwork
from sim.geo.network.places import NEAR_NM, LocalWay, Place
from sim.geo.network.store import Berths

Joined = tuple[Floats, float, Ints, Bits]  # way, its counted length, nodes seen and passages on the way to each

_state: dict[str, SeaNetwork | Floats] = {}


def _begin(net: SeaNetwork) -> None:
    _state["net"] = net


def _network() -> SeaNetwork:
    net = _state["net"]
    assert isinstance(net, SeaNetwork)
    return net


def _joined(key: str) -> Joined | None:
    try:
        place = _network().place(key)
    except PlaceError as error:
        print(f"  {error}", file=sys.stderr)
        return None
    return place.way, place.approach_nm, place.ends.nodes, place.ends.bits


def _begin_seas(net: SeaNetwork, seas: Floats) -> None:
    _state.update(net=net, seas=seas)


def _seen_after(k: int) -> np.ndarray:
    seas = _state["seas"]
    assert isinstance(seas, np.ndarray)
    out = np.zeros(len(seas), dtype=bool)
    if k + 1 < len(seas):
        out[k + 1 :] = _network().seen_from(seas[k], seas[k + 1 :])
    return out


def joined_ports(net: SeaNetwork, workers: int = 2) -> Berths:
    """The shipped ports that are no nodes; those that reach no free water are left out."""
    begun = time.monotonic()
    keys = [p.key for p in net.ports.all if not net.has_node(p)]
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(net,)) as pool:
        found: dict[str, Joined] = {}
        for k, (key, one) in enumerate(zip(keys, pool.map(_joined, keys, chunksize=20), strict=True)):
            if one is not None:
                found[key] = one
            if k % 500 == 0:
                print(f"  port {k} of {len(keys)}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    ways, lengths, nodes, bits = zip(*found.values(), strict=True)
    seas = np.array([w[-1] for w in ways])
    with ProcessPoolExecutor(workers, initializer=_begin_seas, initargs=(net, seas)) as pool:
        later = np.array(list(pool.map(_seen_after, range(len(seas)), chunksize=50)))
    return Berths(
        network=len(net.node_lonlat),
        keys=list(found),
        way=np.vstack(ways),
        way_start=np.concatenate([[0], np.cumsum([len(w) for w in ways])]),
        approach_nm=np.array(lengths),
        nodes=np.concatenate(nodes),
        node_start=np.concatenate([[0], np.cumsum([len(n) for n in nodes])]),
        bits=np.concatenate(bits),
        sees=later | later.T,
    )


def near_ways(net: SeaNetwork) -> dict[str, LocalWay | None]:
    """The way of every near pair of listed ports with nothing closed, under the key of the search."""
    places = _places(net)
    at = vectors(np.array([(p.lon, p.lat) for p in places]))
    near = np.triu(at @ at.T > np.cos(NEAR_NM / NM_PER_RADIAN), 1)
    water, out = net.local_water, {}
    for i, k in np.argwhere(near):
        a, b = sorted((places[i], places[k]), key=lambda p: (p.lat, p.lon))
        if (a.lon, a.lat) != (b.lon, b.lat):
            out[water.key(a, b, 0)[0]] = water.way(a, b, 0)
    return out


def _places(net: SeaNetwork) -> list[Place]:
    out = []
    for port in (p for p in net.ports.all if net.has_node(p)):
        try:
            out.append(net.place(port.key))
        except PlaceError:
            continue  # a port without a connection to the sea
    return out
