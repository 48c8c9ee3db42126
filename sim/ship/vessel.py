"""Ships: particulars, power and fuel figures, and the hull that meets ice, by id or name from the shipped tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated

import geodata
from sim import tables
from sim.errors import DataError, UsageError, did_you_mean, meant, suggestion
from sim.geo.ports import plain
from sim.ice import classes
from sim.ice.classes import IceClass
from sim.tables import NEEDED, UNREAD, Filled, From, Grade, Read, Within

ECONOMICS = (
    "size_label", "aux_kw_manoeuvre", "aux_kw_berth", "boiler_kw_berth", "weather_factor_eta_w", "fouling_factor_eta_f",
    "max_ice_m_independent", "cii_type", "cii_capacity", "suez_type", "scnt_est", "newbuild_musd", "opex_usd_day",
    "charter_usd_day_low", "charter_usd_day_base", "charter_usd_day_high", "payload_share", "source_year",
)  # fmt: skip
CARGO_UNITS = {"dwt": "t", "t cargo": "t", "TEU": "TEU", "m3": "m3"}  # of capacity, and of what is carried


@dataclass(frozen=True)
class IceHull:
    """What the equations of ice resistance and thrust need of a ship: numbers only.

    Lengths in m, angles in degrees. `length_m` is on the waterline, `power_kw` the full propulsion power,
    `open_water_kn` the speed at that power in calm water. `resistance_factor` multiplies the level-ice resistance (1.0
    is the plain formula, less is a better icebreaking bow); `resistance_factor_astern` is the same for a ship that
    breaks ice stern first, else None. `stem_angle_deg` and `bow_angle_deg` (at a quarter of the beam) are from the
    horizontal; `waterline_angle_deg` is the entrance angle of the waterline. The last three serve the channel alone.
    """

    length_m: float
    beam_m: float
    draft_m: float
    power_kw: float
    propellers: int
    propeller_diameter_m: float
    open_water_kn: float
    stem_angle_deg: float
    parallel_length_m: float
    bow_length_m: float
    resistance_factor: float
    resistance_factor_astern: float | None
    waterline_angle_deg: float
    bow_angle_deg: float
    bow_waterplane_m2: float

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            high = 90.0 if f.name.endswith("_deg") else math.inf
            if value is not None and not 0 < value < high:
                raise UsageError(f"{f.name} of an ice hull is {value:g}, allowed is more than 0 and less than {high:g}")
        if self.propellers not in (1, 2, 3):
            raise UsageError(f"propellers of an ice hull is {self.propellers}, allowed is 1, 2 or 3")

    @property
    def best_resistance_factor(self) -> float:
        """The factor of the way round that the ship breaks ice with less resistance."""
        return min(self.resistance_factor, self.resistance_factor_astern or math.inf)


def _economics(*texts: str) -> dict[str, str | float]:
    return {column: _value(text) for column, text in zip(ECONOMICS, texts, strict=True) if text}


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


@dataclass(frozen=True)
class Ship:
    """A ship. Sizes in m, powers in kW, speeds in kn, fuel in t a day; None where a figure is not known.

    `main_fuel_design_tpd` and `main_fuel_service_tpd` are of the main engine alone, at `design_speed_kn` and
    `service_speed_kn`; `sfoc_g_kwh` is its specific consumption. `ice_class` is what every rule asks,
    `ice_class_text` only how the source words it. `sea_margin` multiplies the power in open water, for weather and
    fouling beyond what is in the row's consumption in service. `economics` holds the columns that money and emissions
    need, by their names in geodata/tables/vessels.csv; without a value they are absent.
    """

    id: Filled
    name: Filled
    type: Filled
    service_speed_kn: Annotated[float, Within(0.1)]
    length_m: Annotated[float | None, From("loa_m"), NEEDED, Within(1.0)] = None
    beam_m: Annotated[float | None, NEEDED, Within(1.0)] = None
    draft_m: Annotated[float | None, NEEDED, Within(0.1)] = None
    air_draft_m: Annotated[float | None, Within(0.0)] = None
    dwt_t: Annotated[float | None, NEEDED, Within(0.0)] = None
    gt: Annotated[float | None, NEEDED, Within(0.0)] = None
    capacity: Annotated[float | None, Within(0.0)] = None
    capacity_unit: str = ""
    main_power_kw: Annotated[float | None, NEEDED, Within(1.0)] = None
    design_speed_kn: Annotated[float | None, NEEDED, Within(0.1)] = None
    main_fuel_design_tpd: Annotated[float | None, From("main_fuel_tpd_at_design"), NEEDED, Within(0.01)] = None
    main_fuel_service_tpd: Annotated[float | None, From("main_fuel_tpd_at_service"), NEEDED, Within(0.01)] = None
    speed_exponent: Annotated[float, NEEDED, Within(1.0)] = 3.0
    aux_kw_sea: Annotated[float | None, NEEDED, Within(0.0)] = None
    boiler_kw_sea: Annotated[float | None, NEEDED, Within(0.0)] = None
    sfoc_g_kwh: Annotated[float | None, From("sfoc_base_g_kwh"), NEEDED, Within(1.0)] = None
    default_fuel: Annotated[str | None, NEEDED] = None
    ice_class: Annotated[IceClass, From("ice_class_ru"), NEEDED, Read(classes.ice_class)] = field(
        default_factory=partial(classes.ice_class, "none")
    )
    ice_class_text: Annotated[str, From("ice_class"), NEEDED] = ""
    double_acting: Annotated[bool, NEEDED] = False
    hull: Annotated[IceHull | None, UNREAD] = None
    source: Annotated[str, NEEDED] = ""
    confidence: Annotated[str, NEEDED] = ""
    note: str = ""
    hull_source: Annotated[str, UNREAD] = ""
    hull_confidence: Annotated[str, UNREAD] = ""
    hull_note: Annotated[str, UNREAD] = ""
    sea_margin: Annotated[float, UNREAD] = 1.0
    economics: Annotated[Mapping[str, str | float], From(*ECONOMICS), Read(_economics)] = field(
        default_factory=dict, hash=False
    )

    @property
    def usual_cargo(self) -> tuple[float | None, str]:
        """What a laden voyage carries, capacity times the usual share of it, and its unit (t, TEU, m3); None and ""
        where it is not known."""
        share, unit = self.economics.get("payload_share"), CARGO_UNITS.get(self.capacity_unit or "")
        if self.capacity is None or unit is None or share is None:
            return None, ""
        return self.capacity * float(share), unit

    @property
    def has_fuel(self) -> bool:
        """Whether the figures are there that fuel is computed from."""
        needed = (self.main_power_kw, self.sfoc_g_kwh, self.design_speed_kn, self.main_fuel_design_tpd)
        return None not in (*needed, self.main_fuel_service_tpd, self.aux_kw_sea, self.boiler_kw_sea)

    @classmethod
    def generic(
        cls,
        speed_kn: float,
        *,
        name: str = "ship",
        draft_m: float | None = None,
        beam_m: float | None = None,
        length_m: float | None = None,
        air_draft_m: float | None = None,
        ice_class: str | IceClass = "none",
        hull: IceHull | None = None,
    ) -> Ship:
        """A ship of which only a speed in kn and perhaps sizes in m are known: no fuel, and no hull unless given.

        Raises UsageError for a speed that is none, and for an unknown ice class.
        """
        if not 0 < speed_kn < math.inf:
            raise UsageError(f"speed_kn of ship '{name}' is {speed_kn:g}, allowed is more than 0")
        return cls(
            id="", name=name, type="generic", service_speed_kn=speed_kn, length_m=length_m, beam_m=beam_m,
            draft_m=draft_m, air_draft_m=air_draft_m, ice_class=_class(ice_class), hull=hull,
            double_acting=hull is not None and hull.resistance_factor_astern is not None,
            source="the scenario", confidence="",
        )  # fmt: skip


def _class(name: str | IceClass) -> IceClass:
    return name if isinstance(name, IceClass) else classes.ice_class(name)


class VesselTable:
    """Ships by id or name."""

    def __init__(self, ships: Iterable[Ship]) -> None:
        self.all = tuple(ships)
        self._by_word: dict[str, Ship] = {}
        for word, ship in [(s.name, s) for s in self.all] + [(s.id, s) for s in self.all]:
            self._by_word[plain(word)] = ship

    @classmethod
    def load(cls) -> VesselTable:
        """The shipped ships, each with its hull; read once."""
        return _shipped(geodata.table("vessels.csv"), geodata.table("hulls.csv"))

    def find(self, text: str) -> Ship:
        """The ship that an id or a name means, in any case. Raises UsageError with the nearest names."""
        word = plain(text)
        if (ship := self._by_word.get(word)) is not None:
            return ship
        within = [s.id for s in self.all if len(word) > 2 and word in plain(f"{s.id} {s.name}")]
        found = meant(text, [s.id for s in self.all]) or within[:4]
        hint = suggestion(found) or did_you_mean(text, [w for s in self.all for w in (s.id, s.name)])
        raise UsageError(f"unknown ship '{text}'{hint}; allowed: {', '.join(s.id for s in self.all)}")


@lru_cache(maxsize=2)
def _shipped(vessels: Path, hulls_of: Path) -> VesselTable:
    hulls, ships = read_hulls(hulls_of), read_vessels(vessels)
    unknown = hulls.keys() - {s.id for s in ships}
    if unknown:
        raise DataError(f"hulls.csv: no such ship in vessels.csv: {', '.join(sorted(unknown))}")
    return VesselTable(
        replace(s, hull=found.hull, hull_source=found.source, hull_confidence=found.confidence, hull_note=found.note)
        if (found := hulls.get(s.id))
        else s
        for s in ships
    )


@dataclass(frozen=True)
class HullRow:
    """A row of hulls.csv: the hull of a ship, and where it is from."""

    vessel_id: Filled
    hull: IceHull
    source: Filled
    confidence: Grade
    note: str


def read_hulls(path: Path) -> dict[str, HullRow]:
    """Hulls by ship, from a table in the columns of geodata/tables/hulls.csv. Raises DataError."""
    return {row.vessel_id: row for row in tables.rows(path, HullRow, unique="vessel_id")}


def read_vessels(path: Path) -> list[Ship]:
    """Ships without hulls, from a table in the columns of geodata/tables/vessels.csv. Raises DataError."""
    return list(tables.rows(path, Ship, unique="id"))
