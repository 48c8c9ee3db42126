"""Exposure of trade flows to closures: the figures that it must show, and laws that hold for any flow and closure."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
from sim import SeaNetwork
from sim.economy.freight import freight_missing, freight_usd
from sim.errors import DataError, PassageError, PlaceError, UsageError
from sim.geo.route import Route
from sim.report.trade.exposure import exposure_csv, exposure_dict, exposure_text
from sim.ship.vessel import Ship, VesselTable
from sim.study.exposure import BALLAST_DRAFT, Effect, Exposure, cargo_of, exposure
from sim.study.trade import ClosureSet, Flow, pick_closures, read_closures, read_flows

ROOT = Path(__file__).parents[2]
CLOSABLE = (
    "malacca_strait", "singapore_strait", "sunda_strait", "lombok_strait", "strait_of_hormuz", "bab_el_mandeb",
    "suez_canal", "cape_of_good_hope", "taiwan_strait", "bering_strait", "gibraltar",
)  # fmt: skip
VLCC = Flow(
    "crude", "Gulf - Ningbo", "CN", "crude oil", 10e6, "t", 2023, ("Ras Tanura",), ("Ningbo",), "tank_vlcc",
    draft_m=20.4, cargo=270_000.0,
)  # fmt: skip
SUEZMAX = replace(VLCC, id="suezmax", ship_id="tank_suezmax", draft_m=None, cargo=None)
BOX = Flow(
    "box", "Shanghai - Rotterdam", "EU", "containers", 1e6, "TEU", 2023, ("Yangshan",), ("Rotterdam", "Piraeus"),
    "cont_20000",
)  # fmt: skip
YAMAL = Flow(
    "yamal", "Yamal - Tianjin", "CN", "LNG", 3e6, "t", 2023, ("Sabetta",), ("Tianjin",), "lng_yamalmax",
)  # fmt: skip
NORTH = replace(SUEZMAX, id="north", origins=("Murmansk",), ship_id="tank_suezmax_1a", routes=("nsr", "usual"))
FLOWS = (VLCC, SUEZMAX, BOX, YAMAL, NORTH)


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def shipped() -> Exposure:
    return exposure(net())


def closed(*passages: str) -> ClosureSet:
    return ClosureSet("+".join(passages), "", passages)


@cache
def effects(passages: tuple[str, ...]) -> dict[str, Effect]:
    return {e.flow.id: e for e in exposure(net(), FLOWS, [closed(*passages)]).effects}


def one(flow: Flow, *passages: str) -> Effect:
    return exposure(net(), [flow], [closed(*passages)]).effects[0]


# -- figures


def test_gulf_crude_and_gas_have_no_route_when_hormuz_is_closed() -> None:
    found = shipped()
    gulf = ("saudi", "iraq", "iran", "uae_gulf", "kuwait", "qatar", "kyaukphyu")
    for flow in (*(f"cn_crude_{w}" for w in gulf), "cn_lng_qatar", "jp_crude_gulf", "eu_crude_iraq"):
        effect = found.effect(flow, "hormuz")
        assert (effect.touched_share, effect.unreachable_share) == (1.0, 1.0)
        assert effect.extra_nm is None and effect.extra_days is None and not effect.passages
        assert "strait_of_hormuz is closed" in effect.reason
    for flow in ("cn_crude_uae_fujairah", "cn_crude_oman", "cn_crude_angola", "cn_crude_kozmino"):
        assert found.effect(flow, "hormuz").touched_share == 0


def test_malacca_closed_costs_a_ship_that_fits_sunda_450_to_620_nm() -> None:
    """Pub. 151: +517 to +542 nm to Europe, +535 Persian Gulf - Shanghai."""
    for flow in (SUEZMAX, replace(BOX, destinations=("Rotterdam",))):
        effect = one(flow, "malacca_strait", "singapore_strait")
        assert effect.extra_nm is not None and 450 <= effect.extra_nm <= 620
        assert "sunda_strait" in effect.passages


def test_malacca_closed_sends_a_laden_vlcc_by_lombok_and_lets_it_return_by_sunda() -> None:
    """Pub. 151: Persian Gulf - Shanghai by Lombok +1,232 nm."""
    effect = one(VLCC, "malacca_strait", "singapore_strait")
    assert effect.extra_nm == pytest.approx(1200, abs=60)
    assert "lombok_strait" in effect.passages and "sunda_strait" not in effect.passages
    ship = VesselTable.load().find("tank_vlcc")
    assert effect.extra_days is not None
    voyages = VLCC.volume / 270_000
    both_by_lombok = voyages * 2 * effect.extra_days / 350
    out_and_by_sunda = voyages * (1 + 595 / 1194) * effect.extra_days / 350
    assert effect.extra_ships == pytest.approx(out_and_by_sunda, rel=0.05)
    assert effect.extra_ships < 0.85 * both_by_lombok
    assert BALLAST_DRAFT[ship.type] * 20.4 < 18


def test_a_vlcc_at_its_full_draft_does_not_go_by_malacca_at_all() -> None:
    deep = exposure(net(), [replace(VLCC, draft_m=21.6)], [closed("malacca_strait")])
    assert "lombok_strait" in deep.trades[0].passages and deep.effects[0].touched_share == 0
    shallow = exposure(net(), [VLCC], [closed("malacca_strait")])
    by_lombok = shallow.trades[0].distance_nm + (shallow.effects[0].extra_nm or 0.0)
    assert deep.trades[0].distance_nm == pytest.approx(by_lombok, abs=1)


def test_a_flow_takes_the_shortest_of_its_routes() -> None:
    only = [exposure(net(), [replace(NORTH, routes=(route,))], []).trades[0].distance_nm for route in NORTH.routes]
    assert exposure(net(), [NORTH], []).trades[0].distance_nm == min(only) < max(only)


def test_most_of_the_crude_passes_choke_points_and_almost_half_can_be_cut_off() -> None:
    """EIA 2023: about half of China's crude comes from the Gulf states and Iran; MEES, customs tables agree."""
    crude = {c.id: next(w for w in shipped().losses(c.id, "CN") if w.commodity == "crude oil") for c in read_closures()}
    assert crude["hormuz"].volume == pytest.approx(564e6, rel=0.01)  # Chinese customs 2023
    assert 0.40 < crude["hormuz"].unreachable_share < 0.55
    assert 0.65 < crude["malacca"].touched_share < 0.85
    assert crude["malacca"].unreachable == crude["malacca_sunda_lombok"].unreachable == 0
    assert crude["bering"].touched_share < 0.01 < crude["bab_el_mandeb"].touched_share


