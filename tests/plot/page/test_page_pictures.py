"""The pictures of a report: ice along the route is that of the legs, and the bars of the cost add up."""

from __future__ import annotations

import pytest

import northabout
from sim.errors import UsageError
from sim.plot.figure import picture_bytes
from sim.plot.page.costs import COLOURS, MOST_PARTS, OTHER, cost_bars, draw_costs
from sim.plot.page.profile import BEYOND_NM, ROWS, draw_profile, tracks
from sim.scenario.compare import Comparison

SCENARIO = {
    "format": 1, "name": "profile", "description": "late autumn",
    "voyage": {"from": "Yokohama", "to": "Rotterdam", "depart": "2035-10-25"}, "vessel": {"type": "cont_3600_1a"},
    "alternatives": [{"route": "suez"}, {"route": "nsr", "escort": "when_needed"}],
    "ice": {"year": 2035, "pathway": "SSP2-4.5"}, "costs": {"cargo_value_usd": 100_000_000},
}  # fmt: skip


@pytest.fixture(scope="module")
def ran() -> Comparison:
    return northabout.run(SCENARIO)


def test_a_track_is_the_part_of_the_voyage_about_the_ice(ran: Comparison) -> None:
    (track,) = tracks(ran)
    voyage = next(o.voyage for o in ran.outcomes if o.label == "nsr")
    assert voyage is not None
    icy = sum(leg.distance_nm for leg in voyage.legs if leg.concentration > 0)
    widths = [b - a for a, b in zip(track.edges_nm, track.edges_nm[1:], strict=False)]
    assert len(widths) == len(track.legs)
    assert all(w > 0 for w in widths)
    inside = sum(w for leg, w in zip(track.legs, widths, strict=True) if leg.concentration > 0)
    assert inside == pytest.approx(icy)
    ends = [leg for leg in track.legs if leg.concentration > 0]
    before = sum(w for leg, w in zip(track.legs, widths, strict=True) if leg.start < ends[0].start)
    assert before <= BEYOND_NM + 1e-6
    start = sum(leg.distance_nm for leg in voyage.legs if leg.start < ends[0].start)
    assert track.edges_nm[0] + before == pytest.approx(start)


def test_the_steps_of_the_picture_are_the_values_of_the_legs(ran: Comparison) -> None:
    (track,) = tracks(ran)
    drawn = [a for a in draw_profile(ran).axes if a.patches and a.get_xlim()[1] == track.edges_nm[-1]]
    assert len(drawn) == len(ROWS)
    for axes, row in zip(drawn, ROWS, strict=True):
        values, edges, _ = axes.patches[0].get_data()
        assert edges == pytest.approx(track.edges_nm)
        for value, leg in zip(values, track.legs, strict=True):
            wanted = row.value(leg)
            assert wanted is None or value == pytest.approx(wanted)
        low, high = axes.get_ylim()
        assert all(low <= v <= high for leg in track.legs if (v := row.value(leg)) is not None)


def test_the_parts_of_a_bar_add_up_to_the_ledger(ran: Comparison) -> None:
    bars = cost_bars(ran)
    assert [bar.label for bar in bars] == ["suez", "nsr"]
    for bar, o in zip(bars, ran.outcomes, strict=True):
        assert o.ledger is not None
        assert sum(bar.parts.values()) == pytest.approx(o.ledger.total_usd, abs=0.02)
        assert bar.complete == o.ledger.complete
        assert len([n for n in bar.parts if n != OTHER]) <= MOST_PARTS
    widths = {round(p.get_width(), 6) for p in draw_costs(ran).axes[0].patches}
    for bar in bars:
        assert all(round(usd / 1e6, 6) in widths for usd in bar.parts.values())


def test_no_two_parts_have_one_colour(ran: Comparison) -> None:
    assert len(set(COLOURS)) == len(COLOURS) == MOST_PARTS + 1
    patches = draw_costs(ran).axes[0].patches
    per_bar = len(patches) // 2
    colours = [p.get_facecolor() for p in patches[:per_bar]]
    assert len(set(colours)) == per_bar


def test_pictures_are_the_same_bytes_each_time(ran: Comparison) -> None:
    for draw in (draw_profile, draw_costs):
        first, second = (picture_bytes(lambda: draw(ran), ".svg", "t", "d") for _ in range(2))  # noqa: B023
        assert first == second


def test_without_ice_or_costs_there_is_nothing_to_draw() -> None:
    plain = northabout.run("scenarios/01-nsr-summer.yaml")
    assert tracks(plain) == []
    assert cost_bars(plain) == []
    with pytest.raises(UsageError, match="no voyage meets ice"):
        draw_profile(plain)
    with pytest.raises(UsageError, match="no alternative is costed"):
        draw_costs(plain)
