"""The findings of a study for readers: what stands in text and Markdown, as sheets of words.

A view is a digest of the sheets that files hold whole: percentages, no more than a page a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.report.calendar import day_text
from sim.report.formats.sheet import Sheet
from sim.report.layout import MONTHS, signed
from sim.report.study.sheets import COMMON_YEAR
from sim.study.findings.counts import Group, Share
from sim.study.findings.decides import Decides, Untold
from sim.study.findings.findings import Findings
from sim.study.findings.openness import Open
from sim.study.findings.savings import Saved
from sim.study.findings.table import ordered
from sim.study.findings.tornado import Bar

FIGURE_NAMES = {"open": "whether it is open", "days": "days", "saved_days": "days saved", "cost_usd": "cost"}
NEVER = "-"


def views(found: Findings) -> tuple[Sheet, ...]:
    """All views of the findings, without those that have no row."""
    if found.plan.method == "one_at_a_time":  # its few draws are no picture of what may happen
        return tuple(view for view in (_savings(found), *_swings(found)) if view.rows)
    made = [_savings(found), _saved_months(found)]
    made += [_class_by_decade(found, a) for a in dict.fromkeys(s.alternative for s in found.saved)]
    made += [_openness(found), *(_fan(found, a) for a in found.plan.alternatives)]
    made += [_years(found, a) for a in dict.fromkeys(p.alternative for p in found.pathway_years)]
    made += [*_deciding(found), *_swings(found), _tonne(found)]
    return tuple(view for view in made if view.rows)


def percent(share: float | None) -> str:
    """A share in percent: whole above 10 and below 90, else with one digit; < 0.1 and > 99.9 for a little and nearly
    all."""
    if share is None:
        return NEVER
    value = 100 * share
    if 0 < value < 0.1 or 99.9 < value < 100:
        return "<0.1" if value < 1 else ">99.9"
    return f"{value:.0f}" if value in (0, 100) or 10 <= value <= 90 else f"{value:.1f}"


def interval(share: Share) -> str:
    """The interval of a share: 12 to 15."""
    return "" if share.low is None else f"{percent(share.low)} to {percent(share.high)}"


def _savings(found: Findings) -> Sheet:
    whole = [s for s in found.saved if s.group == type(s.group)()]
    rows = [_saved_row(s.alternative, s) for s in whole]
    title = f"Probability that {_threshold(found)} or more are saved against '{found.plan.baseline}', all draws"
    header = ("alternative", "draws", "P %", _sure(found), "open %", "median saved")
    notes = [
        f"{c.alternative}: " + "; ".join(_left_out(found, c.failed, c.without_baseline))
        for c in found.compared
        if c.failed or c.without_baseline
    ]
    return Sheet("saved", title, header, tuple(rows), tuple(notes))


def _left_out(found: Findings, failed: int, without: int) -> list[str]:
    out = [f"{failed} draws failed"] if failed else []
    return [*out, *([f"{without} draws left out in which '{found.plan.baseline}' is not open"] if without else [])]


def _saved_row(first: str, saved: Saved) -> tuple[str, ...]:
    median = NEVER if saved.median_days is None else signed(saved.median_days, 1)
    return (
        first, f"{saved.saves.draws:,}", percent(saved.saves.share), interval(saved.saves), percent(saved.open.share),
        median,
    )  # fmt: skip


def _threshold(found: Findings) -> str:
    return f"{found.threshold_days:g} days"


def _sure(found: Findings) -> str:
    return f"{100 * found.confidence:g} % interval"


def _saved_months(found: Findings) -> Sheet:
    """Months down, alternatives across."""
    own = [s for s in found.saved if s.group.month is not None and s.group.ice_class is None]
    labels = list(dict.fromkeys(s.alternative for s in own))
    at = {(s.group.month, s.alternative): s for s in own}
    months = ordered({m for m, _ in at if m}, "month")
    rows = [
        (MONTHS[int(m) - 1], *(x for a in labels for x in _pair(at.get((m, a)))))
        for m in months
    ]  # fmt: skip
    header = ("departs", *(x for a in labels for x in (f"{a}: P %", _sure(found), "open %")))
    title = f"The same by month of departure: P of {_threshold(found)} or more"
    return Sheet("saved_months", title, header, tuple(rows))


def _pair(saved: Saved | None) -> tuple[str, str, str]:
    if saved is None:
        return "", "", ""
    return percent(saved.saves.share), interval(saved.saves), percent(saved.open.share)


def _class_by_decade(found: Findings, alternative: str) -> Sheet:
    own = [s for s in found.saved if s.alternative == alternative and s.group.ice_class is not None]
    own = [s for s in own if s.group.decade and s.group.month is None]
    at = {(s.group.ice_class or "", s.group.decade or ""): s for s in own}
    title = f"{alternative}: P of {_threshold(found)} or more by ice class and decade, %, with its {_sure(found)}"
    return _crossed("saved_classes", title, at, lambda s: f"{percent(s.saves.share)} ({interval(s.saves)})")


def _crossed(name: str, title: str, at: dict[tuple[str, str], Saved], cell: Callable[[Saved], str]) -> Sheet:
    """Ice classes down, the weakest first, and decades across."""
    classes, decades = ordered({c for c, _ in at}, "ice_class"), ordered({d for _, d in at}, "decade")
    rows = [(c or NEVER, *(cell(at[c, d]) if (c, d) in at else "" for d in decades)) for c in classes]
    return Sheet(name, title, ("class", *decades), tuple(rows))


def _openness(found: Findings) -> Sheet:
    """How often each alternative is open, in all and by class and decade, and what closes it."""
    rows, several = [], _several([o.group for o in found.open])
    for o in found.open:
        g = o.group
        if g.week is None and (g.ice_class is None or g.decade is None) and _told(g, several):
            which = g.ice_class or g.decade or ("all" if g.ice_class is None and g.decade is None else NEVER)
            rows.append((o.alternative, which, f"{o.open.draws:,}", percent(o.open.share), interval(o.open), *_by(o)))
    header = ("alternative", "of", "draws", "open %", _sure(found), "ice %", "rule %", "both %", "other %")
    notes = ("ice, rule, both, other: what closes the route, in percent of the draws.",)
    return Sheet("open", "Probability that the route is open", header, tuple(rows), notes if rows else ())


def _several(groups: Sequence[Group]) -> set[str]:
    """The keys, of class and decade, of which there are several: one alone says what all draws say."""
    return {key for key in ("ice_class", "decade") if len({getattr(g, key) for g in groups} - {None}) > 1}


def _told(group: Group, several: set[str]) -> bool:
    """Whether a group stands in a table: all draws, or one of several classes or decades."""
    return all(key in several for key in ("ice_class", "decade") if getattr(group, key) is not None)


def _by(o: Open) -> tuple[str, ...]:
    counts = (o.by_ice, o.by_rule, o.by_both, o.by_other)
    return tuple(percent(n / o.open.draws) if n else "" for n in counts) if o.open.draws else ("", "", "", "")


def _fan(found: Findings, alternative: str) -> Sheet:
    rows = [
        (week_text(f.week), f"{f.open.draws:,}", percent(f.open.share), *(_days(d) for d in f.days))
        for f in found.fans
        if f.alternative == alternative
    ]
    header = ("week of", "draws", "open %", "5 %", "25 %", "median", "75 %", "95 %")
    return Sheet("fan", f"{alternative}: days at sea by week of departure, of the open voyages", header, tuple(rows))


def week_text(week: int) -> str:
    """The day on which a week of departure begins: 1 Jan, 8 Jan."""
    from datetime import date, timedelta

    return day_text(date(COMMON_YEAR, 1, 1) + timedelta(days=7 * (week - 1)))


def _days(days: float | None) -> str:
    return NEVER if days is None else f"{days:.1f}"


def _years(found: Findings, alternative: str) -> Sheet:
    """Years down, pathways across."""
    own = [p for p in found.pathway_years if p.alternative == alternative]
    at = {(p.year, p.pathway): p for p in own}
    pathways, years = sorted({p.pathway for p in own}), sorted({p.year for p in own})
    rows = []
    for year in years:
        cells: list[str] = []
        for pathway in pathways:
            p = at.get((year, pathway))
            median = "" if p is None else NEVER if p.median_days is None else signed(p.median_days, 1)
            cells += [median, *(("", "") if p is None else (percent(p.saves.share), percent(p.open.share)))]
        rows.append((str(year), *cells))
    header = ("year", *(x for p in pathways for x in (p or "no pathway", "P %", "open %")))
    title = f"{alternative}: median days saved, P of {_threshold(found)} or more, and share open, by year and pathway"
    return Sheet("years", title, header, tuple(rows))


def _deciding(found: Findings) -> list[Sheet]:
    return [_shares(d) for d in found.decides if d.untold != Untold.NO_VARIANCE]


def _shares(d: Decides) -> Sheet:
    title = f"{d.alternative}: what decides {FIGURE_NAMES[d.figure]}"
    used = f"{d.rows_used:,} of {d.rows:,} base rows"
    if d.untold is not None:
        return Sheet("decides", title, ("shares",), ((f"not told: {d.untold.value} ({used})",),))
    rows = [
        (k.key, f"{k.first:.3f}", f"{k.first_error:.3f}", f"{k.total:.3f}", f"{k.total_error:.3f}")
        for k in sorted(d.keys, key=lambda k: -k.total)
    ]
    notes = [f"Shares of the variance, standard errors of a bootstrap; {used}."]
    if d.rows_used < d.rows:
        notes.append("The others are left out: in one of their draws the route is closed, or the figure is not known.")
    if d.noise:
        notes.append(
            "The season was drawn anew for draws that differ in another key alone: its part is in every total share."
        )
    return Sheet("decides", title, ("key", "alone", "error", "in all", "error"), tuple(rows), tuple(notes))


def _swings(found: Findings) -> list[Sheet]:
    out = []
    for pair in dict.fromkeys((b.alternative, b.figure) for b in found.tornado):
        bars = [b for b in found.tornado if (b.alternative, b.figure) == pair and b.draws]
        base = next((b.base for b in bars if b.base is not None), None)
        told = "closed" if base is None else f"{base:,.{_digits(pair[1])}f}"
        title = f"{pair[0]}: {FIGURE_NAMES[pair[1]]} with one key moved at a time, base {told}"
        rows = [
            (
                b.key, value_text(b.base_value), value_text(b.low_value), _figure(b, b.low), value_text(b.high_value),
                _figure(b, b.high), NEVER if b.swing is None else f"{b.swing:,.{_digits(b.figure)}f}",
            )
            for b in bars
        ]  # fmt: skip
        header = ("key", "base", "low", "figure", "high", "figure", "swing")
        out.append(Sheet("tornado", title, header, tuple(rows)))
    return out


def _digits(figure: str) -> int:
    return 0 if figure == "cost_usd" else 1


def _figure(bar: Bar, figure: float | None) -> str:
    return "closed" if figure is None else f"{figure:,.{_digits(bar.figure)}f}"


def value_text(value: float | str | None) -> str:
    """A value of a key; '-' where it is not set."""
    if value is None or isinstance(value, str):
        return value or NEVER
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _tonne(found: Findings) -> Sheet:
    rows, several = [], _several([p.group for p in found.per_tonne])
    for p in (p for p in found.per_tonne if _told(p.group, several)):
        name, digits = ("cost, USD", 1) if p.unit == "usd" else ("CO2, kg", 1)
        which = p.group.ice_class or p.group.decade or "all"
        figures: Sequence[float | None] = (p.low, p.median, p.high)
        told = [NEVER if v is None else f"{v:,.{digits}f}" for v in figures]
        incomplete = f"{p.incomplete:,}" if p.incomplete else ""
        rows.append((p.alternative, which, name, f"{p.voyages:,}", *told, incomplete))
    header = ("alternative", "of", "a tonne", "voyages", "5 %", "median", "95 %", "incomplete")
    notes = ("incomplete: voyages whose cost lacks a line, so that it is too low.",)
    lacking = any(p.incomplete for p in found.per_tonne)
    return Sheet("per_tonne", "A tonne of cargo: median and range of 90 %", header, tuple(rows), notes * lacking)
