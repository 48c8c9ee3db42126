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

# Of a second and third alternative by one named route: its colour, wide and dashed, so that it shows beneath the first
AGAIN: Final[tuple[tuple[Any, float], ...]] = (
    ((0, (1.6, 0.8)), 4.4), ((0, (4.2, 1.0)), 4.2), ((0, (0.7, 0.7)), 4.4), ((0, (2.6, 0.8, 0.8, 0.8)), 4.0),
)  # fmt: skip
FREE: Final = ("usual", "any")  # may lead anywhere, so that another name for one of them is another route


def closed_style(style: Style) -> Style:
    """The line of a route as far as it can be sailed: thin and dotted, in the colour of the route."""
    return Style(style.colour, (0, (1.6, 1.6)), 1.6)


def styles_of(labels: Sequence[str], named: Sequence[str] = ()) -> list[Style]:
    """How the alternatives of a scenario are drawn, in their order: all of them, also those that are not open.

    `named` are the named routes that they are of, as far as known; else the labels say it. A named route has its own
    line wherever it stands; further alternatives by it have its colour with the dashes of `AGAIN`, and other names the
    lines of `OWN` in turn. One label has one line however often it stands.
    """
    words = [label.strip().casefold() for label in labels]
    routes = [name.strip().casefold() for name in named] or words
    routes = [word if route in FREE else route for word, route in zip(words, routes, strict=True)]
    own, again = 0, dict.fromkeys(ROUTES, 0)
    plain = {route: next((w for w, r in zip(words, routes, strict=True) if r == route == w), "") for route in ROUTES}
    out: dict[str, Style] = {}
    for word, route in zip(words, routes, strict=True):
        if word in out:
            continue
        if route not in ROUTES:
            out[word], own = OWN[own % len(OWN)], own + 1
        elif (plain[route] or word) == word:
            out[word], plain[route] = ROUTES[route], word
        else:
            dash, width = AGAIN[again[route] % len(AGAIN)]
            out[word] = Style(ROUTES[route].colour, dash, width)
            again[route] += 1
    return [out[word] for word in words]


def named_routes(document: Mapping[str, Any]) -> list[str]:
    """The named route of each alternative of a stored result; its own name where the inputs are absent."""
    told = [str(a["route"]) for a in document["alternatives"]]
    inputs = document.get("inputs")
    listed = inputs.get("alternatives") if isinstance(inputs, Mapping) else None
    if not isinstance(listed, Sequence) or len(listed) != len(told):
        return told
    pairs = zip(listed, told, strict=True)
    return [str(a.get("route", own)) if isinstance(a, Mapping) else own for a, own in pairs]
