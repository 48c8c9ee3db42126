"""What the tables and the network hold: routes, distances, ports, passages and ships, as text, JSON and frames."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sim.report.files import csv_text
from sim.report.layout import WIDTH, cut, table_blocks, text_table, width, wrapped
from sim.units import KM_PER_NM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from sim.geo.geodesy import Floats
    from sim.geo.joins import Join
    from sim.geo.network.places import Place
    from sim.geo.passages import Passage, PassageTable
    from sim.geo.ports import Port
    from sim.geo.route import Route
    from sim.ship.vessel import Ship, VesselTable

CRS: Final = "EPSG:4326"
LEAST_ROOM: Final = 12  # columns of a last column that is cut to the page
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


def route_dict(route: Route) -> dict[str, Any]:
    """The JSON of `northabout route`; an unreachable place has null for its distance and geometry."""
    return {
        "status": route.status,
        "reason": route.reason,
        "distance_nm": round(route.distance_nm, 1) if route.status == "ok" else None,
        "passages": list(route.passages),
        "joins": [join_dict(j) for j in route.joins],
        "geometry": route.geojson(),
    }


def route_feature(route: Route, origin: str, destination: str) -> dict[str, Any]:
    """A route as a GeoJSON feature with the names of its ends."""
    told = route_dict(route)
    geometry = told.pop("geometry")
    return {"type": "Feature", "properties": told | {"from": origin, "to": destination}, "geometry": geometry}


def route_text(route: Route) -> str:
    """The lines that `northabout route` prints of a route."""
    length = f"{route.distance_nm:,.1f} nm ({route.distance_nm * KM_PER_NM:,.0f} km)"
    joins = [line for j in route.joins for line in wrapped(join_text(j))]
    return "\n".join([length, *wrapped("by " + (", ".join(route.passages) or "open sea")), *joins])


def join_text(join: Join) -> str:
    """The sentence about an end that lies inland."""
    what = (
        f"the berths of port {join.port}, whose channel is used"
        if join.kind == "channel"
        else f"the nearest water that leads to the sea ({join.lat:.2f},{join.lon:.2f})"
    )
    return f"estimate: {join.place} lies inland on the map; {join.nm:.1f} nm are counted from there to {what}"


def join_dict(join: Join) -> dict[str, Any]:
    """The JSON of an end that lies inland."""
    return asdict(join) | {"nm": round(join.nm, 1), "lon": round(join.lon, 5), "lat": round(join.lat, 5)}


def joins_of(places: Iterable[Place]) -> list[Join]:
    """How places that lie inland were joined to the water, each once."""
    return list(dict.fromkeys(p.join for p in places if p.join is not None))


def matrix_rows(matrix: Floats) -> list[list[float | None]]:
    """Distances (n, m) to a tenth of a nm; None where there is no route or no place."""
    return [[round(float(v), 1) if math.isfinite(v) else None for v in row] for row in matrix]


def matrix_dict(
    origins: list[str],
    destinations: list[str],
    via: str,
    matrix: Floats,
    joins: Iterable[Join] = (),
    unusable: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The document of `northabout distances --json`; `unusable` has the reasons for places that cannot be used."""
    told: dict[str, Any] = {"from": origins, "to": destinations, "via": via, "distance_nm": matrix_rows(matrix)}
    told["joins"] = [join_dict(j) for j in joins]
    return told | ({"unusable": unusable} if unusable else {})


def matrix_csv(origins: list[str], destinations: list[str], matrix: Floats) -> str:
    """The distances as CSV, a row an origin; empty where there is no route or no place."""
    rows = zip(origins, matrix_rows(matrix), strict=True)
    return csv_text(["from", *destinations], [[name, *row] for name, row in rows])


def matrix_text(origins: list[str], destinations: list[str], matrix: Floats, joins: Iterable[Join] = ()) -> str:
    """A distance matrix, in several tables where it is too wide for one."""
    cells = [[_distance(float(v)) for v in row] for row in matrix]
    columns = [[[name, *(row[k] for row in cells)]] for k, name in enumerate(destinations)]
    signs = {"-": "no route", "?": "a place that cannot be used"}
    used = [f"{sign}: {meaning}" for sign, meaning in signs.items() if any(sign in row for row in cells)]
    told = [line for j in joins for line in wrapped(join_text(j))]
    parts = ["\n\n".join(table_blocks(columns, ["nm", *origins]))]
    parts += ["", *used] if used else []
    parts += ["", *told] if told else []
    return "\n".join(parts)


def _distance(nm: float) -> str:
    if math.isnan(nm):
        return "?"
    return f"{nm:,.1f}" if math.isfinite(nm) else "-"


