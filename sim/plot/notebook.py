"""How a result shows itself to a reader: its pictures, and its page in a notebook."""

from __future__ import annotations

from typing import Any

from sim.plot.results import Pictures


def pictures(result: Any) -> Pictures:
    """The pictures that a kind of result has."""
    if type(result).__name__ == "Comparison":
        from sim.plot.page.of_comparison import ComparisonPictures

        return ComparisonPictures(result)
    return Pictures(result)


def html(result: Any) -> str:
    """A result as HTML for a notebook; a comparison with a small map."""
    if type(result).__name__ == "Comparison":
        from sim.plot.maps.small_map import comparison_html

        return comparison_html(result)
    from sim.report.results import html as written

    return written(result)
