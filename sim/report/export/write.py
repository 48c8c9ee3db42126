"""Write a result in a format of other programs: what `northabout export` and `.export()` call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import UsageError, did_you_mean
from sim.report.export.waypoints import TOLERANCE_DEG, check_tolerance
from sim.report.files import check_target, plain_name, told_apart, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.geo.route import Route
    from sim.report.export.layers import Layer
    from sim.report.export.record import Exported
    from sim.scenario.compare import Comparison

FORMATS: Final = {
    "gpkg": ".gpkg", "gpx": ".gpx", "kml": ".kml", "rtz": ".rtz", "geojson": ".geojson", "netcdf": ".nc",
    "xlsx": ".xlsx",
}  # fmt: skip
SUFFIXES: Final = {suffix: kind for kind, suffix in FORMATS.items()} | {".json": "geojson", ".netcdf": "netcdf"}


def check_format(kind: str | None, path: Path | None) -> str:
    """The format that is asked for, else that of the suffix of the file. Raises UsageError."""
    told = None if path is None else SUFFIXES.get(path.suffix.lower())
    if kind is None and told is not None:
        return told
    allowed = f"allowed: {', '.join(FORMATS)}"
    if kind is None:
        if path is None:
            raise UsageError(f"--format is missing, {allowed}")
        hint = did_you_mean(path.suffix, SUFFIXES)
        raise UsageError(f"{path}: '{path.suffix}' is no kind of file to export to{hint}; {allowed}")
    if kind not in FORMATS:
        raise UsageError(f"--format is '{kind}'{did_you_mean(kind, FORMATS)}, {allowed}")
    if told not in (None, kind):
        raise UsageError(f"--format is {kind}, but {path} is {told}; leave one of them out")
    return kind


def chosen(told: Exported, routes: Sequence[str]) -> Exported:
    """What is exported of some routes only, all if none is named. Raises UsageError for a route that is not there."""
    if not routes:
        return told
    names = [*(t.label for t in told.tracks), *(o.label for o in told.left_out)]
    for route in routes:
        if route not in names:
            hint = did_you_mean(route, names)
            raise UsageError(f"no route '{route}' in this result{hint}; it has {', '.join(names)}")
    return replace(
        told,
        tracks=tuple(t for t in told.tracks if t.label in routes),
        left_out=tuple(o for o in told.left_out if o.label in routes),
        closures=tuple(c for c in told.closures if c.route in ("", *routes)),
    )


def files(told: Exported, kind: str, path: Path, tolerance_deg: float = TOLERANCE_DEG) -> dict[Path, bytes]:
    """The files of a format: one, and of RTZ one a route (NAME-ROUTE.rtz where there are several).

    Raises UsageError where nothing can be written: no route is open, or the format cannot hold it.
    """
    check_tolerance(tolerance_deg)
    if not told.tracks:
        raise UsageError("no route is open: there is nothing to export")
    if kind == "rtz":
        from sim.report.export.formats.rtz import rtz

        paths = rtz_paths(told, path)
        return {p: rtz(told, t, p.stem, tolerance_deg) for p, t in zip(paths, told.tracks, strict=True)}
    return {path: _content(told, kind, tolerance_deg)}


def _content(told: Exported, kind: str, tolerance_deg: float) -> bytes:
    """The one file of a format."""
    if kind == "gpx":
        from sim.report.export.formats.gpx import gpx

        return gpx(told, tolerance_deg)
    if kind == "netcdf":
        from sim.report.export.formats.netcdf import netcdf

        return netcdf(told)
    from sim.report.export.layers import layers

    return _of_layers(told, layers(told, tolerance_deg), kind)


def _of_layers(told: Exported, made: tuple[Layer, ...], kind: str) -> bytes:
    """The one file of a format that is written from layers."""
    if kind == "gpkg":
        from sim.report.export.formats.gpkg import gpkg

        return gpkg(made)
    if kind == "kml":
        from sim.report.export.formats.kml import kml

        return kml(told, made)
    if kind == "xlsx":
        from sim.report.export.formats.xlsx import xlsx

        return xlsx(told.name, made)
    from sim.report.export.formats.geojson import geojson

    return geojson(made)


def rtz_paths(told: Exported, path: Path) -> list[Path]:
    """The file of each route."""
    if len(told.tracks) == 1:
        return [path]
    names = told_apart(plain_name(track.label, "route") for track in told.tracks)
    return [path.with_name(f"{path.stem}-{name}{path.suffix}") for name in names]


def export(
    result: Comparison | Route,
    path: str | Path,
    kind: str | None = None,
    routes: str | Sequence[str] = (),
    tolerance_deg: float = TOLERANCE_DEG,
    **of: Any,
) -> tuple[Path, ...]:
    """Write a comparison or a route in a format; the files that were written. Raises UsageError.

    `of` are `name` and `ends` of a route, which knows neither itself: see `sim.report.export.read.of_route`.
    """
    from sim.geo.route import Route
    from sim.report.export.read import of_comparison, of_route

    target = Path(path)
    kind = check_format(kind, target)
    check_target(target)
    told = of_route(result, **of) if isinstance(result, Route) else of_comparison(result, **of)
    made = files(chosen(told, [routes] if isinstance(routes, str) else routes), kind, target, tolerance_deg)
    write_all(made)
    return tuple(made)
