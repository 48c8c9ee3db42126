"""All pictures of a study, as far as its results have what each of them shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.plot.figure import picture_bytes
from sim.plot.look import PLAIN, Look
from sim.plot.study import bars, savings, weeks
from sim.plot.study.sheet import Words
from sim.report.files import plain_name, told_apart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.findings.findings import Findings

LEAST_WEEKS = 2  # of departures, for a picture over the year
ONE_KEY = "one_at_a_time"


@dataclass(frozen=True)
class StudyPicture:
    """A picture of a study: its title and the bytes of its .png."""

    title: str
    png: bytes


def study_pictures(found: Findings) -> dict[str, StudyPicture]:
    """The pictures by the names of their files, in the order in which a report shows them; the same bytes each time."""
    out = {}
    for name, (words, draw) in wanted(found).items():
        out[name] = StudyPicture(words.title, picture_bytes(draw, ".png", words.title, words.subtitle))
    return out


def draw_study(found: Findings, look: Look = PLAIN) -> Figure:
    """The first picture of a study as a figure of 12 x 7.5 inches, or as `look` asks: what the results say first."""
    for _, draw in wanted(found, look).values():
        return draw()
    return weeks.draw_open(found, look)


def wanted(found: Findings, look: Look = PLAIN) -> dict[str, tuple[Words, Callable[[], Figure]]]:
    """Files, what they are called, and what draws them."""
    out: dict[str, tuple[Words, Callable[[], Figure]]] = {}
    if any(b.base is not None for b in found.tornado):
        out["tornado.png"] = bars.tornado_words(found), partial(bars.draw_tornado, found, look=look)
    if found.plan.method == ONE_KEY:  # its few draws are no picture of what may happen
        return out
    if found.curves:
        out["saved.png"] = savings.curve_words(found), partial(savings.draw_curves, found, look=look)
    alternatives = list(dict.fromkeys(s.alternative for s in found.saved))
    slugs = told_apart(plain_name(label, "route") for label in alternatives)
    for alternative, slug in zip(alternatives, slugs, strict=True):
        own = [s for s in found.saved if s.alternative == alternative and s.group.month]
        if any(s.saves.count for s in own):
            name = f"saved-months-{slug}.png"
            out[name] = (
                savings.month_words(found, alternative),
                partial(savings.draw_months, found, alternative, look=look),
            )
    if len({f.week for f in found.fans}) >= LEAST_WEEKS:
        if any(f.open.count for f in found.fans):
            out["fan.png"] = weeks.fan_words(found), partial(weeks.draw_fans, found, look=look)
        out["open.png"] = weeks.open_words(found), partial(weeks.draw_open, found, look=look)
    if len({(p.year, p.pathway) for p in found.pathway_years}) > 1:
        out["years.png"] = savings.year_words(found), partial(savings.draw_years, found, look=look)
    if any(d.keys for d in found.decides):
        out["decides.png"] = bars.decides_words(found), partial(bars.draw_decides, found, look=look)
    if found.per_tonne:
        out["per-tonne.png"] = bars.tonne_words(found), partial(bars.draw_tonne, found, look=look)
    return out
