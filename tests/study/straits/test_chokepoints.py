"""The ranking of straits: figures, laws against plain routes and brute force, and bad input."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.economy.freight import freight_missing, freight_usd
from sim.errors import DataError, PlaceError, UsageError
from sim.ship.vessel import VesselTable
from sim.study.exposure import exposure
from sim.study.straits.chokepoints import Chokepoints, chokepoints
from sim.study.straits.goods import CargoValue, pick_goods, pick_importer, read_values
from sim.study.straits.leaving import ways_left
from sim.study.straits.rounds import AT, Round, harm_of, rounds_of, singles_and_pairs
from sim.study.straits.sea.carriage import carriers
from sim.study.straits.sea.ways import OPEN, Ways
from sim.study.trade import ClosureSet, Flow, read_flows

VLCC = Flow(
    "crude", "Gulf - Ningbo", "CN", "crude oil", 10e6, "t", 2023, ("Ras Tanura",), ("Ningbo",), "tank_vlcc",
    draft_m=20.4, cargo=270_000.0,
)  # fmt: skip
BOX = Flow(
    "box", "Shanghai - Rotterdam", "EU", "containers", 1e6, "TEU", 2023, ("Yangshan",), ("Rotterdam", "Piraeus"),
    "cont_20000",
)  # fmt: skip
BACK = replace(
    BOX, id="back", importer="CN", volume=3e5, origins=("Rotterdam",), destinations=("Yangshan",), backhaul=True
)
SAKHALIN = replace(VLCC, id="sakhalin", origins=("De-Kastri",), destinations=("Qingdao",), ship_id="tank_aframax",
                   draft_m=None, cargo=100_000.0)  # fmt: skip
FLOWS = (VLCC, BOX, BACK, SAKHALIN)
CLOSABLE = (
    "malacca_strait", "singapore_strait", "sunda_strait", "lombok_strait", "strait_of_hormuz", "bab_el_mandeb",
    "suez_canal", "cape_of_good_hope", "taiwan_strait", "gibraltar", "makassar_strait",
)  # fmt: skip


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def rounds() -> tuple[Round, ...]:
    values = {(v.commodity, v.unit): v.usd for v in read_values()}
    return rounds_of(Ways(net(), freight_usd, freight_missing), FLOWS, VesselTable.load(), values)


@cache
def china() -> Chokepoints:
    """China's crude by what is cut off."""
    return chokepoints(
        net(), importer="CHN", goods="crude oil", rank="cut_off", largest=2, top=4, cost=freight_usd,
        left_out=freight_missing,
    )  # fmt: skip


def harm(flows: tuple[Flow, ...], *passages: str) -> dict[str, float]:
    made = rounds_of(Ways(net(), freight_usd), flows, VesselTable.load(), {})
    return dict(zip(AT, harm_of(made, frozenset(passages)), strict=True))


# -- figures


@pytest.mark.slow
def test_hormuz_cuts_off_most_of_chinas_crude_and_the_claim_becomes_a_ranking() -> None:
    """45 % of all imports pass Hormuz, which has no other route; Malacca touches more and cuts off nothing."""
    found = china()
    first = found.sets[1][0]
    assert first.passages == ("strait_of_hormuz",)
    assert first.harm.cut_t / found.volume.cut_t == pytest.approx(0.4545, abs=0.001)
    malacca = found.single("malacca_strait").harm
    assert malacca.touched_t > first.harm.touched_t and malacca.cut_t == 0 and malacca.ship_days > 7000
    assert found.single("kiel_canal").harm.touched_t == 0
    pairs = [s.harm.cut_t for s in found.sets[2]]
    assert pairs == sorted(pairs, reverse=True) and pairs[0] > first.harm.cut_t


@pytest.mark.slow
def test_smallest_cuts_of_chinas_crude() -> None:
    by_id = {f.flow.id: f for f in china().cuts.flows}
    assert by_id["cn_crude_iraq"].smallest == ("strait_of_hormuz",)
    assert len(by_id["cn_crude_angola"].smallest) == 3
    assert by_id["cn_crude_oman"].smallest == () and by_id["cn_crude_oman"].cuttable_share == 0
    cuts = china().cuts
    assert cuts.cuttable.cut_t < cuts.supply.cut_t < china().volume.cut_t
    made = rounds_of(Ways(net()), china().flows, VesselTable.load(), {})
    lost = harm_of(made, frozenset(cuts.smallest))[AT["cut_t"]]
    assert lost == pytest.approx(cuts.cuttable.cut_t)
    for p in cuts.smallest:
        assert harm_of(made, frozenset(cuts.smallest) - {p})[AT["cut_t"]] < lost


