"""Ships: particulars, power and fuel figures, and the hull that meets ice, by id or name from the shipped tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path

import geodata
from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.ports import plain
from sim.ice import classes
from sim.ice.classes import IceClass

ECONOMICS = (
    "size_label", "aux_kw_manoeuvre", "aux_kw_berth", "boiler_kw_berth", "weather_factor_eta_w", "fouling_factor_eta_f",
    "max_ice_m_independent", "cii_type", "cii_capacity", "suez_type", "scnt_est", "newbuild_musd", "opex_usd_day",
    "charter_usd_day_low", "charter_usd_day_base", "charter_usd_day_high", "payload_share", "source_year",
)  # fmt: skip


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


@dataclass(frozen=True)
class Ship:
    """A ship. Sizes in m, powers in kW, speeds in kn, fuel in t a day; None where a figure is not known.

    `main_fuel_design_tpd` and `main_fuel_service_tpd` are of the main engine alone, at `design_speed_kn` and
    `service_speed_kn`; `sfoc_g_kwh` is its specific consumption. `ice_class` is what every rule asks,
    `ice_class_text` only how the source words it. `economics` holds the columns that money and emissions need, by their
    names in geodata/tables/vessels.csv; without a value they are absent.
    """

    id: str
    name: str
    type: str
    service_speed_kn: float
    length_m: float | None = None
    beam_m: float | None = None
    draft_m: float | None = None
    air_draft_m: float | None = None
    dwt_t: float | None = None
    gt: float | None = None
    capacity: float | None = None
    capacity_unit: str = ""
    main_power_kw: float | None = None
    design_speed_kn: float | None = None
    main_fuel_design_tpd: float | None = None
    main_fuel_service_tpd: float | None = None
    speed_exponent: float = 3.0
    aux_kw_sea: float | None = None
    boiler_kw_sea: float | None = None
    sfoc_g_kwh: float | None = None
    default_fuel: str | None = None
    ice_class: IceClass = field(default_factory=partial(classes.ice_class, "none"))
    ice_class_text: str = ""
    double_acting: bool = False
    hull: IceHull | None = None
    source: str = ""
    confidence: str = ""
    note: str = ""
    hull_source: str = ""
    hull_confidence: str = ""
    hull_note: str = ""
    economics: Mapping[str, str | float] = field(default_factory=dict, hash=False)

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
        """The shipped ships, each with its hull."""
        hulls = read_hulls(geodata.table("hulls.csv"))
        ships = read_vessels(geodata.table("vessels.csv"))
        unknown = hulls.keys() - {s.id for s in ships}
        if unknown:
            raise DataError(f"hulls.csv: no such ship in vessels.csv: {', '.join(sorted(unknown))}")
        return cls(
            replace(s, hull=found[0], hull_source=found[1], hull_confidence=found[2], hull_note=found[3])
            if (found := hulls.get(s.id))
            else s
            for s in ships
        )

    def find(self, text: str) -> Ship:
        """The ship that an id or a name means, in any case. Raises UsageError with the nearest names."""
        word = plain(text)
        if (ship := self._by_word.get(word)) is not None:
            return ship
        within = [s.id for s in self.all if len(word) > 2 and word in plain(f"{s.id} {s.name}")]
        hint = f" (did you mean {', '.join(within[:4])}?)" if within else ""
        hint = hint or did_you_mean(text, [w for s in self.all for w in (s.id, s.name)])
        raise UsageError(f"unknown ship '{text}'{hint}; allowed: {', '.join(s.id for s in self.all)}")


class _Row:
    """One row of a table, whose cells are read with file, line and column in the error."""

    def __init__(self, cells: dict[str, str], where: str) -> None:
        self.cells, self.where = cells, where

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def word(self, column: str) -> str:
        if not (text := self.text(column)):
            raise DataError(f"{self.where}: {column} is empty, it needs a value")
        return text

    def maybe(self, column: str, low: float = 0.0) -> float | None:
        text = self.text(column)
        try:
            value = float(text) if text else None
        except ValueError:
            raise DataError(f"{self.where}: {column} is '{text[:40]}', not a number") from None
        if value is not None and not low <= value < math.inf:
            raise DataError(f"{self.where}: {column} is {value:g}, allowed is {low:g} or more")
        return value

    def number(self, column: str, low: float = 0.0) -> float:
        value = self.maybe(column, low)
        if value is None:
            raise DataError(f"{self.where}: {column} is empty, it needs a number")
        return value

    def ice_class(self, column: str) -> IceClass:
        try:
            return classes.ice_class(self.word(column))
        except UsageError as error:
            raise DataError(f"{self.where}: {column}: {error}") from error

    def yes(self, column: str) -> bool:
        text = self.word(column)
        if text not in ("yes", "no"):
            raise DataError(f"{self.where}: {column} is '{text}', allowed is yes or no")
        return text == "yes"


def _rows(path: Path) -> list[_Row]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            return [_Row(cells, f"{path.name}:{reader.line_num}") for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error})") from error


def read_hulls(path: Path) -> dict[str, tuple[IceHull, str, str, str]]:
    """Hull, source, confidence and note by ship, from a table in the columns of geodata/tables/hulls.csv."""
    out: dict[str, tuple[IceHull, str, str, str]] = {}
    for row in _rows(path):
        ship = row.word("vessel_id")
        if ship in out:
            raise DataError(f"{row.where}: vessel_id '{ship}' stands twice")
        values = {f.name: row.number(f.name) for f in fields(IceHull) if f.name != "resistance_factor_astern"}
        numbers = values | {"propellers": int(values["propellers"])}
        try:
            hull = IceHull(**numbers, resistance_factor_astern=row.maybe("resistance_factor_astern"))  # type: ignore[arg-type]
        except UsageError as error:
            raise DataError(f"{row.where}: {error}") from error
        out[ship] = (hull, row.word("source"), row.word("confidence"), row.text("note"))
    return out


def read_vessels(path: Path) -> list[Ship]:
    """Ships without hulls, from a table in the columns of geodata/tables/vessels.csv."""
    ships: list[Ship] = []
    for row in _rows(path):
        ship = _ship(row)
        if ship.id in {s.id for s in ships}:
            raise DataError(f"{row.where}: id '{ship.id}' stands twice")
        ships.append(ship)
    return ships


def _ship(row: _Row) -> Ship:
    return Ship(
        id=row.word("id"),
        name=row.word("name"),
        type=row.word("type"),
        service_speed_kn=row.number("service_speed_kn", 0.1),
        length_m=row.number("loa_m", 1.0),
        beam_m=row.number("beam_m", 1.0),
        draft_m=row.number("draft_m", 0.1),
        air_draft_m=row.maybe("air_draft_m"),
        dwt_t=row.number("dwt_t"),
        gt=row.number("gt"),
        capacity=row.maybe("capacity"),
        capacity_unit=row.text("capacity_unit"),
        main_power_kw=row.number("main_power_kw", 1.0),
        design_speed_kn=row.number("design_speed_kn", 0.1),
        main_fuel_design_tpd=row.number("main_fuel_tpd_at_design", 0.01),
        main_fuel_service_tpd=row.number("main_fuel_tpd_at_service", 0.01),
        speed_exponent=row.number("speed_exponent", 1.0),
        aux_kw_sea=row.number("aux_kw_sea"),
        boiler_kw_sea=row.number("boiler_kw_sea"),
        sfoc_g_kwh=row.number("sfoc_base_g_kwh", 1.0),
        default_fuel=row.word("default_fuel"),
        ice_class=row.ice_class("ice_class_ru"),
        ice_class_text=row.word("ice_class"),
        double_acting=row.yes("double_acting"),
        source=row.word("source"),
        confidence=row.word("confidence"),
        note=row.text("note"),
        economics={k: _value(row.text(k)) for k in ECONOMICS if row.text(k)},
    )


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
