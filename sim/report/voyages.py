"""Sailed voyages: legs, ledgers and closures met as JSON, CSV, GeoJSON and text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sim.geo.drawing import geojson_line
from sim.report.files import csv_text
from sim.report.layout import text_table
from sim.report.listings import located
from sim.report.reasons import ruling_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from sim.economy.ledger import Ledger
    from sim.economy.prices.days import PriceDay
    from sim.economy.rates import Charge
    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import Event, Voyage, VoyageLeg

LEG_COLUMNS = (
    "route", "leg", "start", "end", "from_lon", "from_lat", "to_lon", "to_lat", "water", "tag", "passages",
    "distance_nm", "hours", "wait_h", "speed_kn", "concentration", "thickness_m", "rio", "level", "escort",
    "low_confidence", "rule", "fuel_t", "sailed_nm",
)  # fmt: skip
ICE_HEADER = ("from", "water", "nm", "days", "kn", "ice /10", "thick m", "RIO", "risk", "escort")
ICE_RIGHT = (2, 3, 4, 5, 6, 7)
RANK = {"normal": 0, "elevated": 1, "special": 2}


def moment_text(value: datetime) -> str:
    """A moment to the second, as 2025-08-15T06:00:00+00:00."""
    return value.replace(microsecond=0).isoformat()


def event_dict(event: Event) -> dict[str, Any]:
    """A closure that a ship met, as JSON values."""
    unit = event.worth_unit
    told = {
        "passage": event.passage,
        "from": moment_text(event.begin),
        "until": None if event.end is None else moment_text(event.end),
        "decided": moment_text(event.moment),
        "lon": round(event.lonlat[0], 3),
        "lat": round(event.lonlat[1], 3),
        "choice": event.choice.value,
        "wait_days": round(event.wait_h / 24, 3),
        f"{unit}_if_waiting": None if event.worth_waiting is None else round(event.worth_waiting, 3),
        f"{unit}_if_diverting": None if event.worth_diverting is None else round(event.worth_diverting, 3),
        "route": event.route_name or None,
        "routes": [
            {"route": o.route_name, unit: round(o.worth, 3)} | ({"complete": o.complete} if unit == "usd" else {})
            for o in event.options
        ],
    }
    if unit == "usd":
        told["complete_if_waiting"] = None if event.worth_waiting is None else event.waiting_complete
        told["complete_if_diverting"] = None if event.worth_diverting is None else event.diverting_complete
    return told


def ledger_dict(ledger: Ledger) -> dict[str, Any]:
    """A ledger as JSON values: lines, totals, and what is emitted."""
    emitted, per_unit = ledger.emitted, ledger.usd_per_unit
    full = emitted.well_to_wake_co2e_t()
    return {
        "lines": [
            {
                "what": c.what, "usd": None if c.missing else c.amount_usd, "formula": c.formula, "source": c.source,
                "valid_from": None if c.valid_from is None else c.valid_from.isoformat(),
                "confidence": c.confidence, "note": note_text(c), "missing": c.missing and c.missing.value,
                "prices": [price_dict(p) for p in c.prices],
            }
            for c in ledger.lines
        ],
        "total_usd": ledger.total_usd,
        "usd_per_day": round(ledger.usd_per_day, 2),
        "usd_per_unit": None if per_unit is None else round(per_unit, 2),
        "unit": ledger.cargo_unit,
        "fuel_t": round(emitted.fuel_t, 1),
        "co2_t": round(emitted.co2_t, 1),
        "well_to_wake_co2e_t": None if full is None else round(full, 1),
        "black_carbon_kg": round(emitted.black_carbon_t * 1000, 2),
        "cii": None if ledger.cii is None else {
            "attained_g": round(ledger.cii.attained_g, 3), "required_g": round(ledger.cii.required_g, 3),
            "letter": ledger.cii.letter,
        },
        "low_confidence": [c.what for c in ledger.low],
        "emission_areas": [
            {
                "area": p.area, "distance_nm": round(p.distance_nm, 1),
                "fuel_t": None if p.fuel_t is None else round(p.fuel_t, 1),
            }
            for p in ledger.areas
        ],
        "complete": ledger.complete,
        "missing": missing_dicts(ledger),
        "off_date": [{"line": c.what} | price_dict(p) for c, p in ledger.off_date],
    }  # fmt: skip


def price_dict(price: PriceDay) -> dict[str, Any]:
    """The date of a market price as JSON values; without a date all is null."""
    return {
        "what": price.what,
        "from": None if price.valid_from is None else price.valid_from.isoformat(),
        "to": None if price.valid_to is None else price.valid_to.isoformat(),
        "gap_days": price.gap_days,
        "fits": price.fits,
    }


def missing_dicts(ledger: Ledger) -> list[dict[str, str]]:
    """The lines that have no amount, with the reason."""
    return [{"what": c.what, "why": c.missing.value} for c in ledger.missing if c.missing is not None]


def price_text(price: PriceDay) -> str:
    """The date of a price that is not of the voyage's month."""
    if price.valid_from is None:
        return f"{price.what}: a price without a date"
    last = price.valid_to or price.valid_from
    period = f"{price.valid_from}" if last == price.valid_from else f"{price.valid_from} to {last}"
    return f"{price.what}: no price of the month of departure; that of {period} is used, {price.gap_days:,} days away"


