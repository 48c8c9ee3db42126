"""Ships as text and JSON: the list, and one ship's sheet with units and sources."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.report.files import cut, text_table
from sim.report.tables import WIDTH, wrapped

if TYPE_CHECKING:
    from sim.ship.vessel import Ship, VesselTable

# label, attribute, unit
SHEET = (
    ("length over all", "length_m", "m"),
    ("beam", "beam_m", "m"),
    ("draft", "draft_m", "m"),
    ("air draft", "air_draft_m", "m"),
    ("deadweight", "dwt_t", "t"),
    ("gross tonnage", "gt", ""),
    ("main power", "main_power_kw", "kW"),
    ("design speed", "design_speed_kn", "kn"),
    ("main engine at design speed", "main_fuel_design_tpd", "t/day"),
    ("service speed", "service_speed_kn", "kn"),
    ("main engine at service speed", "main_fuel_service_tpd", "t/day"),
    ("fuel grows with speed to the power", "speed_exponent", ""),
    ("auxiliary engines at sea", "aux_kw_sea", "kW"),
    ("boilers at sea", "boiler_kw_sea", "kW"),
    ("specific consumption", "sfoc_g_kwh", "g/kWh"),
)
HULL = (
    ("length on the waterline", "length_m", "m"),
    ("beam", "beam_m", "m"),
    ("draft", "draft_m", "m"),
    ("full propulsion power", "power_kw", "kW"),
    ("propellers", "propellers", ""),
    ("propeller diameter", "propeller_diameter_m", "m"),
    ("open-water speed at full power", "open_water_kn", "kn"),
    ("stem angle", "stem_angle_deg", "deg"),
    ("parallel midbody", "parallel_length_m", "m"),
    ("bow", "bow_length_m", "m"),
    ("ice resistance factor ahead", "resistance_factor", ""),
    ("ice resistance factor astern", "resistance_factor_astern", ""),
    ("waterline entrance angle", "waterline_angle_deg", "deg"),
    ("bow angle", "bow_angle_deg", "deg"),
    ("bow waterplane", "bow_waterplane_m2", "m2"),
)


def vessels_text(table: VesselTable) -> str:
    """The list that `northabout vessels` prints, at most 100 columns."""
    header = ["id", "dwt t", "length", "beam", "draft", "kn", "t/day", "ice"]
    rows = [
        [
            f"{s.id}{'*' if s.confidence == 'C' else ''}",
            _figure(s.dwt_t),
            *(f"{v:.1f}" if v is not None else "" for v in (s.length_m, s.beam_m, s.draft_m, s.service_speed_kn)),
            _figure(s.main_fuel_service_tpd),
            s.ice_class.name,
        ]
        for s in table.all
    ]
    room = WIDTH - len(text_table(header, rows).splitlines()[1]) - 2
    full = [[*row, cut(s.name, room)] for row, s in zip(rows, table.all, strict=True)]
    lines = [text_table([*header, "name"], full, right=range(1, 7)), ""]
    lines += wrapped(
        "Length, beam and draft in metres; service speed, and the main engine's fuel at it; ice class of the Russian "
        "Register. *: figures that are assumed or from memory.",
        rest="",
    )
    return "\n".join(lines)


def vessel_text(ship: Ship) -> str:
    """One ship's sheet: every figure with its unit, and where it is from."""
    lines = [*wrapped(ship.name), *wrapped(", ".join(t for t in (ship.id, ship.type.replace("_", " ")) if t)), ""]
    lines += _sheet(ship, SHEET)
    if ship.capacity is not None:
        lines.append(_line("capacity", f"{_figure(ship.capacity)} {ship.capacity_unit}"))
    lines += [_line("fuel", ship.default_fuel)] if ship.default_fuel else []
    lines.append(
        _line("ice class", f"{ship.ice_class_text or ship.ice_class}, Russian Register {ship.ice_class.admission_row}")
    )
    lines += [_line("double acting", "yes")] if ship.double_acting else []
    lines += _origin(ship.source, ship.confidence, ship.note)
    if ship.hull is not None:
        lines += ["", "hull in ice", *_sheet(ship.hull, HULL)]
        lines += _origin(ship.hull_source, ship.hull_confidence, ship.hull_note)
    if ship.economics:
        lines += ["", "for tolls, money and emissions"]
        lines += [_line(k, v if isinstance(v, str) else f"{v:.10g}") for k, v in ship.economics.items()]
    return "\n".join(lines)


def vessel_dict(ship: Ship) -> dict[str, Any]:
    """A ship as JSON values; what is not known is absent. `ice_class` is the source's wording, `_ru` the RS's."""
    out = {k: v for k, v in asdict(ship).items() if v is not None and v not in ("", {})}
    out["ice_class"] = out.pop("ice_class_text", ship.ice_class.name)
    out["ice_class_ru"] = ship.ice_class.admission_row
    if ship.hull is not None:
        out["hull"] = {k: v for k, v in out["hull"].items() if v is not None}
    return out


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def _line(label: str, value: str) -> str:
    return f"  {label:36s}{value}"


def _sheet(thing: Any, rows: tuple[tuple[str, str, str], ...]) -> list[str]:
    known = [(label, getattr(thing, name), unit) for label, name, unit in rows]
    return [_line(label, f"{_figure(v)} {unit}".rstrip()) for label, v, unit in known if v is not None]


def _origin(source: str, confidence: str, note: str) -> list[str]:
    told = source + (f"; confidence {confidence}" if confidence else "")
    lines = wrapped(f"source: {told}", "  ", "    ") if told else []
    return lines + (wrapped(f"note: {note}", "  ", "    ") if note else [])