def test_pipelines_and_unlisted_origins_are_never_touched_but_count_as_imports() -> None:
    flows = [f for f in read_flows() if f.importer == "CN" and f.commodity == "crude oil"]
    land = [f for f in flows if not f.by_sea]
    assert {f.mode for f in land} == {"pipeline", "other"}
    everything = exposure(net(), flows, [closed(*CLOSABLE)])
    loss = everything.losses("+".join(CLOSABLE))[0]
    assert loss.volume == pytest.approx(sum(f.volume for f in flows))
    assert loss.touched <= loss.volume - sum(f.volume for f in land)
    with pytest.raises(UsageError, match="does not sail"):
        everything.effect(land[0].id, "+".join(CLOSABLE))


def test_bering_closed_turns_the_northern_flows_round_by_suez() -> None:
    for flow in (YAMAL, NORTH):
        effect = one(flow, "bering_strait")
        assert effect.touched_share == 1 and "suez_canal" in effect.passages
        assert effect.extra_nm is not None and effect.extra_nm > 4000


def test_flows_and_closures_are_many_enough() -> None:
    assert sum(f.by_sea for f in read_flows()) >= 40 and len(read_closures()) >= 12


# -- laws


def _worse(less: Effect, more: Effect) -> None:
    assert more.unreachable_share >= less.unreachable_share and more.touched_share >= less.touched_share
    if less.unreachable_share == more.unreachable_share and more.extra_nm is not None:
        # Of the same pairs: what is touched anew has no extra path in the smaller closure.
        extra = (less.extra_nm or 0.0) * (less.touched_share - less.unreachable_share)
        assert more.extra_nm * (more.touched_share - more.unreachable_share) >= extra - 1e-6