def test_backhaul_boxes_are_counted_in_the_ships_of_the_other_direction() -> None:
    assert carriers(BACK, FLOWS) == (BOX,) and carriers(BACK, (BACK, VLCC)) == () == carriers(BOX, FLOWS)
    alone, both, other = (harm(f, "suez_canal") for f in ((BACK,), (BOX, BACK), (BOX,)))
    assert both["ship_days"] == pytest.approx(other["ship_days"]) and both["touched_teu"] == 1.3e6
    # as many ships as its boxes fill: 0.3 of the voyages of the other direction on the longer of its two ways
    assert 0 < alone["ship_days"] < 0.5 * other["ship_days"]
    told = exposure(net(), [BOX, BACK], [ClosureSet("suez", "", ("suez_canal",))]).effects
    assert told[1].extra_ships == 0 and told[1].shared_ships == pytest.approx(alone["ship_days"] / 350)
    assert told[0].shared_ships == 0


# -- laws


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(CLOSABLE), max_size=5))
def test_a_way_is_the_route_that_the_network_finds(shut: set[str]) -> None:
    for one in rounds():
        for leg, ends, draft_m in zip(one.legs(frozenset(shut)), (one.ends, one.ends[::-1]), one.drafts_m, strict=True):
            plain = net().route(
                *ends, closed=shut, draft_m=draft_m, beam_m=one.ship.beam_m, length_m=one.ship.length_m,
                air_draft_m=one.ship.air_draft_m,
            )  # fmt: skip
            assert leg.route.status == plain.status
            assert leg.ok == math.isfinite(leg.days)
            if leg.ok:
                assert leg.route.distance_nm == pytest.approx(plain.distance_nm, abs=1e-6)
                assert not shut & set(leg.route.passages)


def test_singles_and_pairs_are_those_of_every_set_on_its_own() -> None:
    ids = CLOSABLE
    table = singles_and_pairs(rounds(), net().passages.ids)
    number = {p: k for k, p in enumerate(net().passages.ids)}
    for p, q in [*combinations(ids, 2), *((p, p) for p in ids)]:
        told = harm_of(rounds(), frozenset({p, q}))
        assert table[number[p], number[q]] == pytest.approx(told, rel=1e-9, abs=1e-6)
        assert table[number[q], number[p]] == pytest.approx(told, rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(CLOSABLE), max_size=4), st.sampled_from(CLOSABLE))
def test_closing_more_never_shortens_and_never_joins_again(shut: set[str], more: str) -> None:
    for one in rounds():
        before, after = one.legs(frozenset(shut))[0], one.legs(frozenset({*shut, more}))[0]
        assert after.route.distance_nm >= before.route.distance_nm - 1e-6
    less, much = (harm_of(rounds(), frozenset(s)) for s in (shut, {*shut, more}))
    for name in ("touched_t", "cut_t", "touched_teu", "cut_teu", "touched_usd", "cut_usd"):
        assert much[AT[name]] >= less[AT[name]]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(CLOSABLE), max_size=6))
def test_waters_and_gates_say_what_the_search_says(shut: set[str]) -> None:
    for one in rounds():
        left = ways_left(net(), one)(frozenset(shut))
        assert (left is not None) == all(leg.ok for leg in one.legs(frozenset(shut)))
        assert left is None or not shut & set(left)


@pytest.mark.parametrize("rank", ["ship_days", "cut_off"])
def test_larger_sets_are_the_worst_of_all_on_a_small_table(rank: str) -> None:
    """Brute force over all triples of the passages that change anything."""
    found = chokepoints(net(), (VLCC, BOX), rank=rank, largest=3, top=3, cost=freight_usd)
    made = [one for one in rounds() if one.flow in (VLCC, BOX)]
    column = AT["cut_usd" if rank == "cut_off" else "ship_days"]
    ids = sorted(
        {p for one in made for p in one.crossed(OPEN)} | {"cape_of_good_hope", "sunda_strait", "lombok_strait"}
    )
    most = max(float(harm_of(made, frozenset(c))[column]) for c in combinations(ids, 3))
    name = "cut_usd" if rank == "cut_off" else "ship_days"
    best = max(getattr(s.harm, name) for sets in found.sets.values() for s in sets)
    assert best == pytest.approx(most)
    for size, sets in found.sets.items():
        values = [getattr(s.harm, name) for s in sets]
        assert values == sorted(values, reverse=True)
        assert all(len(s.passages) == size for s in sets)


