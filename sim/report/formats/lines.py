"""How each route is drawn: one colour, dash and width for a named route in every picture, the live map's too.

The colours are those of the live map in sim/web (a test holds the two together). No two of them have one dash unless
they are at least 7 steps of lightness (CIE L*) apart, so that they can be told apart in a grey print and by all eyes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Style:
    """How one route is drawn."""

    colour: str
    dash: Any
    width: float  # points


# Wide below and narrow above, so that all show where they coincide. Dashes are in widths of the line.
ROUTES: Final[Mapping[str, Style]] = {
    "usual": Style("#9AA5AD", "solid", 5.4),
    "any": Style("#6B7780", (0, (0.9, 0.9)), 4.4),
    "suez": Style("#C8400A", "solid", 3.4),
    "cape": Style("#14183F", (0, (3.0, 1.0)), 2.9),
    "panama": Style("#E59A00", (0, (0.85, 0.85)), 2.8),
    "nsr": Style("#00609E", "solid", 2.5),
    "nwp": Style("#1C9A77", (0, (5.4, 1.2, 1.2, 1.2)), 2.4),
    "transpolar": Style("#7B1E5B", (0, (2.1, 0.9)), 2.2),
}
# Of alternatives with names of their own, in their order: wide, so that a named route shows on top of them
OWN: Final = (
    Style("#8E9F3A", (0, (4.2, 1.0)), 4.4),
    Style("#C07DB0", (0, (1.6, 0.8)), 4.2),
    Style("#8A5A2B", (0, (6.0, 1.4)), 4.0),
    Style("#4FA9CE", (0, (0.9, 0.9)), 4.3),
    Style("#3F4A52", (0, (2.6, 0.8, 0.8, 0.8)), 3.8),
)


def closed_style(style: Style) -> Style:
    """The line of a route as far as it can be sailed: thin and dotted, in the colour of the route."""
    return Style(style.colour, (0, (1.6, 1.6)), 1.6)


def styles_of(labels: Sequence[str]) -> list[Style]:
    """How the alternatives of a scenario are drawn, in their order: all of them, also those that are not open.

    A named route has its own line wherever it stands; other names take those of `OWN` in turn.
    """
    out, own = [], 0
    for label in labels:
        style = ROUTES.get(label.strip().casefold())
        if style is None:
            style, own = OWN[own % len(OWN)], own + 1
        out.append(style)
    return out