def note_text(line: Charge) -> str:
    """What a reader must know of a line: its note, and the dates of prices of another time."""
    return "; ".join(dict.fromkeys(t for t in (line.note, *map(price_text, line.off_date)) if t))


def leg_dict(leg: VoyageLeg) -> dict[str, Any]:
    """A leg as JSON values; what is not known is null. Level and escort are null where there is no ice."""
    icy = leg.rio is not None
    return {
        "start": moment_text(leg.start),
        "end": moment_text(leg.end),
        "from_lon": round(float(leg.lonlat[0, 0]), 4),
        "from_lat": round(float(leg.lonlat[0, 1]), 4),
        "to_lon": round(float(leg.lonlat[-1, 0]), 4),
        "to_lat": round(float(leg.lonlat[-1, 1]), 4),
        "water": leg.water,
        "tag": leg.tag,
        "passages": list(leg.passages),
        "distance_nm": round(leg.distance_nm, 2),
        "sailed_nm": round(leg.sailed_nm, 2),
        "hours": round(leg.hours, 3),
        "wait_h": round(leg.wait_h, 3),
        "speed_kn": round(leg.speed_kn, 2),
        "concentration": round(leg.concentration, 3),
        "thickness_m": round(leg.thickness_m, 3),
        "rio": round(leg.rio, 2) if leg.rio is not None else None,
        "level": leg.level if icy else None,
        "escort": leg.escorted if icy else None,
        "low_confidence": leg.low_confidence,
        "rule": ruling_text(leg.rule),
        "fuel_t": None if leg.fuel_t is None else round(leg.fuel_t, 3),
    }


def _legs(comparison: Comparison) -> list[tuple[str, int, VoyageLeg]]:
    """Legs of all voyages that reach their port, numbered from 1."""
    return [
        (o.label, k, leg)
        for o in comparison.outcomes
        if o.feasible and o.voyage is not None
        for k, leg in enumerate(o.voyage.legs, start=1)
    ]


def leg_rows(comparison: Comparison) -> list[list[Any]]:
    """The legs of all voyages, a row each in the order of `LEG_COLUMNS`."""
    rows = []
    for label, number, leg in _legs(comparison):
        values = leg_dict(leg) | {"route": label, "leg": number, "passages": " ".join(leg.passages)}
        rows.append([values[c] for c in LEG_COLUMNS])
    return rows


def legs_csv(comparison: Comparison) -> str:
    """The same as CSV."""
    rows = ([str(v).lower() if isinstance(v, bool) else v for v in row] for row in leg_rows(comparison))
    return csv_text(LEG_COLUMNS, rows)


def legs_geojson(comparison: Comparison) -> dict[str, Any]:
    """The legs of all voyages as a GeoJSON feature collection, lines cut at 180 degrees."""
    features = [
        {
            "type": "Feature",
            "properties": {"route": label, "leg": number} | leg_dict(leg),
            "geometry": geojson_line(leg.lonlat),
        }
        for label, number, leg in _legs(comparison)
    ]
    return {"type": "FeatureCollection", "features": features}


def ledger_frame(ledger: Ledger) -> DataFrame:
    """A row a line of the ledger."""
    from pandas import DataFrame

    return DataFrame(ledger_dict(ledger)["lines"])


def voyage_dict(voyage: Voyage) -> dict[str, Any]:
    """A voyage as JSON values: its sums and its legs."""
    return {
        "days": None if voyage.arrive is None else round(voyage.days, 3),
        "depart": moment_text(voyage.depart),
        "arrive": None if voyage.arrive is None else moment_text(voyage.arrive),
        "legs": [leg_dict(leg) for leg in voyage.legs],
    }


def legs_frame(legs: Sequence[VoyageLeg]) -> GeoDataFrame:
    """A row a leg, with the figures of legs.csv and its line."""
    rows = [leg_dict(leg) | {"passages": " ".join(leg.passages)} for leg in legs]
    return located(rows, [geojson_line(leg.lonlat) for leg in legs])


