"""The built-in ice climate: concentration and thickness anywhere, any month, by global warming and kind of season.

About 400 fixed points ("stations") carry twelve monthly mean concentrations of the climate at 1.0 C of human-induced
warming. Between them the logit of concentration is linear in triangles of the Lambert equal-area plane about the pole,
so that an ice edge stays sharp and there is no seam. Warming lowers the logit of a station by `kappa` of its sea and
month per degree; a heavy or light year moves it by z times `spread`. Thickness is built the same way on stations of
its own: its logarithm is linear in the triangles and falls by `lambda` per degree.

Source: own fits to NSIDC-0051, G02135 and PIOMAS v2.1; every row of the tables says which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import isfinite
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import DataError, UsageError
from sim.geo.geodesy import RADIUS_KM, Floats
from sim.ice.field import FieldKind
from sim.ice.triangles import Triangles
from sim.tables import Filled, From, Read, Within

Ints = NDArray[np.int64]

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
RING_LAT: Final = 40.0  # the field ends on this parallel
RING_LON: Final = np.arange(0.0, 360.0, 15.0)
RING_THICKNESS_M: Final = 0.4
OPEN: Final = "Open"  # the sea of points that never see ice
EDGE: Final = 0.02  # lets the logit be finite at concentrations of 0 and 1
TABLE_WARMING_C: Final = 1.0  # what the stations are tabulated for
THINNING_BEND_C: Final = 1.3  # beyond, ice thins by at most THINNING_MAX per degree
THINNING_MAX: Final = 0.3
THICKNESS_PER_Z: Final = 0.15  # share by which a year of z = 1 has thicker ice
WARMING_RANGE_C: Final = (0.3, 5.0)
Z_RANGE: Final = (-6.0, 6.0)
TRACE: Final = 1e-6  # less than this is rounding, and counts as no ice
KEPT: Final = 96  # sets of places whose triangles are kept
EDGE_ENDS: Final = 0.5  # concentration above which the edge of one year is that of a mean; least squares, see 0023
SOURCES: Final = (
    "concentration: own fit to NSIDC-0051 (NASA Team) 1980-2016 and G02135 v3 regional areas 2017-2025",
    "thickness: own fit to PIOMAS v2.1",
)


OfMonths = Callable[["Corners", Ints], Floats]


def plane_km(lonlat: Floats) -> Floats:
    """Positions (n, 2) in km on the Lambert equal-area plane about the north pole, of lon, lat degrees (n, 2)."""
    lon = np.deg2rad(np.mod(lonlat[:, 0] + 180.0, 360.0) - 180.0)  # one angle for -180 and 180, for -10 and 350
    r = 2 * RADIUS_KM * np.sin(np.deg2rad(90.0 - lonlat[:, 1]) / 2)
    return np.column_stack([r * np.cos(lon), r * np.sin(lon)])


@dataclass(frozen=True)
class Corners:
    """Places in the triangles of a set of stations: `station` (n, 3) rows, `weight` (n, 3) barycentric shares.

    `inside` (n,) is False south of the ring.
    """

    station: Ints
    weight: Floats
    inside: NDArray[np.bool_]

    def mix(self, values: Floats) -> Floats:
        """Values (12, n) of the places from those of the stations (12, s)."""
        return np.asarray(np.einsum("nk,mnk->mn", self.weight, values[:, self.station]))


@dataclass(frozen=True)
class Stations:
    """Stations with the ring: `sea` (s,), `lonlat` (s, 2), `value` (s, 12), and `factors` (s, 12) of each one's sea."""

    sea: tuple[str, ...]
    lonlat: Floats
    value: Floats
    factors: dict[str, Floats]
    triangles: Triangles

    def corners(self, lonlat: Floats) -> Corners:
        """The triangles that places (n, 2) of lon, lat degrees lie in."""
        found, weight = self.triangles.shares(plane_km(lonlat))
        return Corners(self.triangles.corner[found], weight, found >= 0)


def _numbers(*texts: str) -> list[float]:
    return [float(text) for text in texts]


Months = Annotated[list[float], From(*MONTHS), Read(_numbers)]


@dataclass(frozen=True)
class _Station:
    sea: Filled
    lon: Annotated[float, Within(-180, 360)]
    lat: Annotated[float, Within(-90, 90)]
    months: Months