@settings(max_examples=12)
@given(st.sets(st.sampled_from(CLOSABLE), max_size=4), st.sampled_from(CLOSABLE))
def test_adding_a_closure_never_shortens_and_lifting_one_never_lengthens(few: set[str], more: str) -> None:
    without, with_it = effects(tuple(sorted(few - {more}))), effects(tuple(sorted({*few, more})))
    for flow in FLOWS:
        _worse(without[flow.id], with_it[flow.id])


def test_a_closure_of_nothing_changes_nothing() -> None:
    for effect in effects(()).values():
        assert (effect.touched_share, effect.unreachable_share) == (0, 0)
        assert effect.extra_nm is None and effect.extra_ships == 0 and effect.extra_fuel_t == 0


def test_what_is_not_touched_sails_as_before() -> None:
    for effect in shipped().effects:
        if effect.touched_share == 0:
            assert effect.extra_nm is None and effect.extra_days is None and effect.passages == ()
        else:
            assert effect.extra_nm is None or effect.extra_nm > 0
        assert effect.extra_ships >= -1e-9 and effect.extra_fuel_t >= -1e-6


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.id)
def test_ships_and_fuel_scale_with_the_volume_and_miles_do_not(flow: Flow) -> None:
    shut = "suez_canal" if "suez_canal" in one(flow, "malacca_strait").passages else "malacca_strait"
    small, large = (exposure(net(), [replace(flow, volume=v)], [closed(shut)]) for v in (1e6, 7e6))
    for name in ("ships", "fuel_t", "voyages"):
        assert getattr(large.trades[0], name) == pytest.approx(7 * getattr(small.trades[0], name))
    for name in ("extra_ships", "extra_fuel_t"):
        assert getattr(large.effects[0], name) == pytest.approx(7 * getattr(small.effects[0], name))
    assert large.effects[0].extra_nm == small.effects[0].extra_nm
    assert large.effects[0].extra_days == small.effects[0].extra_days


def test_ships_are_round_voyages_over_sailing_days() -> None:
    trade = exposure(net(), [BOX], [], sailing_days=350).trades[0]
    half = exposure(net(), [BOX], [], sailing_days=175).trades[0]
    assert half.ships == pytest.approx(2 * trade.ships)
    assert trade.cargo == pytest.approx(0.9 * 20150) and trade.voyages == pytest.approx(1e6 / (0.9 * 20150))
    assert trade.ships == pytest.approx(trade.voyages * (2 * trade.days + 20) / 350, rel=0.01)
    assert trade.days == pytest.approx(trade.distance_nm / 17 / 24, rel=0.03)  # the canal is slower


def test_ports_of_a_flow_part_its_volume() -> None:
    """Rotterdam and Piraeus: Gibraltar closed touches the half that goes to Rotterdam."""
    effect = one(BOX, "gibraltar")
    assert effect.touched_share == 0.5 and effect.unreachable_share == 0
    north, south = (one(replace(BOX, destinations=(d,), volume=5e5), "gibraltar") for d in BOX.destinations)
    assert effect.extra_nm == pytest.approx(north.extra_nm) and south.extra_nm is None
    assert effect.extra_ships == pytest.approx(north.extra_ships + south.extra_ships)


def test_a_backhaul_needs_no_ships_of_its_own() -> None:
    back = replace(BOX, id="back", backhaul=True)
    found = exposure(net(), [back], [closed("suez_canal")])
    assert found.trades[0].ships == found.trades[0].fuel_t == found.effects[0].extra_ships == 0
    assert found.effects[0].extra_nm == effects(("suez_canal",))["box"].extra_nm


def test_losses_of_importers_add_up_to_those_of_all() -> None:
    found = shipped()
    for c in found.closures:
        for loss in found.losses(c.id):
            parts = [w for i in found.importers() for w in found.losses(c.id, i) if w.commodity == loss.commodity]
            for name in ("volume", "touched", "unreachable", "extra_ships", "extra_fuel_t"):
                assert getattr(loss, name) == pytest.approx(sum(getattr(w, name) for w in parts))
            assert loss.unreachable <= loss.touched + 1e-6 <= loss.volume + 1e-3