def legs_text(comparison: Comparison) -> str:
    """All legs of all voyages, a table for each alternative."""
    out = []
    for o in comparison.outcomes:
        if not o.feasible or o.voyage is None:
            continue
        rows = [
            [
                f"{leg.start:%m-%d %H:%M}", leg.tag or leg.water.replace("_", " ") or "open ocean",
                f"{leg.distance_nm:,.0f}", f"{leg.hours:.1f}", f"{leg.wait_h:.1f}" if leg.wait_h else "",
                f"{leg.speed_kn:.1f}",
                *(
                    ["", "", "", "", ""]
                    if leg.rio is None
                    else [
                        f"{leg.concentration * 10:.1f}", f"{leg.thickness_m:.1f}", f"{leg.rio:.1f}", leg.level,
                        "yes" if leg.escorted else "no",
                    ]
                ),
                ", ".join(leg.passages),
            ]
            for leg in o.voyage.legs
        ]  # fmt: skip
        header = ["start", "where", "nm", "h", "wait", "kn", "/10", "m", "RIO", "risk", "escort", "passage"]
        out.append(f"{o.label}:\n" + text_table(header, rows, right=(2, 3, 4, 5, 6, 7, 8)))
    return "\n\n".join(out)


def ice_summary(voyage: Voyage) -> str:
    """What the ice did to a voyage, in a line; empty where it met none."""
    if voyage.ice_nm < 0.5:
        return ""
    parts = [f"{voyage.ice_nm:,.0f} nm in ice, which costs {voyage.ice_delay_days:.1f} days"]
    spent = [f"{days:.1f} days {level}" for level, days in voyage.risk_days.items() if days >= 0.05]
    if spent:
        parts.append("POLARIS: " + ", ".join(spent))
    if voyage.escort_nm >= 0.5:
        wait = f", {voyage.escort_wait_days:.1f} days waiting for it" if voyage.escort_wait_days else ""
        parts.append(f"{voyage.escort_nm:,.0f} nm with icebreaker{wait}")
    if voyage.besetting is not None and voyage.besetting.days >= 0.05:
        b = voyage.besetting
        parts.append(
            f"beset with a probability of {b.probability:.0%}: {b.days:.1f} days lost on average "
            f"(standard deviation {b.sd_days:.1f})"
        )
    if voyage.nsr_nm >= 0.5:
        speed = voyage.nsr_sailed_nm / voyage.nsr_days / 24
        longer = voyage.nsr_sailed_nm - voyage.nsr_nm >= 0.5
        way = f" on a way of {voyage.nsr_nm:,.0f} nm" if longer else ""
        parts.append(f"NSR {voyage.nsr_sailed_nm:,.0f} nm sailed{way} in {voyage.nsr_days:.1f} days ({speed:.1f} kn)")
    if voyage.low_confidence_nm >= 0.5:
        parts.append(f"{voyage.low_confidence_nm:,.0f} nm rest on admission rules of low confidence")
    return "; ".join(parts)


def ice_table(voyage: Voyage) -> str:
    """The part of a voyage in ice, a row for each sea, in order."""
    rows = ice_rows(voyage)
    return text_table(ICE_HEADER, rows, ICE_RIGHT) if rows else ""


def ice_rows(voyage: Voyage) -> list[list[str]]:
    """Its rows; none without ice."""
    rows = []
    for water, group in groupby(voyage.legs, key=lambda leg: leg.water):
        legs = [leg for leg in group if leg.rio is not None]
        if sum(leg.distance_nm for leg in legs) >= 1:
            rows.append(_row(water, legs))
    return rows


def _row(water: str, legs: Sequence[VoyageLeg]) -> list[str]:
    nm = sum(leg.distance_nm for leg in legs)
    hours = sum(leg.hours + leg.wait_h for leg in legs)
    escorted = sum(leg.distance_nm for leg in legs if leg.escorted)
    rio = [leg.rio for leg in legs if leg.rio is not None]
    concentration = sum(leg.concentration * leg.distance_nm for leg in legs) / nm
    thickness = sum(leg.thickness_m * leg.distance_nm for leg in legs) / nm
    worst = max((leg.level for leg in legs), key=RANK.__getitem__)
    return [
        f"{legs[0].start:%Y-%m-%d}",
        water.replace("_", " ") or "open ocean",
        f"{nm:,.0f}",
        f"{hours / 24:.1f}",
        f"{sum(leg.sailed_nm for leg in legs) / sum(leg.hours for leg in legs):.1f}",
        f"{concentration * 10:.1f}",
        f"{thickness:.1f}",
        f"{min(rio):.1f}",
        worst,
        "yes" if escorted > 0.95 * nm else "partly" if escorted else "no",
    ]
