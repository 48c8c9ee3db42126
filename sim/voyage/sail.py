"""Sail a route: a ship moves along it through time, and the ice, the rules and the waits meet it where it then is.

The path is cut into pieces of at most `STEP_NM`. Ice is read on the cells of sim.geo.cells at the day on which the ship
is there; since its speed decides that day, the pieces are timed again until no time moves by more than `SETTLED_H`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from sim.geo.cells import CellGrid
from sim.geo.geodesy import Floats
from sim.geo.graph import Ints
from sim.geo.network.search.corridor import Cells, Corridor, Gates
from sim.geo.passages import PassageTable
from sim.geo.route import Route
from sim.geo.waters import sea_ids
from sim.ice import types
from sim.ice.admission import Ruling
from sim.ice.field import IceField, day_number
from sim.ice.types import ICE_FROM
from sim.ship.icebreakers import Icebreaker
from sim.ship.power import auxiliary_fuel_tpd, fuel_tpd, ice_power_share
from sim.ship.vessel import Ship
from sim.units import HOURS_PER_DAY
from sim.voyage import besetting
from sim.voyage.blocks import block_at, closed_by, creep_of
from sim.voyage.legs import Legs, Piecewise
from sim.voyage.navigation import Bar, Going, Navigator, Places
from sim.voyage.shelf import Shelf
from sim.voyage.track import Track, track_of
from sim.voyage.voyage import LEVELS, SpeedPlan, Voyage, ended

SETTLED_H = 0.01
ROUNDS = 12
CONVOY_GAP_NM = 100.0  # after so many miles alone a ship must wait for a new convoy


@dataclass(frozen=True)
class IceSea:
    """The ice that a ship sails in: its field, the cells it is read on, and how the ship goes in it; and the depth
    under it, None where no depth bars it."""

    grid: CellGrid
    field: IceField
    navigator: Navigator
    shelf: Shelf | None = None

    @cached_property
    def cells(self) -> Places:
        """All cells, bound to the field."""
        return self.places(self.grid.lonlat)

    def cells_of(self, corridor: Corridor | Gates | Cells) -> Places:
        """The cells of a corridor, or of legs through passages, bound to the field; kept as long as it is."""
        if corridor not in self._bound:
            self._bound[corridor] = self.cells_at(corridor.cells)
        return self._bound[corridor]

    @cached_property
    def _bound(self) -> WeakKeyDictionary[Corridor | Gates | Cells, Places]:
        return WeakKeyDictionary()

    def places_on(self, track: Track) -> Places:
        """The cells of a track's pieces in cells, bound to the field; kept as long as the track is."""
        if track not in self._on_track:
            self._on_track[track] = self.cells_at(track.cell[track.icy].astype(np.int64))
        return self._on_track[track]

    @cached_property
    def _on_track(self) -> WeakKeyDictionary[Track, Places]:
        return WeakKeyDictionary()

    def cells_at(self, cells: Ints) -> Places:
        """Some cells, bound to the field."""
        return self.places(self.grid.lonlat[cells])

    @cached_property
    def unruled(self) -> IceSea:
        """The same ice and ship where no rules of admission are applied."""
        free = replace(self, navigator=replace(self.navigator, admission=None))
        free.__dict__.update(_bound=self._bound, _on_track=self._on_track)  # bound once
        return free

    def places(self, lonlat: Floats) -> Places:
        """Places (n, 2), bound to ice and depth."""
        return Places(lonlat, self.field, self.shelf)


@dataclass
class Pieces:
    """A path in pieces; all arrays (n,). `sailed_nm` are the miles that a ship makes on a piece, `open_nm` those that
    it would make without ice; `beset_h` the hours that the ice is expected to hold it."""

    track: Track
    sailed_nm: Floats
    open_nm: Floats
    plan_kn: Floats
    wait_h: Floats
    beset_h: Floats


def sail(
    route: Route,
    plan: SpeedPlan,
    depart: datetime,
    table: PassageTable,
    ship: Ship | None = None,
    ice: IceSea | None = None,
) -> Voyage:
    """The voyage along a route. Where two named waters overlap, the slower speed holds; ice slows it further."""
    return timed(route, plan, depart, table, ship, ice)[0]


