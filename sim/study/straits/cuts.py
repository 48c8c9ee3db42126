"""Smallest sets of passages that leave no way: exact, by branching on the passages of ways that are left.

Whatever cuts all ways must hold a passage of the way that is left now. So of the passages of any such way one is closed
after the other, and what is closed grows until no way is left; with the number of passages limited to 1, 2, 3 ... the
first that succeeds is a smallest one. As a way may be taken any that is left: one with few passages branches least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Cut = frozenset[str]
WayLeft = Callable[[Cut], Iterable[str] | None]  # what is closed -> passages of a way that is left; None: none is left


def minimal_cuts(way: WayLeft, most: int) -> tuple[Cut, ...]:
    """All sets of at most so many passages that leave no way and of which none can be left out, smallest first."""
    found: set[Cut] = set()
    level = {frozenset[str]()}
    for size in range(most + 1):
        deeper: set[Cut] = set()
        for closed in sorted(level, key=sorted):
            if any(cut <= closed for cut in found):
                continue
            left = way(closed)
            if left is None:
                found.add(closed)
            elif size < most:
                deeper |= {closed | {p} for p in left}
        level = deeper
    return tuple(sorted(found, key=lambda c: (len(c), sorted(c))))


def smallest_union(cuts: Sequence[Sequence[Cut]]) -> tuple[Cut, ...]:
    """All smallest sets that hold at least one of the cuts of every item; none where an item has no cut.

    Exact: branch and bound over the cuts of the item with the fewest; a set as large as the best is not grown further.
    """
    if not all(cuts):
        return ()
    best: set[Cut] = set()
    size = len(frozenset().union(*(c[0] for c in cuts))) if cuts else 0
    seen: set[Cut] = set()

    def grow(closed: Cut) -> None:
        nonlocal size
        if len(closed) > size or closed in seen:
            return
        seen.add(closed)
        open_items = [c for c in cuts if not any(cut <= closed for cut in c)]
        if not open_items:
            if len(closed) < size:
                best.clear()
            size = len(closed)
            best.add(closed)
            return
        for cut in min(open_items, key=len):
            grow(closed | cut)

    grow(frozenset())
    return tuple(sorted((c for c in best if len(c) == size), key=sorted))


def heaviest_unions(
    cuts: Sequence[Sequence[Cut]], weights: Sequence[float], most: int, top: int
) -> dict[int, tuple[tuple[Cut, float], ...]]:
    """For every number of passages up to `most` the sets that cut the items of the greatest weight, heaviest first.

    Exact: a set that cuts some items, of which no passage can be left out, is a union of cuts of these.
    """
    kinds = sorted({c for item in cuts for c in item if len(c) <= most}, key=lambda c: (len(c), sorted(c)))
    unions: set[Cut] = {frozenset()}
    level = set(unions)
    while level:
        level = {u | c for u in level for c in kinds if len(u | c) <= most} - unions
        unions |= level
    scored: dict[int, list[tuple[Cut, float]]] = {}
    for union in unions - {frozenset()}:
        got = sum(w for item, w in zip(cuts, weights, strict=True) if any(c <= union for c in item))
        scored.setdefault(len(union), []).append((union, got))
    return {size: tuple(sorted(of, key=lambda e: (-e[1], sorted(e[0])))[:top]) for size, of in sorted(scored.items())}