@dataclass(frozen=True)
class _Factor:
    quantity: Filled
    sea: Filled
    months: Months


@lru_cache(maxsize=1)
def _factors() -> dict[str, dict[str, list[float]]]:
    """Quantity -> sea -> twelve monthly values."""
    out: dict[str, dict[str, list[float]]] = {}
    for row in tables.rows(geodata.table("ice_warming.csv"), _Factor):
        out.setdefault(row.quantity, {})[row.sea] = row.months
    return out


def _stations(name: str, ring_value: float, quantities: tuple[str, ...]) -> Stations:
    """Reads a table and lays triangles through its points and the ring."""
    found = tables.rows(geodata.table(name), _Station)
    seas = [row.sea for row in found] + [OPEN] * len(RING_LON)
    lonlat = np.array([(row.lon, row.lat) for row in found])
    value = np.array([row.months for row in found])
    table, still = _factors(), [0.0] * 12
    try:
        factors = {q: np.array([still if sea == OPEN else table[q][sea] for sea in seas]) for q in quantities}
    except KeyError as error:
        raise DataError(f"{name} and ice_warming.csv do not fit ({error!r}); reinstall northabout") from error
    ring = np.column_stack([RING_LON, np.full(len(RING_LON), RING_LAT)])
    lonlat = np.vstack([lonlat, ring])
    value = np.vstack([value, np.full((len(ring), 12), ring_value)])
    return Stations(tuple(seas), lonlat, value, factors, Triangles.between(plane_km(lonlat)))


@lru_cache(maxsize=1)
def concentration_stations() -> Stations:
    """Stations of concentration, percent; read and triangulated once per process."""
    return _stations("ice_stations.csv", 0.0, ("kappa", "spread"))


@lru_cache(maxsize=1)
def thickness_stations() -> Stations:
    """Stations of mean floe thickness, m; read and triangulated once per process."""
    return _stations("ice_thickness_stations.csv", RING_THICKNESS_M, ("lambda",))


@lru_cache(maxsize=KEPT)
def _corners(quantity: Literal["concentration", "thickness"], places: bytes) -> Corners:
    """The triangles of a quantity that places (n, 2), as bytes, lie in; found once for many fields."""
    stations = concentration_stations() if quantity == "concentration" else thickness_stations()
    return stations.corners(np.frombuffer(places).reshape(-1, 2))


def mid_months(day: Floats) -> tuple[Ints, Ints, Floats]:
    """The mid-months before and after days (n,) since 1970-01-01 UTC (0 is January), and the share (n,) of the later.

    The middle of a month is half its own length, so that leap years need no rule and December runs into January.
    """
    ends = np.floor([day.min(), day.max()]).astype(np.int64).astype("datetime64[D]").astype("datetime64[M]")
    number, middles, length = _middles(*ends.astype(np.int64).tolist())
    at = np.searchsorted(middles, day, side="right") - 1
    before = number[at]
    return before, (before + 1) % 12, np.asarray((day - middles[at]) / length[at])


@lru_cache(maxsize=KEPT)
def _middles(first: int, last: int) -> tuple[Ints, Floats, Floats]:
    """Of the months since January 1970 from one before the first to the last: which of the year, its middle as days
    since 1970-01-01 UTC, and the days to the next one's."""
    months = np.arange(first - 1, last + 3).astype("datetime64[M]")
    starts = months.astype("datetime64[D]").astype(np.float64)
    middles = (starts[:-1] + starts[1:]) / 2
    return months.astype(np.int64) % 12, middles, np.diff(middles)


