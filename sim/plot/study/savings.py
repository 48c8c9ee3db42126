"""Pictures of the probability of days saved: curves over the threshold, months, years and pathways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.plot.look import PLAIN, Look
from sim.plot.paper import INK, SOFT, Paper, clean
from sim.plot.study.sheet import (
    Words,
    begun,
    boxes,
    cell,
    entries_of,
    panel,
    percents,
    route_styles,
    shade,
    words_of,
)
from sim.report.formats.lines import Style
from sim.report.layout import MONTHS, signed
from sim.report.study.views import interval, percent
from sim.study.findings.table import ordered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.findings.findings import Findings
    from sim.study.findings.pathways import PathwayYear
    from sim.study.findings.savings import Saved, SavedCurve

MOST_PANELS, MOST_COLUMNS = 20, 6
HEAT_LEFT, HEAT_TOP = 96.0, 30.0  # points for the names of rows, and of columns
MOST_ROWS = 34  # of cells with words
WIDE, WIDEST = 74.0, 260.0  # points: width of a cell with room for both figures, and of any
ROOMY = 26.0  # points: height of a cell with room for its interval
BAND = "Bands: 95 % intervals of Wilson."


def curve_words(found: Findings) -> Words:
    """The words of the picture of curves."""
    base = found.plan.baseline
    more = "A closed voyage saves nothing."
    return words_of(found, f"How probable it is to save so many days or more against {base}", more)


def draw_curves(found: Findings, look: Look = PLAIN) -> Figure:
    """P(days saved >= x) over x: a panel an ice class (down) and decade (across), as far as the study has several."""
    style = route_styles(found)
    labels = list(dict.fromkeys(c.alternative for c in found.curves))
    paper, room = begun(curve_words(found), BAND, entries_of(labels, style), look=look)
    rows, columns = _split(found)
    at = {(c.group.ice_class, c.group.decade, c.alternative): c for c in found.curves}
    places = boxes(room, len(rows), len(columns), left=52.0)
    single = len(rows) == len(columns) == 1
    for k, box in enumerate(places):
        ice_class, decade = rows[k // len(columns)], columns[k % len(columns)]
        caption = " ".join(x for x in (ice_class, decade) if x) or "Probability, all draws"
        axes = panel(paper, box, caption)
        percents(axes)
        axes.axvline(found.threshold_days, color=INK, lw=0.9, ls=(0, (5, 3)), zorder=1)
        axes.axvline(0, color=SOFT, lw=0.7, zorder=1)
        for label in labels:
            if (curve := at.get((ice_class, decade, label))) is not None:
                _curve(axes, curve, style[label])
        if k % len(columns):
            axes.set_yticklabels([])
        if k // len(columns) < len(rows) - 1:
            axes.set_xticklabels([])
    _below(paper, places[-1], found, single)
    return paper.figure


def _split(found: Findings) -> tuple[list[str | None], list[str | None]]:
    """Classes and decades of the panels; all draws together (None) where there is one alone, or too many."""
    classes = ordered({c.group.ice_class for c in found.curves if c.group.ice_class is not None}, "ice_class")
    decades = ordered({c.group.decade for c in found.curves if c.group.decade is not None}, "decade")
    rows: list[str | None] = [*classes] if len(classes) > 1 else [None]
    columns: list[str | None] = [*decades] if 1 < len(decades) <= MOST_COLUMNS else [None]
    if len(rows) * len(columns) > MOST_PANELS or len(rows) > 5:
        rows = [None]
    return rows, columns


def _curve(axes: Axes, curve: SavedCurve, style: Style) -> None:
    x = list(curve.threshold_days)
    shares = [(s.low or 0.0, s.share or 0.0, s.high or 0.0) for s in curve.saves]
    axes.fill_between(x, [s[0] for s in shares], [s[2] for s in shares], color=style.colour, alpha=0.18, lw=0, zorder=2)
    axes.plot(x, [s[1] for s in shares], color=style.colour, lw=style.width, ls=style.dash, zorder=3, clip_on=False)
    axes.set_xlim(x[0], x[-1])


def _below(paper: Paper, last: tuple[float, float, float, float], found: Findings, single: bool) -> None:
    said = f"days saved, or more; dashed: {found.threshold_days:g} days"
    paper.text(last[2], last[1] - (24 if single else 23), said, 7.5, ha="right", color=SOFT)


def month_words(found: Findings, alternative: str) -> Words:
    """The words of the picture of months."""
    what = f"{alternative}: chance to save {found.threshold_days:g} days or more against {found.plan.baseline}"
    return words_of(
        found, what, "Percent of the draws by month of departure, with 95 % intervals; a closed voyage saves nothing."
    )


def draw_months(found: Findings, alternative: str, look: Look = PLAIN) -> Figure:
    """P of the threshold or more: months across, ice classes and decades down."""
    own = [s for s in found.saved if s.alternative == alternative and s.group.month]
    full = [s for s in own if s.group.ice_class is not None and s.group.decade is not None]
    keys = sorted({(s.group.decade or "", s.group.ice_class or "") for s in full})
    classes = ordered({k[1] for k in keys}, "ice_class")
    keys.sort(key=lambda k: (k[0], classes.index(k[1])))
    at = {(s.group.decade or "", s.group.ice_class or "", s.group.month or ""): s for s in full}
    if len(keys) > MOST_ROWS:
        keys = [("", "")]
    at |= {("", "", s.group.month or ""): s for s in own if s.group.ice_class is None} if keys == [("", "")] else {}
    paper, room = begun(month_words(found, alternative), "Empty cells: no draw departs then.", look=look)
    names = [" ".join(x for x in k if x) or "all" for k in keys]
    _heat(paper, room, names, list(MONTHS), [[at.get((*k, str(m))) for m in range(1, 13)] for k in keys])
    return paper.figure


def _heat(
    paper: Paper, room: tuple[float, float, float, float], names: list[str], heads: list[str],
    cells: list[list[Saved | None]],
) -> None:  # fmt: skip
    """Cells of probabilities with the names of rows on the left and of columns above."""
    x0, y0, x1, y1 = room[0] + HEAT_LEFT, room[1] + 4, room[2], room[3] - HEAT_TOP
    wide, high = (x1 - x0) / len(heads), min((y1 - y0) / len(names), 46.0)
    size = min(9.0, 0.62 * high)
    paper.axes((x0, y1 - high * len(names), x1, y1))  # a notebook shows no figure without axes
    for c, head in enumerate(heads):
        paper.text(x0 + (c + 0.5) * wide, y1 + 5, paper.elided(head, wide, 8.5), 8.5, ha="center", color=SOFT)
    for r, name in enumerate(names):
        top = y1 - r * high
        shown = paper.elided(name, HEAT_LEFT - 8, min(size, 8.5), "bold")
        paper.text(x0 - 6, top - high / 2 - 0.36 * min(size, 8.5), shown, min(size, 8.5), ha="right", weight="bold")
        for c, saved in enumerate(cells[r]):
            share = None if saved is None else saved.saves.share
            box = (x0 + c * wide, top - high, x0 + (c + 1) * wide, top)
            cell(paper, box, share, "" if saved is None else percent(share), size)
            said = "" if saved is None else interval(saved.saves)
            if high >= ROOMY and paper.size(said, 6.0)[0] < wide - 2 and share is not None:
                paper.text(x0 + (c + 0.5) * wide, top - high + 4, said, 6.0, ha="center", color=shade(share)[1])


def year_words(found: Findings) -> Words:
    """The words of the picture of years and pathways."""
    what = (
        f"Years and pathways: days saved against {found.plan.baseline}, and how often {found.threshold_days:g} or more"
    )
    more = "Figures: median saving of the open voyages, days. Colour and percent: share of draws that save so much."
    return words_of(found, what, more)


def draw_years(found: Findings, look: Look = PLAIN) -> Figure:
    """Years down; pathways across, beside each other for each alternative."""
    rows = found.pathway_years
    heads = list(dict.fromkeys((p.alternative, p.pathway) for p in sorted(rows, key=lambda p: p.pathway)))
    labels = [a for a in found.plan.alternatives if any(h[0] == a for h in heads)]
    heads.sort(key=lambda h: (labels.index(h[0]), h[1]))
    years = sorted({p.year for p in rows})
    at = {(p.alternative, p.pathway, p.year): p for p in rows}
    style = route_styles(found)
    paper, room = begun(year_words(found), "A dash: no voyage is open.", entries_of(labels, style), look=look)
    gap = 10.0
    x0, y0, x1, y1 = room[0] + 40, room[1] + 2, room[2], room[3] - 20
    wide = min((x1 - x0 - gap * (len(labels) - 1)) / len(heads), WIDEST)
    high = min((y1 - y0) / len(years), 40.0)
    size = min(8.5, 0.66 * high)
    paper.axes((x0, y1 - high * len(years), x0 + wide * len(heads) + gap * (len(labels) - 1), y1))
    step = max(1, -(-len(years) * 6 // int(y1 - y0)))  # years that can be named
    for r, year in enumerate(years):
        if r % step == 0:
            named = max(min(size, 8.0), 5.0)
            paper.text(x0 - 6, y1 - (r + 0.5) * high - 0.36 * named, str(year), named, ha="right", color=SOFT)
    for c, (label, pathway) in enumerate(heads):
        left = x0 + c * wide + gap * labels.index(label)
        shown = paper.elided(clean(pathway, 30) or "no pathway", wide - 2, 7.5)
        paper.text(left + wide / 2, y1 + 7, shown, 7.5, ha="center", color=SOFT)
        paper.line([left + 1, left + wide - 1], [y1 + 2.5, y1 + 2.5], color=style[label].colour, lw=2.5)
        for r, year in enumerate(years):
            p = at.get((label, pathway, year))
            said = "" if p is None else _year_said(p, both=wide >= WIDE)
            box = (left, y1 - (r + 1) * high, left + wide, y1 - r * high)
            cell(paper, box, None if p is None else p.saves.share, said, size if size >= 4.5 else 0.0)
    return paper.figure


def _year_said(p: PathwayYear, both: bool) -> str:
    """The median saving, and the share of the draws with the saving."""
    median = "-" if p.median_days is None else signed(p.median_days, 1)
    return f"{median}   {percent(p.saves.share)} %" if both else median