def timed(
    route: Route,
    plan: SpeedPlan,
    depart: datetime,
    table: PassageTable,
    ship: Ship | None = None,
    ice: IceSea | None = None,
) -> tuple[Voyage, Legs]:
    """The voyage along a route, and its legs, whose clock can be read before they are made."""
    track = track_of(route, table, None if ice is None else ice.grid)
    pieces = _pieces(route, plan, track, table)
    start = day_number(depart)
    hours, waits = track.length_nm / pieces.plan_kn, pieces.wait_h
    going = None
    if ice is not None:
        hours, waits, going = _through_ice(pieces, ice, start)
    middle = start + (np.cumsum(hours + waits) - waits - hours / 2) / HOURS_PER_DAY  # the day on which ice is read
    creep, held, upto = None, None, None
    if going is not None:
        creep, held = creep_of(going, track.middle, middle, hours, pieces.sailed_nm, pieces.plan_kn)
        if held is not None:
            going.bar[held] = Bar.BESET
        upto = int(np.argmax(going.bar != Bar.OPEN)) if (going.bar != Bar.OPEN).any() else None

    navigator = None if ice is None else ice.navigator  # legs that are made later must not hold the whole sea's ice

    def rule(k: int) -> Ruling | None:
        return None if navigator is None or going is None else navigator.ruling(going, k, float(middle[k]))

    fuel = _fuel(pieces, hours, waits, going, ship, None if navigator is None else navigator.icebreaker)
    parts = Piecewise(track.leg, track.length_nm, pieces.sailed_nm, track.middle, hours, waits, track.sea, fuel)
    legs = Legs(route, parts, going, depart, rule, upto)
    voyage = _summed(plan, pieces, parts, going, depart, legs)
    if ice is None or going is None:
        return voyage, legs
    if upto is None:
        beset = besetting.of_voyage(ice.navigator, going, pieces.sailed_nm)
        return replace(voyage, besetting=beset, creep=creep), legs
    closer = closed_by(ice.navigator, going, upto, track.middle, middle)
    held_by = creep if upto == held else None
    block = block_at(ice.navigator, going, upto, track.middle[upto], float(middle[upto]), ice.shelf, held_by, closer)
    return ended(voyage, block, legs), legs


def _pieces(route: Route, plan: SpeedPlan, track: Track, table: PassageTable) -> Pieces:
    leg, length = track.leg, track.length_nm
    speed = np.full(len(leg), np.inf)
    for water, speed_kn in plan.waters_kn.items():
        within = track.inside(water)
        speed[within] = np.minimum(speed[within], speed_kn)
    speed[np.isinf(speed)] = plan.speed_kn
    if plan.canal_limits:
        for k in np.unique(leg[track.canal]):
            limit = table[route.leg_tags[k]].speed_limit_kn
            speed[leg == k] = min(plan.speed_kn, limit or plan.speed_kn)
    wait = np.zeros(len(leg))
    ends = np.cumsum(length)
    for crossing in route.crossings:
        wait[min(int(np.searchsorted(ends, crossing.at_nm)), len(leg) - 1)] += plan.waits_h.get(crossing.passage, 0.0)
    return Pieces(track, length.copy(), length.copy(), speed, wait, np.zeros(len(leg)))


def _through_ice(pieces: Pieces, ice: IceSea, start: float) -> tuple[Floats, Floats, Going]:
    """Hours under way and waiting on each piece, and how the ship goes there; the miles of the pieces are set."""
    icy, length_nm = pieces.track.icy, pieces.track.length_nm
    hours = length_nm / pieces.plan_kn
    waits = pieces.wait_h
    places = ice.places_on(pieces.track)
    pieces.open_nm[icy] *= ice.navigator.open_ratio(places)
    for _ in range(ROUNDS):
        at = np.cumsum(hours + waits)
        middle = at - hours / 2 - waits
        going = ice.navigator.going(places, start + middle[icy] / HOURS_PER_DAY)
        slowed = (going.concentration >= ICE_FROM) & (going.bar == Bar.OPEN)
        speed = pieces.plan_kn.copy()
        speed[icy[slowed]] = np.minimum(speed[icy[slowed]], going.speed_kn[slowed])
        pieces.sailed_nm[icy] = length_nm[icy] * ice.navigator.sailed_ratio(going)
        new = pieces.sailed_nm / speed
        convoy = np.zeros(len(speed), dtype=bool)
        convoy[icy] = going.escorted & (types.severity(going.concentration, going.thickness_m) > types.LIGHT)
        waits = pieces.wait_h + ice.navigator.policy.escort_wait_h * _joins_convoy(convoy, length_nm)
        pieces.beset_h[icy] = besetting.hours_per_nm(ice.navigator, going) * pieces.sailed_nm[icy]
        waits = waits + pieces.beset_h
        moved = float(np.abs(np.cumsum(new + waits) - at).max())
        hours = new
        if moved < SETTLED_H:
            break
    return hours, waits, _spread(going, icy, len(hours), ice.navigator)


