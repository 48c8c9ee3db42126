"""Published cases of cost beside what the program computes: `python benchmarks/costs.py`.

"own routes" are sailed on the shipped network; "given" takes the distances and speeds of the source. Where a figure is
more than 5 % off, the last column says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim import SeaNetwork
from sim.economy.fuels import FuelTable
from sim.economy.nsr_tariff import escort_rate
from sim.economy.tolls import suez_toll
from sim.scenario.compare import Outcome, run
from sim.scenario.schema import Scenario
from sim.ship.vessel import VesselTable

CO2_HFO = FuelTable.load().find("HFO").cf_co2
MANY_PERCENT = 5.0


@dataclass(frozen=True)
class Row:
    """One figure of a case: published and computed, and why they differ."""

    case: str
    what: str
    published: float
    computed: float
    why: str = ""

    @property
    def percent(self) -> float:
        return 100 * (self.computed / self.published - 1)


def days_at(nm: float, kn: float) -> float:
    """Days for a distance at a speed."""
    return nm / (24 * kn)


def sailed(net: SeaNetwork, ends: tuple[str, str], routes: list[str], vessel: dict[str, Any], **more: Any) -> list[Any]:
    """Outcomes of the routes between two ports."""
    depart = more.pop("depart", "2025-02-15")
    data = {
        "format": 1, "name": "case", "description": "case", "alternatives": [{"route": r} for r in routes],
        "voyage": {"from": ends[0], "to": ends[1], "depart": depart}, "vessel": vessel, **more,
    }  # fmt: skip
    return list(run(Scenario.model_validate(data), net).outcomes)


def usd(outcome: Outcome, start: str = "") -> float:
    """Sum of the lines of a ledger whose name begins so."""
    assert outcome.ledger is not None
    return sum(line.amount_usd for line in outcome.ledger.lines if line.what.startswith(start))


def days(outcome: Outcome) -> float:
    """Days of a voyage that arrived."""
    assert outcome.voyage is not None
    return outcome.voyage.days


def yong_sheng(net: SeaNetwork) -> list[Row]:
    """C1: Taicang (Dalian)-Rotterdam 2013 (arcticportal.org 2015)."""
    ship = VesselTable.load().find("mpp_19k_1a")
    per_day = ship.main_fuel_service_tpd or 0.0
    saved = days_at(10_711 - 7_931, 12.7)
    suez, nsr = sailed(net, ("Dalian", "Rotterdam"), ["suez", "nsr"], {"type": "mpp_19k_1a"}, depart="2013-08-15")
    auxiliary = "auxiliary engines run as long as the voyage: the source counts the main engine"
    return [
        Row("C1 given", "days saved", 9.12, saved),
        Row("C1 given", "fuel saved, t, main engine", 252, saved * per_day),
        Row("C1 given", "CO2 saved, t", 785, saved * per_day * CO2_HFO),
        Row("C1 own routes", "nm saved", 2_780, suez.route.distance_nm - nsr.route.distance_nm,
            "without ice our NSR is shorter than its track of 7,931 nm; our Suez is longer, tables have 10,926 up"),
        Row("C1 own routes", "days saved, no ice", 9.12, days(suez) - days(nsr), "as the miles"),
        Row("C1 own routes", "fuel saved, t, no ice", 252, suez.voyage.fuel_t - nsr.voyage.fuel_t,
            f"as the miles; {auxiliary}"),
    ]  # fmt: skip


def lr2(net: SeaNetwork) -> list[Row]:
    """C2: LR2 tanker Ras Tanura-Rotterdam, Suez or the Cape, February 2025 (Argus Media 2025-02-19)."""
    costs = {"fuel": "VLSFO", "fuel_usd_t": 515.0, "charter_usd_day": 32_000.0, "carbon": False,
             "suez_surcharge_share": 0.25, "suez_rebate_share": 0.0, "suez_type": "petroleum_products_tanker",
             "usd_per_sdr": 1.33}  # fmt: skip
    suez, cape = sailed(
        net, ("Ras Tanura", "Rotterdam"), ["suez", "cape"], {"type": "tank_aframax", "speed_kn": 12.5}, costs=costs
    )
    ship = VesselTable.load().find("tank_aframax")
    toll = sum(
        line.amount_usd
        for line in suez_toll(
            ship, suez.voyage.depart.date(), True, 0.25, 0.0, ship_type="petroleum_products_tanker", usd_per_sdr=1.33
        )
    )
    given_net = 16 * (42 * 515 + 32_000) - toll
    own = (usd(cape, "fuel") + usd(cape, "hire")) - (usd(suez, "fuel") + usd(suez, "hire")) - toll
    return [
        Row("C2 given", "toll, USD, product tanker", 520_000, toll),
        Row("C2 given", "fuel saved, USD: 16 days of 42 t", 345_000, 16 * 42 * 515.0),
        Row("C2 given", "hire saved, USD", 510_000, 16 * 32_000.0),
        Row("C2 given", "net saving, USD (300,000-337,000)", 318_500, given_net),
        Row("C2 own routes", "days saved at 12.5 kn", 16, days(cape) - days(suez)),
        Row("C2 own routes", "net saving, USD", 318_500, own,
            "16 days mean about 12 kn, but 42 t a day mean about 14 kn by our ship: the source mixes the two"),
        Row("C2 own routes", "toll of the ledger, USD", 520_000, usd(suez, "Suez")),
    ]  # fmt: skip


def beluga(net: SeaNetwork) -> list[Row]:
    """C3: Beluga Fraternity and Foresight 2009, Ulsan to Europe (Beluga Group in Arctic Yearbook 2012, p. 267)."""
    suez, nsr = sailed(
        net, ("Ulsan", "Rotterdam"), ["suez", "nsr"], {"type": "gc_12700_1a", "speed_kn": 13.5}, depart="2009-08-20"
    )
    saved = days(suez) - days(nsr)
    given_days = days_at(3_000, 13.5)
    return [
        Row("C3 given", "saving, USD: 200 t at 500, 20,000 a day", 300_000, 200 * 500 + 20_000 * given_days),
        Row("C3 own routes", "nm saved", 3_000, suez.route.distance_nm - nsr.route.distance_nm,
            "without ice; the source rounds, and its port in Europe is assumed here"),
        Row("C3 own routes", "fuel saved, t", 200, suez.voyage.fuel_t - nsr.voyage.fuel_t,
            "speed and consumption of the ships are not published"),
        Row("C3 own routes", "saving, USD", 300_000, (suez.voyage.fuel_t - nsr.voyage.fuel_t) * 500 + 20_000 * saved,
            "as miles and fuel; no escort fee in either"),
    ]  # fmt: skip


def open_model() -> list[Row]:
    """C4: the open model of Murmansk-Dongjiakou (NSR_shipping_model), ice-free; its figures put into our formulas."""
    out = []
    for name, kn, tpd, per_day, want in (
        ("1A", 16.0, 54.9, 8_406.0, (17.77, 975.8, 734_861, 37.16, 2_040.0, 1_677_819)),
        ("1AS", 15.4, 76.7, 8_406.0, (18.47, 1_416.0, 1_005_026, 38.61, 2_961.0, 2_242_652)),
    ):
        got: list[float] = []
        for nm, toll in ((6_825.0, 0.0), (14_269.0, 141_449.0)):
            d = days_at(nm, kn)
            got += [d, d * tpd, d * tpd * 600 + d * per_day + toll]
        names = [f"{route} {x}" for route in ("NSR", "Suez") for x in ("days", "fuel, t", "cost, USD")]
        out += [Row(f"C4 {name}", what, w, g) for what, w, g in zip(names, want, got, strict=True)]
    rate = escort_rate(70_080.0, "Arc4", 7, "summer_autumn").rub_per_gt
    out.append(Row("C4 1A", "escort, USD, per t as that model", 486_176, rate * 70_080 / 64.41))
    return out


def short_checks(net: SeaNetwork) -> list[Row]:
    """C5: lengths, days and fuel that were published in passing."""
    suez, cape = sailed(net, ("Shanghai", "Rotterdam"), ["suez", "cape"], {"speed_kn": 16.0})
    yokohama = sailed(net, ("Yokohama", "Rotterdam"), ["nsr", "suez"], {"speed_kn": 14.0})
    ningbo = sailed(net, ("Ningbo", "Felixstowe"), ["nsr", "suez"], {"speed_kn": 15.6})
    return [
        Row("C5 Rodrigue", "Shanghai-Rotterdam by Suez, nm", 10_600, suez.route.distance_nm),
        Row("C5 Rodrigue", "the same, days at 16 kn", 27, days(suez)),
        Row("C5 Rodrigue", "by the Cape, nm", 13_800, cape.route.distance_nm),
        Row("C5 Rodrigue", "the same, days at 16 kn", 35, days(cape)),
        Row(
            "C5 Sjofart",
            "Yokohama-Rotterdam by the NSR, nm",
            7_350,
            yokohama[0].route.distance_nm,
            "without ice the shortest way; the source does not say which way it took",
        ),
        Row("C5 Sjofart", "by Suez, nm", 11_205, yokohama[1].route.distance_nm),
        Row("C5 Istanbul Bridge", "Ningbo-Felixstowe by the NSR, nm", 7_500, ningbo[0].route.distance_nm),
        Row("C5 Istanbul Bridge", "the same, days at 15.6 kn", 20, days(ningbo[0])),
        Row(
            "C5 Istanbul Bridge",
            "by Suez, nm",
            11_000,
            ningbo[1].route.distance_nm,
            "round figure of the press, perhaps with calls",
        ),
        Row("C5 Christophe", "kn over 2,193 nm in 6 d 12 h 15 min", 14, 2_193 / (6 * 24 + 12.25)),
        Row("C5 Nordic Bulk", "fuel saved, t: 20 days of 50 t", 1_000, 20 * 50.0),
    ]


def rows(net: SeaNetwork) -> list[Row]:
    """All cases."""
    return [*yong_sheng(net), *lr2(net), *beluga(net), *open_model(), *short_checks(net)]


def main() -> None:
    """Print all cases."""
    print(f"{'case':<19}{'what':<43}{'published':>11}{'computed':>11}{'off %':>7}  why")
    for r in rows(SeaNetwork.load()):
        digits = 2 if r.published < 100 else 0
        why = r.why if abs(r.percent) > MANY_PERCENT else ""
        numbers = f"{r.published:>11,.{digits}f}{r.computed:>11,.{digits}f}{r.percent:>7.1f}"
        print(f"{r.case:<19}{r.what:<43}{numbers}  {why}".rstrip())


if __name__ == "__main__":
    main()