def test_the_same_question_has_the_same_answer() -> None:
    asked = [chokepoints(net(), (VLCC, SAKHALIN), rank="cut_off", largest=3, top=3, cost=freight_usd) for _ in range(2)]
    assert asked[0] == asked[1]


def test_what_does_not_sail_counts_as_supply_and_nothing_else() -> None:
    pipe = Flow("pipe", "", "CN", "crude oil", 30e6, "t", 2023, mode="pipeline")
    found = chokepoints(net(), (VLCC, pipe), rank="ship_days", largest=1)
    assert found.volume.cut_t == 40e6 and found.cuts.supply.cut_t == 10e6
    assert found.single("strait_of_hormuz").harm.cut_t == 10e6


# -- bad input


def test_importers_and_goods_by_any_name() -> None:
    flows = read_flows()
    assert {pick_importer(w, flows) for w in ("CHN", "cn", "China", "PRC")} == {"CN"}
    assert pick_importer("europe", flows) == "EU" and pick_importer("South Korea", flows) == "KR"
    assert pick_goods("Crude  Oil", flows) == "crude oil"
    with pytest.raises(UsageError, match=r"no flow to 'Chnia' \(did you mean .*china.*\); allowed: CN, EU"):
        pick_importer("Chnia", flows)
    with pytest.raises(UsageError, match=r"no flow of 'crude' \(did you mean crude oil\?\)"):
        pick_goods("crude", flows)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"rank": "costs"}, "did you mean cost"),
        ({"rank": "cost", "cost": None}, "no cost is computed"),
        ({"largest": 6}, "allowed is 1 to 5"),
        ({"largest": 0}, "allowed is 1 to 5"),
        ({"top": 0}, "allowed is 1 to 1000"),
        ({"importer": "JP"}, "no flow to 'JP'"),
    ],
)
def test_bad_questions_are_told(how: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        chokepoints(net(), FLOWS, **{"cost": freight_usd, **how})  # type: ignore[arg-type]


def test_bad_flows_are_told() -> None:
    with pytest.raises(UsageError, match="flow 'crude' is duplicated"):
        chokepoints(net(), (VLCC, VLCC), rank="ship_days")
    with pytest.raises(UsageError, match="there are no flows"):
        chokepoints(net(), (), rank="ship_days")
    with pytest.raises(PlaceError, match=r"flow 'crude': unknown port 'Ningboo'.*did you mean"):
        chokepoints(net(), (replace(VLCC, destinations=("Ningboo",)),), rank="ship_days")
    with pytest.raises(UsageError, match="flow 'crude': no route from Ras Tanura to Ningbo although all is open"):
        chokepoints(net(), (replace(VLCC, routes=("panama",)),), rank="ship_days")
    with pytest.raises(UsageError, match="no flow that was asked for goes by sea"):
        chokepoints(net(), (Flow("p", "", "CN", "crude oil", 1.0, "t", 2023, mode="pipeline"),), rank="ship_days")


def test_values_of_own_goods_may_be_missing(tmp_path: Path) -> None:
    found = chokepoints(net(), (replace(VLCC, commodity="naphtha"),), rank="cut_off", largest=1)
    assert found.no_value == ("naphtha",)
    assert found.sets[1][0].passages == ("strait_of_hormuz",) and found.sets[1][0].harm.cut_usd == 0
    own = tmp_path / "values.csv"
    own.write_text("commodity,unit,usd,year,source,confidence,note\nnaphtha,t,-5,2023,me,B,\n")
    with pytest.raises(DataError, match=r"values.csv:2: usd is -5, allowed is more than 0"):
        read_values(own)
    assert CargoValue("naphtha", "t", 650.0, 2023, "me", "B").usd == 650.0
