"""The pictures of a report of a scenario, each as the bytes of a file: the same each time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.plot.figure import picture_bytes
from sim.report.page.sections import Image

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison
    from sim.study.calendar import Calendar
    from sim.study.findings.findings import Findings

DPI: Final = 130  # of maps: 234 dots an inch at the width of A4


def scenario_pictures(
    comparison: Comparison, slug: str, folder: Path | None = None, calendar: Calendar | None = None
) -> dict[str, Image]:
    """The pictures by what they show, as far as there is something to show; `slug` begins the names of their files."""
    from sim.plot.page.costs import cost_words, draw_costs
    from sim.plot.page.profile import draw_profile, profile_words, tracks

    out = {"map": map_image(comparison, slug, folder)}
    if tracks(comparison):
        title, told = profile_words(comparison)
        content = picture_bytes(lambda: draw_profile(comparison), ".svg", title, told)
        out["profile"] = Image(f"{slug}-profile.svg", title, f"{title}. {told}", content)
    if calendar is not None:
        from sim.plot.charts.calendar_plot import calendar_picture

        title = f"Departures of {calendar.year}"
        told = f"{title}: when each route is open, days at sea, and days saved against {calendar.baseline}"
        out["calendar"] = Image(f"{slug}-calendar.svg", title, told, calendar_picture(calendar, ".svg"))
    if any(o.ledger is not None for o in comparison.outcomes):
        title, told = cost_words(comparison)
        content = picture_bytes(lambda: draw_costs(comparison), ".svg", title, told)
        out["costs"] = Image(f"{slug}-costs.svg", title, f"{title}. {told}", content)
    return out


def map_image(comparison: Comparison, slug: str, folder: Path | None) -> Image:
    """The map of the routes: about the Pole where a ship meets ice there, else of the world."""
    from sim.plot.maps.map import draw, metadata
    from sim.plot.maps.picture import of_comparison

    picture = of_comparison(comparison, folder)
    projection = "world" if picture.ice is None else "polar"
    title, told = metadata(picture, projection)
    content = picture_bytes(lambda: draw(picture, projection), ".png", title, told, DPI)
    return Image(f"{slug}-map.png", title, f"{title}. {told}", content)


def findings_pictures(found: Findings, slug: str) -> tuple[Image, ...]:
    """The pictures of a study."""
    from sim.plot.study.pictures import study_pictures

    return tuple(Image(f"{slug}-{name}", one.title, one.title, one.png) for name, one in study_pictures(found).items())