class ClimateSampler:
    """The climate at places. See `sim.ice.field.IceSampler`."""

    def __init__(
        self, concentration: Callable[[Ints], Floats], thickness_m: Callable[[Ints], Floats], count: int
    ) -> None:
        """Takes what gives both (m, n) at the middles of months (m,), January 0, for a count of places; thickness is
        given everywhere, also where there is no ice."""
        self._of = concentration, thickness_m  # thickness stays smooth over the ice edge: time runs between true values
        self._count = count
        self._known = np.zeros(len(MONTHS), dtype=bool)
        self._by_month: tuple[Floats, Floats] = np.empty((12, 0)), np.empty((12, 0))

    def _months(self, wanted: Ints) -> tuple[Floats, Floats]:
        """Concentration and thickness (12, n), of which the months wanted are known."""
        new = wanted[~self._known[wanted]]
        if len(new):
            if not self._known.any():
                self._by_month = np.empty((len(MONTHS), self._count)), np.empty((len(MONTHS), self._count))
            for values, of in zip(self._by_month, self._of, strict=True):
                values[new] = of(new)
            self._known[new] = True
        return self._by_month

    def monthly(self) -> tuple[Floats, Floats]:
        """Concentration (12, n), 0 to 1, and floe thickness (12, n) in m at mid-months, January first."""
        concentration, thickness_m = (values.copy() for values in self._months(np.arange(len(MONTHS))))
        return concentration, np.where(concentration > 0, thickness_m, 0.0)

    def floes_m(self) -> Floats:
        """Floe thickness (12, n) in m at mid-months, January first, also where there is no ice."""
        return self._months(np.arange(len(MONTHS)))[1].copy()

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        """Concentration (n,) and floe thickness (n,) in m on days since 1970-01-01 UTC: one for all places, or (n,).

        Linear between mid-months. Thickness is 0 where there is no ice.
        """
        days = np.asarray(day, dtype=np.float64)
        if not np.isfinite(days).all():
            raise UsageError("the day of an ice field must be a finite number of days since 1970-01-01")
        count = self._count
        if days.ndim and days.shape != (count,):
            raise UsageError(f"days have shape {days.shape}, allowed: one day, or one for each of the {count} places")
        if not days.size:
            return np.zeros(0), np.zeros(0)
        before, after, share = mid_months(np.atleast_1d(days))
        often = np.bincount(before, minlength=len(MONTHS))
        met = np.flatnonzero(often)
        by_month = self._months(np.flatnonzero(often + np.roll(often, 1)))
        if days.ndim == 0:
            early, late, weight = int(before[0]), int(after[0]), float(share[0])
            sic, thick = (v[early] + weight * (v[late] - v[early]) for v in by_month)
        else:
            sic, thick = (_between_months(values, met, before, share) for values in by_month)
        return sic, np.where(sic > 0, thick, 0.0)


def _between_months(by_month: Floats, met: Ints, before: Ints, share: Floats) -> Floats:
    """Values (n,) of places a share (n,) of the time after mid-months `before` (n,), which are some `met` (k,), by
    those of months (12, n). A voyage meets few months, so that these are gone through, not the places."""
    early, late = by_month[met[0]], by_month[(met[0] + 1) % len(MONTHS)]
    for month in met[1:].tolist():
        here = before == month
        early, late = np.where(here, by_month[month], early), np.where(here, by_month[(month + 1) % len(MONTHS)], late)
    return np.asarray(early * (1 - share) + late * share)


def edge_of_one_year(concentration: Floats) -> Floats:
    """Concentration at the ice edge of one year, of that of a mean field; the same above EDGE_ENDS.

    A mean of many years has a little ice over broad waters where most years had none. Where the field has 0.1, the
    months of 2016 and three days of NSIDC had 0.03 on average, and most of the cells none. The smooth step c (3 t^2 -
    2 t^3), t = c / EDGE_ENDS, has that shape; its one figure is fitted to them: benchmarks/ice_years.py prints it.
    """
    t = np.clip(concentration / EDGE_ENDS, 0.0, 1.0)
    return np.asarray(concentration * t * t * (3 - 2 * t))


def smoothed(concentration: Floats, thickness_m: Floats, reach: float) -> tuple[Floats, Floats]:
    """A climate on a plane (m, n) as it is drawn, without the corners of the triangles between its stations.

    The mean with Gaussian weights of `reach` points; thickness is that of the ice, by its concentration. What ships
    meet is not smoothed.
    """
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(concentration, reach)
    ice = np.maximum(smooth, TRACE)
    return smooth, np.where(smooth > TRACE, gaussian_filter(concentration * thickness_m, reach) / ice, 0.0)


def seas() -> tuple[str, ...]:
    """Seas of the stations, without the open water."""
    return tuple(_factors()["spread"])


