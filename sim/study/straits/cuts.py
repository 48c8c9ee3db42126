"""Smallest sets of passages that leave no way, and sets of a given size that cut off most: both exact.

Whatever leaves an item no way holds a passage of each of its ways. There are too many ways to list; so a set is chosen
that hits the ways known so far (an integer programme), and where it leaves a way, that way is added and the set chosen
anew. What is chosen is never larger (or heavier) than the answer allows, because some ways may still be missing; the
first set that leaves nothing is therefore the best there is. (Hitting sets by generated constraints: E. Moreno-Centeno,
R. M. Karp, The Implicit Hitting Set Approach to Solve Combinatorial Optimization Problems, Oper. Res. 61, 2013.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Cut = frozenset[str]
WayLeft = Callable[[Cut], Iterable[str] | None]  # what is closed -> passages of a way that is left; None: none is left
SPARE: Final = 3e-6  # of the whole weight: what a passage must cut off to be chosen
GAP: Final = 1e-9  # relative, of the integer programme
MOST_ROUNDS: Final = 2000  # of the exchange; a set of 64 passages needs far fewer


class Cuts:
    """Items with their ways; the ways found are kept for the next question."""

    def __init__(self, ways: Sequence[WayLeft], passages: Sequence[str]) -> None:
        self.left, self.passages = ways, tuple(passages)
        self._number = {p: k for k, p in enumerate(self.passages)}
        self._known: list[list[Cut]] = [[] for _ in ways]
        for k in range(len(ways)):
            self._learn(k, frozenset())
        everything = frozenset(self.passages)
        self.can = tuple(k for k, way in enumerate(ways) if way(everything) is None)

    def _learn(self, item: int, closed: Cut) -> bool:
        """Add ways of an item that a set leaves, each clear of those before; False where it leaves none."""
        some = False
        while (left := self.left[item](closed)) is not None:
            way = frozenset(left)
            some = True
            if way in self._known[item]:
                break
            self._known[item].append(way)
            if not way:
                break
            closed = closed | way
        return some

    def smallest(self, items: Iterable[int]) -> Cut | None:
        """A smallest set that leaves none of some items a way; None where a way of one of them crosses nothing."""
        mine = tuple(items)
        if not set(mine) <= set(self.can):
            return None
        for _ in range(MOST_ROUNDS):
            chosen = self._chosen(mine, [0.0] * len(mine), None, ())
            if not sum(self._learn(k, chosen) for k in mine):  # all learn
                return chosen
        raise RuntimeError("no smallest cut was found")

    def heaviest(self, weights: Sequence[float], most: int, without: Sequence[Cut] = ()) -> tuple[Cut, float]:
        """The set of at most so many passages that leaves items of the greatest weight no way, and that weight.

        It holds no passage that it could do without, and none of the sets `without`.
        """
        items = self.can
        mine = [weights[k] for k in items]
        for _ in range(MOST_ROUNDS):
            chosen = self._chosen(items, mine, most, without)
            hit = [k for k in items if all(chosen & way for way in self._known[k])]
            if not sum(self._learn(k, chosen) for k in hit):
                return chosen, float(sum(weights[k] for k in hit))
        raise RuntimeError("no heaviest cut was found")

    def _chosen(self, items: Sequence[int], weights: Sequence[float], most: int | None, without: Sequence[Cut]) -> Cut:
        """The best set by the ways known. Without `most` every item has to be cut, by as few passages as may be."""
        n, whole = len(self.passages), sum(weights)
        spare = SPARE * whole if most is not None and whole else 1.0
        price = np.concatenate([np.full(n, spare), -np.asarray(weights, dtype=float)])
        rows = [(way, n + at, 0.0, np.inf) for at, k in enumerate(items) for way in self._known[k]]
        if most is not None:
            rows.append((frozenset(self.passages), -1, -np.inf, float(most)))
        rows += [(cut, -1, -np.inf, len(cut) - 1.0) for cut in without]
        if not rows:
            return frozenset()
        low = np.concatenate([np.zeros(n), np.zeros(len(items)) if most is not None else np.ones(len(items))])
        found = milp(
            price / (whole or 1.0), integrality=np.concatenate([np.ones(n), np.zeros(len(items))]),
            bounds=Bounds(low, np.ones(n + len(items))), constraints=self._constraint(rows, n + len(items)),
            options={"mip_rel_gap": GAP},
        )  # fmt: skip
        if found.x is None:
            return frozenset()
        return frozenset(p for p, x in zip(self.passages, found.x[:n], strict=True) if x > 0.5)

    def _constraint(self, rows: Sequence[tuple[Cut, int, float, float]], width: int) -> LinearConstraint:
        """Sums over passages, less the item of a row, between two limits."""
        row, col, data = [], [], []
        for k, (cut, item, _, _) in enumerate(rows):
            row += [k] * len(cut)
            col += sorted(self._number[p] for p in cut)  # no order of hashes
            data += [1.0] * len(cut)
            if item >= 0:
                row.append(k)
                col.append(item)
                data.append(-1.0)
        matrix = csr_array((data, (row, col)), shape=(len(rows), width))
        return LinearConstraint(matrix, [r[2] for r in rows], [r[3] for r in rows])