def test_cost_is_absent_without_a_function_and_scales_with_it() -> None:
    def by_day(route: Route, ship: Ship, days: float, fuel_t: float) -> float:
        assert route.status == "ok" and fuel_t > 0 and ship.id == "tank_vlcc"
        return 50_000 * days

    assert one(VLCC, "malacca_strait").extra_cost_usd is None
    effect = exposure(net(), [VLCC], [closed("malacca_strait")], cost=by_day).effects[0]
    assert effect.extra_cost_usd == pytest.approx(50_000 * effect.extra_ships * 350)
    shut = exposure(net(), [VLCC], [closed("strait_of_hormuz")], cost=by_day).effects[0]
    assert shut.extra_cost_usd == 0 and shut.unreachable_share == 1


def test_a_cost_without_a_toll_is_incomplete() -> None:
    """Boxes by Suez, or round by the Cape: the cost of one way lacks the surcharge for boxes on deck."""
    boxes = replace(BOX, importer="CN")
    found = exposure(net(), [boxes, VLCC], [closed("suez_canal")], cost=freight_usd, left_out=freight_missing)
    assert "suez_canal" in found.trades[0].passages
    assert found.effects[0].cost_missing == ("Suez Canal surcharge",) and found.effects[1].cost_missing == ()
    (loss,) = (w for w in found.losses("suez_canal") if w.commodity == "containers")
    assert loss.cost_missing == ("Suez Canal surcharge",)
    text = exposure_text(found, full=True)
    assert "!: the cost is incomplete, without Suez Canal surcharge" in text and text.count(" !") >= 2
    rows = {r["flow"]: r["cost_missing"] for r in csv.DictReader(io.StringIO(exposure_csv(found)))}
    assert rows == {"box": "Suez Canal surcharge", "crude": ""}
    told = {f["id"]: f for f in exposure_dict(found)["closures"][0]["flows"]}
    assert told["box"]["cost_missing"] == ["Suez Canal surcharge"] and told["crude"]["cost_missing"] == []


@pytest.mark.parametrize("importer", ["CN", "EU", "JP", None])
@pytest.mark.parametrize("full", [False, True])
def test_text_fits_in_100_columns(importer: str | None, full: bool) -> None:
    text = exposure_text(shipped(), importer, full)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "nan" not in text and "inf" not in text and "None" not in text


def test_text_with_money_fits_too() -> None:
    """All flows and closures at 40,000 USD a day and 500 a tonne: a cost that adds up from ships and fuel."""
    found = shipped()
    bill = [40_000 * e.extra_ships * found.sailing_days + 500 * e.extra_fuel_t for e in found.effects]
    priced = tuple(replace(e, extra_cost_usd=usd) for e, usd in zip(found.effects, bill, strict=True))
    text = exposure_text(replace(found, effects=priced), None, True)
    assert max(len(line) for line in text.splitlines()) <= 100 and "MUSD" in text


def test_a_sea_margin_costs_fuel_but_no_days() -> None:
    calm, rough = (exposure(net(), [VLCC], [closed("malacca_strait")], sea_margin=m) for m in (1.0, 1.15))
    assert calm.effects[0].extra_fuel_t < rough.effects[0].extra_fuel_t < 1.15 * calm.effects[0].extra_fuel_t
    assert calm.effects[0].extra_days == rough.effects[0].extra_days


# -- the tables


def test_every_row_has_a_source_and_what_is_from_memory_says_so_with_c() -> None:
    for flow in read_flows():
        assert flow.source and flow.confidence in "ABC"
        if flow.source == "from memory, unverified":
            assert flow.confidence == "C", flow.id


def test_draft_and_cargo_fit_the_ship() -> None:
    table = VesselTable.load()
    for flow in read_flows():
        if flow.by_sea:
            ship = table.find(flow.ship_id)
            assert (flow.draft_m or 0) <= (ship.draft_m or 99)
            assert cargo_of(flow, ship) <= (ship.capacity if flow.unit == "TEU" else ship.dwt_t)  # type: ignore[operator]


def test_closure_sets_name_passages_and_differ() -> None:
    sets = {c.id: net().passages.expand(c.passages) for c in read_closures()}
    assert all(a != b for a, b in combinations(sets.values(), 2))
    assert sets["malacca"] < sets["malacca_sunda_lombok"] < sets["suez_to_lombok"]


