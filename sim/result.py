"""Where a result finds its writers.

A result is made in a room to the left of those that write it down (sim/report) and draw it (sim/plot), and no module
imports to its right. A reader all the same expects `result.to_frame()` to be there. This is the one place where a
result reaches its writers: by their names, as text, when they are called for. See docs/decisions/0016.
"""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

TEXTS, WRITERS, SHOWN_BY = "sim.report.reasons", "sim.report.results", "sim.plot.notebook"
EXPORTS, LIVE_MAP = "sim.report.export.write", "sim.web"

SHOWN, LONGEST = 5, 48  # figures and words of a result in its repr; characters of one


class Result:
    """What every result can do: JSON values, a frame, a picture, and HTML in a notebook."""

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        return _call(WRITERS, "to_dict", self)  # type: ignore[no-any-return]

    def to_frame(self) -> Any:
        """The result as a pandas or geopandas frame."""
        return _call(WRITERS, "to_frame", self)

    @property
    def plot(self) -> Any:
        """`plot()` is a picture of the result; `plot.map()` and others are more of them, where there are any."""
        return _call(SHOWN_BY, "pictures", self)

    def __repr__(self) -> str:
        """The first short figures and words that it holds: one line, however much it holds."""
        held = ((f.name, getattr(self, f.name)) for f in fields(self))  # type: ignore[arg-type]
        short = [(name, value) for name, value in held if isinstance(value, str | int | float) and value != ""]
        return f"{type(self).__name__}({', '.join(f'{name}={_brief(value)}' for name, value in short[:SHOWN])})"

    def _repr_html_(self) -> str:
        return str(_call(SHOWN_BY, "html", self))


class Exportable(Result):
    """A result that has a track: it can be written for charts, maps and spreadsheets."""

    def export(self, path: str | Path, format: str | None = None, **how: Any) -> tuple[Path, ...]:
        """Write the result for another program; the files that were written.

        `format` is gpkg, gpx, kml, rtz, geojson, netcdf or xlsx, by the suffix of the file where it is not given.
        `tolerance_deg` (0.25 to 2) is by how much the course of a leg between waypoints may differ from that of the
        route. Of a comparison `routes` are the names of those to write, all that are open if absent; of a route `name`
        is its name and `ends` the names of its two places. Raises UsageError. See docs/export.md.
        """
        return tuple(_call(EXPORTS, "export", self, path=path, kind=format, **how))


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + "..." + text[-1]


def reason_text(block: object) -> str:
    """Why a voyage ends before its port, in a sentence: the text of a `sim.voyage.voyage.Block`."""
    return str(_call(TEXTS, "block_text", block))


def explore_page(net: object, scenario: object, folder: object) -> bytes:
    """The live map of a scenario as a page: what `sim.web.explore_page` writes."""
    return bytes(import_module(LIVE_MAP).explore_page(net, scenario, folder))


def _call(module: str, name: str, result: object, /, **how: Any) -> Any:
    return getattr(import_module(module), name)(result, **how)