def routes_frame(routes: Mapping[str, Route]) -> GeoDataFrame:
    """A row for every route, under the name that it has in `routes`: NaN and None where there is none.

    Passages are a text with spaces between the ids, so that the frame can be written to any vector file.
    """
    rows = [
        {
            "route": name,
            "status": route.status,
            "reason": route.reason,
            "distance_nm": route.distance_nm if route.status == "ok" else math.nan,
            "passages": " ".join(route.passages),
        }
        for name, route in routes.items()
    ]
    return located(rows, [route.geojson() for route in routes.values()])


def ports_frame(ports: Iterable[Port]) -> GeoDataFrame:
    """A point for every port, with code, name, country and aliases."""
    from geopandas import GeoDataFrame, points_from_xy

    listed = list(ports)
    names = ("locode", "name", "country", "kind", "source")
    columns = {name: [getattr(p, name) for p in listed] for name in names}
    columns["aliases"] = ["; ".join(p.aliases) for p in listed]
    return GeoDataFrame(columns, geometry=points_from_xy([p.lon for p in listed], [p.lat for p in listed]), crs=CRS)


def located(rows: list[dict[str, Any]], geometries: list[dict[str, Any] | None]) -> GeoDataFrame:
    """Rows with their GeoJSON geometries as a frame in EPSG:4326."""
    from geopandas import GeoDataFrame
    from shapely.geometry import shape

    return GeoDataFrame(rows, geometry=[shape(g) if g else None for g in geometries], crs=CRS)


def port_dict(port: Port) -> dict[str, Any]:
    """A port as JSON values."""
    names = ("locode", "name", "country", "lat", "lon")
    return {name: getattr(port, name) for name in names} | {"aliases": list(port.aliases)}


def ports_text(ports: Sequence[Port]) -> str:
    """The list that `northabout ports` prints."""
    rows = [[p.locode, cut(p.name, 26), p.country, f"{p.lat:.2f}", f"{p.lon:.2f}"] for p in ports]
    room = _room(["locode", "name", "country", "lat", "lon"], rows)
    full = [[*row, cut(", ".join(p.aliases), room)] for row, p in zip(rows, ports, strict=True)]
    return text_table(["locode", "name", "country", "lat", "lon", "also"], full, right=(3, 4))


def _room(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Columns that a table leaves for one more on its right."""
    return max(width() - len(text_table(header, rows).splitlines()[1]) - 2, LEAST_ROOM)


LIMITS = ("max_draft_m", "max_beam_m", "max_length_m", "max_air_draft_m", "speed_limit_kn", "wait_h")


def passage_dict(passage: Passage) -> dict[str, Any]:
    """A passage as JSON values; limits that are not known are absent."""
    out: dict[str, Any] = {k: getattr(passage, k) for k in ("id", "name", "kind", "arctic")}
    out["gate_lon_lat"] = [list(g) for g in passage.gate]
    out |= {k: getattr(passage, k) for k in LIMITS if getattr(passage, k) is not None}
    return out | {"source": passage.source, "confidence": passage.confidence}


def passages_frame(passages: Iterable[Passage]) -> GeoDataFrame:
    """A row for every passage, with its limits and its gate as a line cut at 180."""
    import numpy as np

    from sim.geo.drawing import geojson_line

    listed = list(passages)
    names = ("id", "name", "kind", "arctic", *LIMITS, "source", "confidence")
    rows = [{k: getattr(p, k) for k in names} for p in listed]
    return located(rows, [geojson_line(np.array(p.gate)) for p in listed])


def passages_text(table: PassageTable) -> str:
    """The list that `northabout passages` prints."""
    header = ["id", "name", "kind", "draft", "beam", "length", "air", "conf"]
    rows, room = [], max(32 + min(width() - WIDTH, 0), LEAST_ROOM)
    for p in table.all:
        limits = ["" if (v := getattr(p, k)) is None else f"{v:g}" for k in LIMITS[:4]]
        rows.append([p.id, cut(p.name, room), p.kind, *limits, p.confidence])
    lines = [text_table(header, rows, right=(3, 4, 5, 6)), ""]
    lines += wrapped("Largest draft, beam, length and air draft in metres; an empty cell: no limit is known.")
    lines += ["", "routes:", *(f"  {r.name:10s}  {r.title}" for r in table.routes.values())]
    return "\n".join(lines)


def vessels_text(table: VesselTable) -> str:
    """The list that `northabout vessels` prints, as wide as the page."""
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
    room = _room(header, rows)
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
    """A ship as JSON values; what is not known is absent."""
    out = {k: v for k, v in asdict(ship).items() if v is not None and v not in ("", {})}
    out["ice_class"] = out.pop("ice_class_text", ship.ice_class.name)
    out["ice_class_ru"] = ship.ice_class.admission_row
    if ship.hull is not None:
        out["hull"] = {k: v for k, v in out["hull"].items() if v is not None}
    return out


def vessels_frame(ships: Iterable[Ship]) -> DataFrame:
    """A row for every ship, without its hull and its economics."""
    from pandas import DataFrame

    return DataFrame([{k: v for k, v in asdict(s).items() if k not in ("hull", "economics")} for s in ships])


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
