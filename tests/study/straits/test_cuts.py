"""Smallest and heaviest cuts against brute force, on small random nets of waters and gates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.study.straits.cuts import Cut, Cuts, WayLeft

GATES = "abcdefg"
WATERS = 5
Link = tuple[int, int, str]
LINKS = st.lists(
    st.tuples(st.integers(0, WATERS - 1), st.integers(0, WATERS - 1), st.sampled_from(["", *GATES, "ab", "cde", "fg"])),
    max_size=14,
)
ENDS = st.lists(st.tuples(st.integers(0, WATERS - 1), st.integers(0, WATERS - 1)), min_size=1, max_size=4)


def way_left(links: Sequence[Link], start: int, goal: int) -> WayLeft:
    """The passages of some way from one water to another over links that each cross all gates of a word."""

    def left(closed: Cut) -> Cut | None:
        crossed: dict[int, Cut] = {start: frozenset()}
        queue = [start]
        while queue:
            here = queue.pop(0)
            for a, b, gates in links:
                for x, y in ((a, b), (b, a)):
                    if x == here and y not in crossed and not closed & set(gates):
                        crossed[y] = crossed[x] | set(gates)
                        queue.append(y)
        return crossed.get(goal)

    return left


def brute(ways: Sequence[WayLeft], size: int) -> list[frozenset[int]]:
    """For each set of so many gates, which items it leaves no way."""
    return [frozenset(k for k, way in enumerate(ways) if way(frozenset(c)) is None) for c in combinations(GATES, size)]


@settings(max_examples=60, deadline=None)
@given(LINKS, ENDS)
def test_a_smallest_cut_cuts_and_none_smaller_does(links: list[Link], ends: list[tuple[int, int]]) -> None:
    ways = [way_left(links, a, b) for a, b in ends]
    cuts = Cuts(ways, GATES)
    assert set(cuts.can) == brute(ways, len(GATES))[0]
    assert (cuts.smallest(range(len(ways))) is None) == (len(cuts.can) < len(ways))
    found = cuts.smallest(cuts.can)
    assert found is not None
    assert all(ways[k](found) is None for k in cuts.can)
    assert not any(set(cuts.can) <= cut for size in range(len(found)) for cut in brute(ways, size))


@settings(max_examples=60, deadline=None)
@given(LINKS, ENDS, st.integers(0, 4), st.data())
def test_no_set_of_a_size_cuts_off_more_than_the_heaviest(
    links: list[Link], ends: list[tuple[int, int]], most: int, data: st.DataObject
) -> None:
    ways = [way_left(links, a, b) for a, b in ends]
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(ways), max_size=len(ways)))
    found, got = Cuts(ways, GATES).heaviest([float(w) for w in weights], most)
    assert len(found) <= most
    assert got == sum(w for w, way in zip(weights, ways, strict=True) if way(found) is None)
    assert got == max(sum(weights[k] for k in cut) for cut in brute(ways, most))
    for p in found:  # none of its passages is there for nothing
        assert sum(w for w, way in zip(weights, ways, strict=True) if way(found - {p}) is None) < got


def test_sets_that_are_left_out_stay_out() -> None:
    ways = [way_left([(0, 1, "a"), (1, 2, "b")], 0, 2)]
    cuts = Cuts(ways, GATES)
    first, _ = cuts.heaviest([1.0], 1)
    second, got = cuts.heaviest([1.0], 1, [first])
    assert {first, second} == {frozenset("a"), frozenset("b")} and got == 1.0
    assert cuts.heaviest([1.0], 1, [first, second])[1] == 0.0
