"""The network in a page: nodes, edges, passages and named routes.

The page measures the edges itself, as geodesics between their nodes; only those whose length is another one (canals,
rounded nodes of approaches) are carried. Two flags beside the passages make one graph of the open network and of those
that keep off a water: an edge that touches the water, and an edge to a corner of its limit.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, lengths_nm
from sim.geo.graph import Bits, Ints
from sim.geo.network import SeaNetwork
from sim.geo.network.off.water import legs_over
from sim.geo.passages import NamedRoute, Passage, PassageTable
from sim.geo.waters import named_waters
from sim.web.packing import Bundle

SCALE: Final = 1e5  # nodes are stored in steps of 1e-5 degrees
EXACT_NM: Final = 0.001
TOUCHES, CORNER = 1, 2  # flags of edges


def add_sea(bundle: Bundle, net: SeaNetwork) -> Codes:
    """Enter the network; the codes of its edges, to which others may be added."""
    water = water_kept_off(net.passages)
    lonlat, first, second, length, bits, flags = _edges(net, water)
    order = np.lexsort([second, first])
    first, second, length, bits, flags = first[order], second[order], length[order], bits[order], flags[order]
    codes = Codes()
    bundle.value("keeps_off", named_waters()[water][1].tolist())
    bundle.array("node_arctic", np.packbits(net.node_arctic), "uint8")
    bundle.value("passage_ids", list(net.passages.ids))
    bundle.array("node_lonlat", _steps_of(lonlat), "int32")
    bundle.array("edge_count", np.bincount(first, minlength=len(lonlat)), "uint16")
    bundle.array("edge_second", second, "uint16")
    codes.add(bundle, "edge", bits, flags)
    away = np.flatnonzero(np.abs(length - lengths_nm(lonlat[first], lonlat[second])) > EXACT_NM)
    bundle.steps("given", away, "int32")
    bundle.array("given_nm", length[away], "float64")
    canal = np.full(len(lonlat), -1, dtype=np.int64)
    canal[: len(net.node_canal)] = net.node_canal
    bundle.steps("canal_node", np.flatnonzero(canal >= 0), "int32")
    bundle.array("canal_of", canal[canal >= 0], "uint8")
    return codes


def water_kept_off(table: PassageTable) -> str:
    """The water that some named route keeps off."""
    (water,) = {r.keeps_off for r in table.routes.values() if r.keeps_off}
    return water


def _steps_of(lonlat: Floats) -> NDArray[np.int64]:
    steps: NDArray[np.int64] = np.rint(lonlat * SCALE).astype(np.int64)
    return np.diff(steps.T, axis=1, prepend=0).ravel()


def _edges(net: SeaNetwork, water: str) -> tuple[Floats, Ints, Ints, Floats, Bits, Ints]:
    """Positions of nodes, and first, second node, length, passages and flags of the edges of both networks."""
    lonlat, (first, second, length, bits) = net.node_lonlat, net.edge_arrays()
    touches = TOUCHES * legs_over(water, lonlat[first], lonlat[second])
    off = net.off(water)
    size = len(lonlat)
    row = np.repeat(np.arange(off.graph.size), np.diff(off.graph.indptr))
    added = (off.graph.indices >= size) & (row < off.graph.indices)
    return (
        np.rint(off.lonlat * SCALE) / SCALE,
        np.concatenate([first, row[added]]),
        np.concatenate([second, off.graph.indices[added].astype(np.int64)]),
        np.concatenate([length, off.graph.weights[added]]),
        np.concatenate([bits, off.graph.bits[added]]),
        np.concatenate([touches, np.full(int(added.sum()), CORNER)]),
    )


class Codes:
    """Each set of passages and flags that an edge has, by a small number; 0 is none."""

    def __init__(self) -> None:
        self._number: dict[tuple[int, int], int] = {(0, 0): 0}

    def of(self, bits: Bits, flags: Ints) -> NDArray[np.int64]:
        """The numbers (n,) of sets (n,)."""
        each = zip(bits.tolist(), flags.tolist(), strict=True)
        return np.array([self._number.setdefault(pair, len(self._number)) for pair in each], dtype=np.int64)

    def add(self, bundle: Bundle, name: str, bits: Bits, flags: Ints) -> None:
        """Enter the sets (n,) that are not empty: where they stand, and their numbers."""
        gated = np.flatnonzero((bits != 0) | (flags != 0))
        bundle.steps(f"{name}_gated", gated, "int32")
        bundle.array(f"{name}_code", self.of(bits[gated], flags[gated]), "uint16")

    def add_to(self, bundle: Bundle) -> None:
        """Enter the sets in the order of their numbers."""
        bundle.array("codes", np.array([bits for bits, _ in self._number], dtype=np.uint64), "uint64")
        bundle.array("code_flags", np.array([flags for _, flags in self._number]), "uint8")


def passage_values(passage: Passage) -> dict[str, Any]:
    """What a page tells of a passage."""
    return {
        "id": passage.id, "name": passage.name, "kind": passage.kind, "arctic": passage.arctic,
        "group": passage.group, "gate": passage.gate, "at": passage.label_at, "draft_m": passage.max_draft_m,
        "beam_m": passage.max_beam_m, "length_m": passage.max_length_m, "limit_kn": passage.speed_limit_kn,
    }  # fmt: skip


def route_values(route: NamedRoute, table: PassageTable) -> dict[str, Any]:
    """What a page needs of a named route; sets of passages as hexadecimal bits."""

    def bits(ids: frozenset[str]) -> str:
        return f"{int(table.bits(ids)):x}"

    return {
        "name": route.name, "title": route.title, "note": route.note, "keeps_off": route.keeps_off,
        "use": [[bits(g), bits(route.instead.get(g, frozenset()))] for g in route.use],
        "barred": bits(route.barred(table.arctic, False)), "barred_arctic": bits(route.barred(table.arctic, True)),
    }  # fmt: skip
