"""How a reader wants a picture: its title, its size, what is on it, and the axes that it is drawn into."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final

from sim.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_IN, MOST_IN = (7.0, 5.0), (40.0, 40.0)  # inches of a page
LEAST_DPI, MOST_DPI, DPI = 50, 600, 150
LONGEST_TITLE: Final = 200
LEAST_SPAN_DEG: Final = 1.0  # of an extent
WIDEST_DEG: Final = 180.0
NORTHMOST: Final = 89.0


@dataclass(frozen=True)
class Look:
    """What may be chosen of a picture; what is None is chosen by the picture itself.

    `size`: width and height, inches. `centre_deg`: the meridian in the middle of a map. `extent`: west, south, east and
    north of a map, degrees; an east below west is reached over 180. `labels`, `ice`: whether names and the ice are
    drawn. `ax`: matplotlib axes to draw into, with a short title and without the text around a page.
    Raises UsageError for a value that is not allowed.
    """

    title: str | None = None
    size: tuple[float, float] | None = None
    labels: bool = True
    ice: bool = True
    centre_deg: float | None = None
    extent: tuple[float, float, float, float] | None = None
    ax: Axes | None = None

    def __post_init__(self) -> None:
        if self.title is not None and not (self.title.strip() and len(self.title) <= LONGEST_TITLE):
            raise UsageError(f"the title has {len(self.title)} characters, allowed are 1 to {LONGEST_TITLE}")
        if self.size is not None:
            _check_size(self.size)
            if self.ax is not None:
                raise UsageError("'size' is that of a page of its own; axes have the size of their figure")
        if self.centre_deg is not None and not -180 <= self.centre_deg <= 360:
            raise UsageError(f"the centre is {self.centre_deg:g}, allowed is a longitude of -180 to 360")
        if self.extent is not None:
            _check_extent(self.extent)
            if self.centre_deg is not None:
                raise UsageError("'extent' and 'centre' both say what is in the middle: give one of them")


def _check_size(size: tuple[float, float]) -> None:
    for value, least, most, name in zip(size, LEAST_IN, MOST_IN, ("width", "height"), strict=True):
        if not least <= value <= most:
            raise UsageError(f"the {name} is {value:g} inches, allowed is {least:g} to {most:g}")


def _check_extent(extent: tuple[float, float, float, float]) -> None:
    west, south, east, north = extent
    told = f"the extent is {west:g},{south:g},{east:g},{north:g}"
    if not all(isfinite(v) for v in extent) or not (-180 <= west <= 360 and -180 <= east <= 360):
        raise UsageError(f"{told}: west and east are longitudes of -180 to 360")
    if not (south >= -NORTHMOST and south + LEAST_SPAN_DEG <= north <= NORTHMOST):
        raise UsageError(
            f"{told}: south is {LEAST_SPAN_DEG:g} degree or more below north, both within {NORTHMOST:g} of the equator"
        )
    if not LEAST_SPAN_DEG <= (east - west) % 360 <= WIDEST_DEG:
        raise UsageError(f"{told}: from west to east is {LEAST_SPAN_DEG:g} to {WIDEST_DEG:g} degrees")


def check_dpi(dpi: int) -> int:
    """Dots an inch of a .png. Raises UsageError for what no file is written with."""
    if not LEAST_DPI <= dpi <= MOST_DPI:
        raise UsageError(f"the dpi is {dpi}, allowed is {LEAST_DPI} to {MOST_DPI}")
    return dpi


def numbers(text: str, count: int, name: str, between: str = ",") -> tuple[float, ...]:
    """So many numbers of an option, such as 12x7.5. Raises UsageError that names it."""
    try:
        found = tuple(float(part) for part in text.casefold().split(between))
    except ValueError:
        found = ()
    if len(found) != count:
        raise UsageError(f"{name} is '{text}', allowed are {count} numbers apart by '{between}'")
    return found


PLAIN: Final = Look()
