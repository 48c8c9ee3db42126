"""Ways over the raw coast between listed ports that lie near each other, made once so that a matrix need not."""

from __future__ import annotations

import numpy as np

from sim.errors import PlaceError
from sim.geo.geodesy import NM_PER_RADIAN, vectors
from sim.geo.network import SeaNetwork
from sim.geo.network.places import NEAR_NM, LocalWay, Place


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
    for port in net.ports.all:
        try:
            out.append(net.place(port.key))
        except PlaceError:
            continue  # a port without a connection to the sea
    return out