def test_closures_are_picked_by_set_or_by_passage() -> None:
    table = net().passages
    assert pick_closures(["Malacca-Sunda-Lombok"], table)[0].id == "malacca_sunda_lombok"
    assert pick_closures(["sunda + lombok"], table)[0].passages == ("sunda", "lombok")
    with pytest.raises(PassageError, match=r"did you mean.*malacca"):
        pick_closures(["malaca"], table)
    with pytest.raises(PassageError, match="names no passage"):
        pick_closures([" "], table)


# -- bad input


def test_a_flow_between_unconnected_seas_is_refused() -> None:
    caspian = next(p.name for p in net().ports.all if not net().place(p.key).connected)
    with pytest.raises(UsageError, match="no connection to the ocean"):
        one(replace(VLCC, destinations=(caspian,)))


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"volume": -1.0}, DataError, "volume is -1"),
        ({"volume": float("nan")}, DataError, "volume is nan"),
        ({"cargo": 0.0}, DataError, "cargo is 0"),
        ({"unit": "teu"}, DataError, "did you mean TEU"),
        ({"mode": "rail"}, DataError, "allowed: sea, pipeline, other"),
        ({"mode": "pipeline"}, DataError, "has no ports"),
        ({"origins": ()}, DataError, "needs origins"),
        ({"ship_id": "tank_vlc"}, UsageError, "flow 'crude'.*did you mean.*tank_vlcc"),
        ({"ship_id": "cont_20000", "cargo": None}, DataError, "does not carry cargo in t"),
        ({"origins": ("Ras Tanur",)}, PlaceError, "flow 'crude'.*did you mean Ras Tanura"),
        ({"destinations": ("Ras Tanura",)}, PlaceError, "same place"),
        ({"routes": ("sueez",)}, UsageError, "did you mean suez"),
    ],
)
def test_bad_flows_are_refused(change: dict[str, object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        one(replace(VLCC, **change), "suez_canal")  # type: ignore[arg-type]


def test_other_bad_input_is_refused() -> None:
    with pytest.raises(PassageError, match="unknown passage"):
        one(VLCC, "gibralta")
    with pytest.raises(UsageError, match="flow 'crude' is duplicated"):
        exposure(net(), [VLCC, VLCC], [])
    for days in (0.0, -3.0, 400.0, float("nan")):
        with pytest.raises(UsageError, match="sailing_days"):
            exposure(net(), [VLCC], [], sailing_days=days)
    with pytest.raises(UsageError, match="did you mean"):
        shipped().effect("cn_crude_saudis", "hormuz")
    with pytest.raises(UsageError, match="no flow to 'XX'"):
        shipped().losses("hormuz", "XX")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("75960000", "-5", r"flows\.csv:2: .*volume is -5"),
        ("75960000", "much", r"flows\.csv:2: volume is 'much'"),
        ("cn_crude_iraq", "cn_crude_saudi", "flows.csv:4: id 'cn_crude_saudi' is duplicated"),
        ("backhaul", "back", "columns missing: backhaul"),
    ],
)
def test_bad_tables_are_refused_with_their_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = geodata.table("trade_flows.csv").read_text(encoding="utf-8")
    (tmp_path / "flows.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_flows(tmp_path / "flows.csv")
    with pytest.raises(DataError, match="no such file"):
        read_flows(tmp_path / "none.csv")


def test_a_flow_by_panama_pays_its_toll() -> None:
    """LNG from the Gulf coast to Japan: 656,700 USD and the fresh water surcharge on top of fuel and hire."""
    gas = replace(YAMAL, id="gas", origins=("Houston",), destinations=("Yokohama",), ship_id="lng_174k")
    (trade,) = exposure(net(), [gas], []).trades
    ship = VesselTable.load().find("lng_174k")
    route = net().route("Houston", "Yokohama", via="panama", draft_m=ship.draft_m, beam_m=ship.beam_m)
    free = replace(route, crossings=())
    assert "panama_canal" in trade.passages and freight_missing(route, ship) == ()
    toll = freight_usd(route, ship, 20.0, 1000.0) - freight_usd(free, ship, 20.0, 1000.0)
    assert toll == pytest.approx(656_700 + 10_000 + 0.05 * 656_700)
    odd = replace(ship, economics={**ship.economics, "suez_type": "special_floating_unit"})
    assert freight_missing(route, odd) == ("Panama toll",)
