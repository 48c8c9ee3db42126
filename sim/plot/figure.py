"""The page that every picture is drawn on, in fonts that have its letters, and how it is written.

A page stays whole: a notebook saves with `bbox_inches="tight"`, which cuts a figure to what is drawn on it and moves
what is placed in inches. Here "tight" is the page itself, and all places are shares of the page.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import NameNotDrawn, UsageError
from sim.report.files import check_target, write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 864.0, 540.0  # points: 12 x 7.5 inches
DPI: Final = 150
SUFFIXES: Final = (".png", ".svg", ".pdf")
FONT: Final = "DejaVu Sans"  # comes with matplotlib
PREFERRED, PLACEHOLDER = "Noto Sans", "Last Resort"  # families that are asked first, and never
UNKNOWN: Final = "?"
REGULAR = 400  # weight


def page(size: tuple[float, float] | None = None) -> Figure:
    """An empty white page of a size in inches, 12 x 7.5 if absent."""
    cls, canvas = _page_classes()
    figure = cls(figsize=size or (WIDTH / 72, HEIGHT / 72), dpi=DPI, facecolor="white", layout="none")
    canvas(figure)
    return figure  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _page_classes() -> tuple[Any, Any]:
    """The figure and the canvas of a page; made here, so that matplotlib waits until it is needed."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    class Page(Figure):
        """A figure whose tight box is the page, and which shows itself in a notebook without a backend for that."""

        def get_tightbbox(self, *_: Any, **__: Any) -> Any:
            return self.bbox_inches

        def _repr_png_(self) -> bytes:
            out = io.BytesIO()
            self.savefig(out, format="png", dpi=96)
            return out.getvalue()

    class PageCanvas(FigureCanvasAgg):
        """A canvas that writes the whole page whatever box is asked for."""

        def print_figure(self, filename: Any, *args: Any, **how: Any) -> Any:
            how |= {"bbox_inches": None, "pad_inches": None}
            # Letters are drawn as wide as the halo around them, which is a path and never fitted to pixels.
            with matplotlib.rc_context({"savefig.bbox": None, "text.hinting": "none"}):
                return super().print_figure(filename, *args, **how)

    return Page, PageCanvas


def check_suffix(path: Path) -> str:
    """The suffix of a file that a picture can be written as, in small letters. Raises UsageError for another."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"cannot write a picture as '{path.name}': allowed suffixes are {', '.join(SUFFIXES)}")
    return suffix


def picture_bytes(draw: Callable[[], Figure], suffix: str, title: str, description: str, dpi: int = DPI) -> bytes:
    """A picture as the bytes of a .png, .svg or .pdf file: the same each time, whatever a matplotlibrc says."""
    import matplotlib
    import matplotlib.style

    told: dict[str, Any] = {"Title": title, "Description": description}
    if suffix == ".pdf":
        told = {"Title": title, "Subject": description, "CreationDate": None}
    elif suffix == ".svg":
        told |= {"Date": None}
    fixed: Any = {"svg.hashsalt": "northabout", "svg.fonttype": "none", "path.simplify": True, "pdf.fonttype": 42}
    out = io.BytesIO()
    with matplotlib.style.context("default"), matplotlib.rc_context(fixed):
        draw().savefig(out, format=suffix[1:], dpi=dpi, metadata=told)
    return out.getvalue()


def write_picture(draw: Callable[[], Figure], path: Path, title: str, description: str, dpi: int = DPI) -> None:
    """Draw a picture and write it whole or not at all, by its suffix.

    Raises UsageError for another suffix or a file that cannot be written, before anything is drawn.
    """
    path = Path(path)
    suffix = check_suffix(path)
    check_target(path)
    write_whole(path, picture_bytes(draw, suffix, title, description, dpi))


@lru_cache(maxsize=4096)
def drawable(text: str) -> tuple[str, tuple[str, ...], str]:
    """A text as it can be drawn, the font families for it, and the characters that cannot be drawn.

    The families are the usual one, then those that have what it lacks. A character that no installed font has becomes
    its plain form where it has one, else a question mark.
    """
    families, out, lost = [FONT], [], []
    for c in text:
        if c == "\n" or ord(c) in _letters():
            out.append(c)
        elif (family := _family_with(ord(c))) is not None:
            out.append(c)
            families += [family] if family not in families else []
        else:
            plain = "".join(p for p in unicodedata.normalize("NFKD", c) if ord(p) in _letters())
            out.append(plain or UNKNOWN)
            lost += [] if plain else [c]
    return "".join(out), tuple(families), "".join(dict.fromkeys(lost))


@lru_cache(maxsize=256)
def tell_gap(text: str) -> None:
    """Warn once of a text that cannot be drawn as it is written."""
    if lost := drawable(text)[2]:
        said = f"'{text[:60]}' cannot be drawn as it is written: no installed font has {lost[:20]}"
        warnings.warn(said, NameNotDrawn, stacklevel=3)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """The characters of the usual font, regular and bold: only names of seas, which are known, are in italics."""
    from matplotlib.font_manager import FontProperties, findfont

    faces: tuple[dict[str, Any], ...] = ({}, {"weight": "bold"})
    found = [_characters(str(findfont(FontProperties(family=FONT, **face)))) for face in faces]
    return frozenset.intersection(*found)


@lru_cache(maxsize=64)
def _characters(path: str) -> frozenset[int]:
    """The characters of a font file; none where it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


@lru_cache(maxsize=1)
def installed() -> tuple[tuple[str, str], ...]:
    """Families and files of the fonts that a machine has beside the usual one, in an order that does not change."""
    from matplotlib.font_manager import fontManager

    found: dict[str, str] = {}
    for entry in sorted(fontManager.ttflist, key=lambda e: (not e.name.startswith(PREFERRED), e.name, e.fname)):
        if entry.style == "normal" and entry.weight in (REGULAR, "normal") and not entry.name.startswith(PLACEHOLDER):
            found.setdefault(entry.name, entry.fname)
    return tuple(found.items())


@lru_cache(maxsize=4096)
def _family_with(character: int) -> str | None:
    """The first family that has a character."""
    return next((family for family, path in installed() if character in _characters(path)), None)