def _joins_convoy(escorted: NDArray[np.bool_], length_nm: Floats) -> Floats:
    """1 at pieces on which an escort begins that must be waited for; in light ice a convoy forms under way."""
    out = np.zeros(len(escorted))
    edges = np.flatnonzero(np.diff(escorted.astype(np.int8), prepend=0, append=0))
    begins, ends = edges[::2].tolist(), edges[1::2].tolist()
    for begin, before in zip(begins, [None, *ends], strict=False):
        out[begin] = float(before is None or length_nm[before:begin].sum() > CONVOY_GAP_NM)
    return out


def _spread(going: Going, rows: NDArray[np.int64], size: int, navigator: Navigator) -> Going:
    """Going of all pieces, of that of the pieces in cells; elsewhere is open water."""
    whole = navigator.open_water(size)
    for name in Going.__dataclass_fields__:
        getattr(whole, name)[rows] = getattr(going, name)
    return whole


def _fuel(
    pieces: Pieces, hours: Floats, waits: Floats, going: Going | None, ship: Ship | None, leader: Icebreaker | None
) -> Floats | None:
    """Tonnes of fuel (n,) on each piece; None where the ship's consumption is not known."""
    if ship is None or not ship.has_fuel:
        return None
    speed = pieces.sailed_nm / np.maximum(hours, 1e-12)
    rate = fuel_tpd(ship, speed)
    if going is not None:
        rows = np.flatnonzero(going.concentration >= ICE_FROM)
        for escorted in (False, True):
            part = rows[going.escorted[rows] == escorted]
            if len(part):
                share = ice_power_share(
                    ship,
                    going.concentration[part],
                    going.thickness_m[part],
                    speed[part],
                    escorted=escorted,
                    icebreaker=leader,
                )
                rate[part] = fuel_tpd(ship, speed[part], np.nan_to_num(share, nan=1.0))
    return np.asarray((rate * hours + auxiliary_fuel_tpd(ship) * waits) / HOURS_PER_DAY)


def _summed(
    plan: SpeedPlan,
    pieces: Pieces,
    parts: Piecewise,
    going: Going | None,
    depart: datetime,
    legs: Legs,
) -> Voyage:
    hours, waits, sea, fuel = parts.hours, parts.waits, parts.sea, parts.fuel
    track = pieces.track
    total_h = float((hours + waits).sum())
    nsr = track.inside("nsr")
    spent = hours + waits
    at_sea = ~track.canal
    water_nm = {w: float(track.length_nm[track.inside(w) & at_sea].sum()) for w in plan.waters_kn}
    sea_days = {
        name: float(spent[sea == k].sum()) / HOURS_PER_DAY for k, name in enumerate(sea_ids()) if (sea == k).any()
    }
    more: dict[str, object] = {}
    if going is not None:
        icy = going.concentration >= ICE_FROM
        more = {
            "ice_delay_days": float((hours - pieces.open_nm / pieces.plan_kn).sum()) / HOURS_PER_DAY,
            "ice_nm": float(track.length_nm[icy].sum()),
            "escort_nm": float(track.length_nm[going.escorted].sum()),
            "escort_wait_days": float((waits - pieces.wait_h - pieces.beset_h).sum()) / HOURS_PER_DAY,
            "risk_days": {
                name: float(hours[icy & (going.level == k)].sum()) / HOURS_PER_DAY for k, name in enumerate(LEVELS)
            },
            "lowest_rio": float(going.rio[icy].min()) if icy.any() else None,
            "low_confidence_nm": float(track.length_nm[icy & going.low].sum()),
        }
    return Voyage(
        days=total_h / HOURS_PER_DAY,
        sailing_days=float(hours.sum()) / HOURS_PER_DAY,
        wait_days=float(waits.sum()) / HOURS_PER_DAY,
        canal_days=float(hours[track.canal].sum()) / HOURS_PER_DAY,
        water_nm=water_nm,
        depart=depart,
        arrive=depart + timedelta(hours=total_h),
        legs=legs,
        fuel_t=None if fuel is None else float(fuel.sum()),
        sailed_nm=float(pieces.sailed_nm.sum()),
        nsr_nm=float(track.length_nm[nsr].sum()),
        nsr_sailed_nm=float(pieces.sailed_nm[nsr].sum()),
        nsr_days=float((hours + waits)[nsr].sum()) / HOURS_PER_DAY,
        sea_days=sea_days,
        **more,  # type: ignore[arg-type]
    )
