"""The ports in a page: their names, their channels and how they hang on the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.errors import PlaceError
from sim.geo.network import SeaNetwork
from sim.geo.network.off.water import legs_over
from sim.geo.network.places import Place
from sim.geo.ports import AROUND, country_codes, plain
from sim.geo.waters import inside_water
from sim.web.packing import Bundle
from sim.web.sea import SCALE, TOUCHES, Codes, water_kept_off

BY_HAND, MAIN, ARCTIC, LISTED, INSIDE = 1, 2, 4, 8, 16  # flags of a port; INSIDE: in the water that is kept off
NM_STEPS: Final = 1e4


def joined_ports(net: SeaNetwork) -> list[tuple[int, Place]]:
    """The ports of a page in its order: the row of each in the table, and its place."""
    found: list[tuple[int, Place]] = []
    for k in range(len(net.ports.all)):
        try:
            place = net.place(net.ports.all[k].key)
        except PlaceError:
            continue
        if place.connected and place.port is not None:
            found.append((k, place))
    return found


def add_ports(bundle: Bundle, net: SeaNetwork, codes: Codes) -> None:
    """Enter every port that is joined to the ocean."""
    water = water_kept_off(net.passages)
    found = joined_ports(net)
    places = [p for _, p in found]
    _add_names(bundle, net, found, water)
    ways = [np.rint(p.way * SCALE).astype(np.int64) for p in places]
    bundle.array("port_way_count", np.array([len(w) for w in ways]), "uint8")
    flat = np.vstack(ways)
    bundle.steps("port_way", flat, "int32")
    bundle.array("port_approach", np.rint([p.approach_nm * NM_STEPS for p in places]).astype(np.int64), "uint32")
    codes.add(bundle, "port_way", np.array([p.way_bits for p in places], dtype=np.uint64), np.zeros(len(places), int))
    _add_ends(bundle, net, places, codes, water)
    sees = np.zeros((len(places), len(places)), dtype=bool)
    loose = [k for k, p in enumerate(places) if not p.listed]
    for k in loose:
        sees[k, loose] = net.places_seen(places[k], [places[j] for j in loose])
    bundle.array("port_loose", np.array(loose), "uint16")
    short = sees[np.ix_(loose, loose)]
    pairs = np.argwhere(np.triu(short | short.T, 1))
    bundle.array("sees_count", np.bincount(pairs[:, 0], minlength=len(loose)), "uint16")
    bundle.steps("sees_other", pairs[:, 1], "int16")


def _add_names(bundle: Bundle, net: SeaNetwork, found: Sequence[tuple[int, Place]], water: str) -> None:
    by_hand = net.ports.all.ends[0]
    seas = np.array([p.sea for _, p in found])
    inside = inside_water(water, seas)
    flags = [
        BY_HAND * (k < by_hand or k >= net.ports.shipped) + MAIN * bool(p.port and p.port.main) + ARCTIC * p.arctic
        + LISTED * p.listed + INSIDE * bool(lies)
        for (k, p), lies in zip(found, inside, strict=True)
    ]  # fmt: skip
    ports = [net.ports.all[k] for k, _ in found]
    bundle.array("port_flags", np.array(flags), "uint8")
    bundle.value("port_names", [p.name for p in ports])
    bundle.value("port_countries", [p.country for p in ports])
    bundle.value("port_codes", [p.locode for p in ports])
    bundle.value("port_aliases", {str(k): list(p.aliases) for k, p in enumerate(ports) if p.aliases})
    bundle.value("countries", {word: list(codes) for word, codes in country_codes().items() if word != plain("")})
    bundle.value("around", AROUND.pattern)
    bundle.array("port_lonlat", np.rint([(p.lon, p.lat) for p in ports] * np.array(SCALE)).astype(np.int64), "int32")


def _add_ends(bundle: Bundle, net: SeaNetwork, places: Sequence[Place], codes: Codes, water: str) -> None:
    """Nodes and passages of the ends of each port; one at a node has that alone."""
    nodes = np.concatenate([p.ends.nodes for p in places])
    bits = np.concatenate([p.ends.bits for p in places])
    of = np.repeat(np.arange(len(places)), [len(p.ends.nodes) for p in places])
    loose = np.array([not p.listed for p in places])[of]
    seas = np.array([p.sea for p in places])
    there = net.node_lonlat[nodes]
    touches = np.zeros(len(nodes), dtype=bool)
    touches[loose] = legs_over(water, seas[of[loose]], there[loose])
    bundle.array("end_count", np.bincount(of, minlength=len(places)), "uint16")
    bundle.array("end_node", nodes, "uint16")
    codes.add(bundle, "end", bits, TOUCHES * touches)
