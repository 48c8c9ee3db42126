"""A reason is true: without what it names there is a route, with any part of it there is none. Sizes are sizes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import SeaNetwork
from sim.errors import UsageError
from sim.geo.network.refusal import least_change
from sim.geo.passages import Hindrance, ShipSize
from sim.geo.route import Route

Pairs = Callable[[int, int], list[tuple[str, str]]]
FIELDS = {"draft": "draft_m", "beam": "beam_m", "length": "length_m", "air draft": "air_draft_m"}


def told(route: Route) -> set[tuple[str, str, float | None]]:
    return {(h.passage, h.cause, h.limit_m) for h in route.hindrances}


@pytest.mark.parametrize(
    ("ends", "wishes", "wanted"),
    [
        # both sets of locks refuse the beam: the new ones (51.25 m) are the wider, Panama Canal Authority
        (("Shanghai", "New York"), {"via": "panama", "beam_m": 51.3}, {("panama_canal", "beam", 51.25)}),
        # by draft the Oresund has 7.7 m, the Kiel Canal 9.5, the Little Belt 10, the Great Belt 17
        (("Hamburg", "Gdansk"), {"draft_m": 18}, {("great_belt", "draft", 17.0)}),
        (("Hamburg", "Gdansk"), {"draft_m": 16, "closed": "great_belt"}, {("little_belt", "draft", 10.0)}),
        (("Hamburg", "Gdansk"), {"draft_m": 16, "avoid": "great_belt"}, {("little_belt", "draft", 10.0)}),
        # the one door of the Persian Gulf; Suez is closed too, but the Cape would do
        (("Ras Tanura", "Rotterdam"), {"closed": ["hormuz", "suez_canal"]}, {("strait_of_hormuz", "closed", None)}),
        (
            ("Ras Tanura", "Rotterdam"),
            {"avoid": "hormuz", "via": "suez", "draft_m": 21},
            {("strait_of_hormuz", "avoided", None), ("suez_canal", "draft", 20.12)},
        ),
        # two locks of one canal system: the ship is over both limits of the wider
        (
            ("Shanghai", "New York"),
            {"via": "panama", "beam_m": 60, "length_m": 400},
            {("panama_canal", "beam", 51.25), ("panama_canal", "length", 370.33)},
        ),
    ],
    ids=lambda given: str(sorted(given) if isinstance(given, set) else given),
)
def test_the_reason_names_what_refuses_last(
    net: SeaNetwork, ends: tuple[str, str], wishes: dict[str, Any], wanted: set[tuple[str, str, float | None]]
) -> None:
    route = net.route(*ends, **wishes)
    assert route.status == "unreachable"
    assert told(route) == wanted
    assert all(str(h) in route.reason for h in route.hindrances)


@pytest.mark.parametrize("count", [2, pytest.param(8, marks=pytest.mark.slow)])
def test_without_what_a_reason_names_there_is_a_route_and_with_any_part_of_it_there_is_none(
    net: SeaNetwork, port_pairs: Pairs, count: int
) -> None:
    rng = np.random.default_rng(50)
    seen = 0
    pairs = [*port_pairs(2 * count, 50), *(("Hamburg", "Gdansk"), ("Odesa", "Rostov"), ("Kobe", "Montreal")) * count]
    for a, b in pairs:
        size = {"draft_m": float(rng.uniform(8, 24)), "beam_m": float(rng.uniform(20, 80))}
        closed = [str(p) for p in rng.choice(net.passages.ids, int(rng.integers(0, 9)), replace=False)]
        via = str(rng.choice(["usual", "any", "suez", "panama", "nsr"]))
        route = net.route(a, b, via=via, closed=closed, **size)
        if not route.hindrances:
            continue
        seen += 1
        shut = {h.passage for h in route.hindrances if h.cause == "closed"}
        limits: dict[str, float] = {}
        for h in route.hindrances:  # the narrowest of several that the path needs
            if h.limit_m is not None:
                limits[FIELDS[h.cause]] = min(limits.get(FIELDS[h.cause], math.inf), h.limit_m)
        open_again = [p for p in closed if p not in shut]
        assert net.route(a, b, via=via, closed=open_again, **(size | limits)).status == "ok", (a, b, route.reason)
        for field, limit in limits.items():
            over = size | limits | {field: limit + 0.01}
            assert net.route(a, b, via=via, closed=open_again, **over).status == "unreachable", (a, b, route.reason)
        for p in shut:
            again = [*open_again, p]
            assert net.route(a, b, via=via, closed=again, **(size | limits)).status == "unreachable", (a, b, p)
    assert seen >= 2 * count


def test_what_has_to_change_is_the_least_of_all_ways() -> None:
    """Three ways from end to end: over a closed strait, over two narrow ones, over one that is narrower still."""
    ways = {("shut",): 1.0, ("tight", "wide"): 2.0, ("tighter",): 3.0}
    shut = {
        "shut": (Hindrance("shut", "closed"),),
        "tight": (Hindrance("tight", "draft", 12.0, 10.0),),
        "wide": (Hindrance("wide", "draft", 12.0, 11.0),),
        "tighter": (Hindrance("tighter", "draft", 12.0, 9.0),),
        "elsewhere": (Hindrance("elsewhere", "draft", 12.0, 11.9),),
    }

    def crossed(closed: frozenset[str]) -> tuple[str, ...] | None:
        return min((w for w in ways if not closed & set(w)), key=lambda w: ways[w], default=None)

    found = least_change(shut, crossed)
    assert found is not None
    assert [h.passage for h in found] == ["tight", "wide"]
    assert least_change(shut, lambda closed: None) is None


@pytest.mark.parametrize("value", [float("nan"), math.inf, -math.inf, 0, 0.0, -1, -0.1, 1000.1, np.float32("nan")])
@pytest.mark.parametrize("field", ["draft_m", "beam_m", "length_m", "air_draft_m"])
def test_a_size_that_is_none_is_refused(net: SeaNetwork, field: str, value: float) -> None:
    size: dict[str, Any] = {field: value}
    for ask in (net.route, net.distances):
        with pytest.raises(UsageError, match=f"{field} is .*more than 0 and at most 1000 metres"):
            ask("Dalian", "Busan", **size)


@pytest.mark.parametrize("value", ["12", [12.0], True, np.array([1.0, 2.0]), 3j])
def test_what_is_no_number_is_no_size(net: SeaNetwork, value: Any) -> None:
    with pytest.raises(UsageError, match=r"draft_m is .*a number of metres is needed"):
        net.route("Dalian", "Busan", draft_m=value)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.uint8, int, float])
def test_scalars_of_numpy_are_sizes(net: SeaNetwork, kind: type) -> None:
    wanted = net.route("Dalian", "Rotterdam", draft_m=21.0)
    assert net.route("Dalian", "Rotterdam", draft_m=kind(21)) == wanted
    assert type(ShipSize(kind(21)).draft_m) is float
    assert net.route("Dalian", "Rotterdam").distance_nm < wanted.distance_nm