class ClimateField:
    """The ice climate at one level of warming, in one kind of season. See `sim.ice.field.IceField`.

    `warming_c`: human-induced warming since 1850-1900, C. `anomaly_z`: standard deviations between years, the same in
    all seas; above 0 is more ice. `sea_z` (12,) takes its place in some seas, month by month. `thickness_z` is that of
    the floes, `anomaly_z` if absent. `one_year`: the ice edge of one year, not the wide one of a mean of many (see
    `edge_of_one_year`). The field repeats every year.
    """

    def __init__(
        self,
        warming_c: float,
        anomaly_z: float = 0.0,
        label: str = "",
        *,
        thickness_z: float | None = None,
        sea_z: Mapping[str, Floats] | None = None,
        one_year: bool = False,
        kind: FieldKind = "climate",
    ) -> None:
        thickness_z = anomaly_z if thickness_z is None else thickness_z
        for value, what, (low, high) in (
            (warming_c, "warming of an ice climate, C", WARMING_RANGE_C),
            (anomaly_z, "anomaly z of an ice climate", Z_RANGE),
            (thickness_z, "anomaly z of the floes of an ice climate", Z_RANGE),
            *((float(z), f"anomaly z of {sea}", Z_RANGE) for sea, months in (sea_z or {}).items() for z in months),
        ):
            if not isfinite(value) or not low <= value <= high:
                raise UsageError(f"{what}: {value:g}, allowed: {low:g} to {high:g}")
        self.warming_c, self.kind = float(warming_c), kind
        self.anomaly_z, self.thickness_z = float(anomaly_z), float(thickness_z)
        self.sea_z, self.one_year = dict(sea_z or {}), one_year
        self.label = label or f"ice climate at {warming_c:.2f} C of warming (mean field at z = {anomaly_z:+.1f})"
        self.sources: tuple[str, ...] = SOURCES

    def sampler(self, lonlat: Floats) -> ClimateSampler:
        """The climate bound to places (n, 2) of lon, lat degrees. Raises UsageError for a latitude beyond 90."""
        places = np.atleast_2d(np.asarray(lonlat, dtype=np.float64)).reshape(-1, 2)
        wrong = ~np.isfinite(places).all(axis=1) | (np.abs(places[:, 1]) > 90)
        if wrong.any():
            lon, lat = places[wrong][0]
            raise UsageError(f"ice at lon {lon:g}, lat {lat:g}: latitudes are -90 to 90; the order is lon, lat")
        where = places.tobytes()
        return ClimateSampler(
            partial(self._concentration, _corners("concentration", where)),
            partial(self._thickness_m, _corners("thickness", where)),
            len(places),
        )

    @cached_property
    def _concentration(self) -> OfMonths:
        """Concentration (m, n), 0 to 1, at places at the middles of months (m,)."""
        stations = concentration_stations()
        share = stations.value / 100
        logit = np.log((share + EDGE) / (1 + EDGE - share))
        logit -= stations.factors["kappa"] * (self.warming_c - TABLE_WARMING_C)
        logit += stations.factors["spread"] * self._station_z(stations.sea)

        def of_months(corners: Corners, months: Ints) -> Floats:
            sic = np.minimum((1 + 2 * EDGE) / (1 + np.exp(-corners.mix(logit.T[months]))) - EDGE, 1.0)
            if self.one_year:
                sic = edge_of_one_year(sic)
            return np.where(corners.inside & (sic > TRACE), sic, 0.0)

        return of_months

    def _station_z(self, seas: Sequence[str]) -> Floats:
        """z (s, 12) of stations by their seas and months."""
        same = np.full(len(MONTHS), self.anomaly_z)
        return np.array([self.sea_z.get(sea, same) for sea in seas])

    @cached_property
    def _thickness_m(self) -> OfMonths:
        """Mean floe thickness (m, n), m, at places at the middles of months (m,), if there is ice."""
        stations = thickness_stations()
        thinning = stations.factors["lambda"]
        warming = self.warming_c
        log_m = np.log(stations.value) - thinning * (min(warming, THINNING_BEND_C) - TABLE_WARMING_C)
        log_m -= np.minimum(thinning, THINNING_MAX) * max(warming - THINNING_BEND_C, 0.0)

        def of_months(corners: Corners, months: Ints) -> Floats:
            thick = np.exp(corners.mix(log_m.T[months])) * (1 + THICKNESS_PER_Z * self.thickness_z)
            return np.where(corners.inside, thick, 0.0)

        return of_months
