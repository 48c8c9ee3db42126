"""What `comparison.plot` offers: the map, the year, the costs, the way through the ice, a closure met, the live map."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.plot.results import Pictures, looked, plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class LiveMap:
    """The live map of a scenario as one page that needs no network; a notebook shows it in a frame."""

    def __init__(self, page: bytes) -> None:
        self.page = page

    def __repr__(self) -> str:
        return f"LiveMap({len(self.page) / 1e6:.2f} MB; .save(path) writes it)"

    def save(self, path: str | Path) -> None:
        """Write the page whole or not at all. Raises UsageError."""
        from sim.report.files import check_target, write_whole

        check_target(Path(path))
        write_whole(Path(path), self.page)

    def _repr_html_(self) -> str:
        page = escape(self.page.decode("utf-8"))
        return f'<iframe srcdoc="{page}" width="100%" height="640" style="border:0" title="live map"></iframe>'


class ComparisonPictures(Pictures):
    """The pictures of a comparison. All take the fields of a `Look`, such as `title`, `size` and `ax`."""

    def map(self, **options: Any) -> Figure:
        """The map of the routes: `projection` "world", "polar" or "auto", `folder` of an ice file."""
        return plot(self._result, **options)

    def nsr(self, folder: Path | None = None, **options: Any) -> Figure:
        """The Northern Sea Route close up, with the ice and the dates along the tracks."""
        from sim.plot.maps.closeup import nsr_picture
        from sim.plot.maps.map import draw

        return draw(nsr_picture(self._result, folder), "nsr", looked(options)[0])

    def calendar(
        self, every_days: int = 7, year: int | None = None, folder: Path | None = None, **options: Any
    ) -> Figure:
        """Every week of a year sailed, as a picture: takes the time of a calendar."""
        from sim.geo.network import SeaNetwork
        from sim.plot.charts.calendar_plot import draw_calendar
        from sim.scenario.load import NOTHING, ports_path
        from sim.study.calendar import calendar

        scenario, where = self._result.scenario, folder or NOTHING
        look = looked(options)[0]
        net = SeaNetwork.load(ports_path(scenario, where))
        return draw_calendar(calendar(scenario, net, where, year=year, every_days=every_days), look)

    def costs(self, **options: Any) -> Figure:
        """The parts of the cost of each alternative. Raises UsageError where nothing is costed."""
        from sim.plot.page.costs import draw_costs

        return draw_costs(self._result, looked(options)[0])

    def profile(self, **options: Any) -> Figure:
        """Ice, speed and RIO along the routes. Raises UsageError where no voyage meets ice."""
        from sim.plot.page.profile import draw_profile

        return draw_profile(self._result, looked(options)[0])

    def turning(self, **options: Any) -> Figure:
        """Where a ship under way turns from a passage that closes. Raises UsageError where none does."""
        from sim.plot.maps.map import draw, fitting
        from sim.plot.maps.turning import turning_picture

        look, rest = looked(options)
        picture = turning_picture(self._result)
        return draw(picture, fitting(picture, rest.get("projection", "world"))[0], look)

    def explore(self, folder: Path | None = None) -> LiveMap:
        """The live map of the scenario."""
        from sim.geo.network import SeaNetwork
        from sim.result import explore_page
        from sim.scenario.load import NOTHING, ports_path

        scenario, where = self._result.scenario, folder or NOTHING
        return LiveMap(explore_page(SeaNetwork.load(ports_path(scenario, where)), scenario, where))
