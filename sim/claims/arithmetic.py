"""Methods that check claims by arithmetic, independent figures, dates and geodesics (no sea route needed).

Every method takes (claim, net, **parameters of the claim) and returns a `Finding`. The rules of the verdicts are in
`sim.claims.evaluate`. Parameters named `fact` or `facts` are ids of `claim_facts.csv`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np

import geodata
from sim.claims.register import Claim, Finding, SeaRoutes, Verdict, given, shown
from sim.claims.register import fact as figure_of
from sim.errors import DataError
from sim.units import KM_PER_STATUTE_MILE

TCF_PER_TCM = 35.3147  # trillion cubic feet in a trillion cubic metres
UNITS = (
    {"km": 1.0, "statute mile": KM_PER_STATUTE_MILE},
    {"Tcf": 1.0, "tcm": TCF_PER_TCM, "bcm": TCF_PER_TCM / 1000.0},
)


def plain(holds: bool) -> Verdict:
    """A verdict without conditions."""
    return "holds" if holds else "does_not_hold"


def converted(value: float, unit: str, to: str) -> float:
    """A length or a gas volume in another unit; values of equal unit pass. Raises DataError for unknown pairs."""
    if unit == to:
        return value
    for kind in UNITS:
        if unit in kind and to in kind:
            return value * kind[unit] / kind[to]
    known = ", ".join(name for kind in UNITS for name in kind)
    raise DataError(f"no conversion from '{unit}' to '{to}'; known are {known}")


def conversion(claim: Claim, net: SeaRoutes, *, value: float, unit: str) -> Finding:
    """A figure given in two units: `value` in `unit` against the claimed figure in the claim's unit."""
    computed = converted(value, unit, claim.unit)
    return Finding(computed, plain(claim.near(computed)), f"{given(value)} {unit} are {shown(computed)} {claim.unit}")


def figures_agree(claim: Claim, net: SeaRoutes, *, other: float) -> Finding:
    """Two figures of the documents for one thing; `computed` is their difference, in the claim's unit."""
    off = abs(other - claim.figure)
    text = f"they differ by {shown(off)} {claim.unit} ({100.0 * off / claim.figure:.1f} %)"
    return Finding(off, plain(claim.near(other)), text)


def ratio(claim: Claim, net: SeaRoutes, *, part: float, whole: float, at_least: float | None = None) -> Finding:
    """`part` of `whole` in percent against the claimed percent, or at least `at_least` percent ("over half")."""
    computed = 100.0 * part / whole
    if at_least is not None:
        return Finding(computed, plain(computed > at_least), f"{given(part)} of {given(whole)} is over {at_least:g} %")
    off = computed - claim.figure
    side = "generous" if off < 0 else "modest"
    text = f"{given(part)} of {given(whole)} is {computed:.1f} %, so the claim is {side} by {abs(off):.1f} points"
    return Finding(computed, plain(claim.near(computed)), text)


def proportion(claim: Claim, net: SeaRoutes, *, part: float, whole: float, of: float, scale: float) -> Finding:
    """The same share of another whole: `part / whole * of` against the claimed figure (two currencies, one rate).

    `scale` turns the units of `part` over those of the claim into the rate that is shown.
    """
    computed = part / whole * of
    text = f"rates implied: {scale * whole / of:.2f} and {scale * part / claim.figure:.2f} per {claim.unit.split()[-1]}"
    return Finding(computed, plain(claim.near(computed)), text)


def sum_of_facts(claim: Claim, net: SeaRoutes, *, facts: list[str]) -> Finding:
    """The sum of independent figures against the claimed figure."""
    parts = [figure_of(name) for name in facts]
    computed = sum(converted(p.value, p.unit, claim.unit) for p in parts)
    return Finding(computed, plain(claim.near(computed)), " + ".join(p.cited for p in parts))


def growth(claim: Claim, net: SeaRoutes, *, now: float, facts: list[str]) -> Finding:
    """Growth in percent from a base (sum of independent figures) to `now` against the claimed percent."""
    base = sum(figure_of(name).value for name in facts)
    computed = 100.0 * (now / base - 1.0)
    implied = now / (1.0 + claim.figure / 100.0)
    text = f"the claim implies a base of {implied:.2f} billion USD, published figures give {base:.2f}"
    return Finding(computed, plain(claim.near(computed)), text)


def compare_fact(claim: Claim, net: SeaRoutes, *, facts: list[str], others: list[str] | None = None) -> Finding:
    """The claimed figure against published ones, converted to its unit; `computed` is the first of them.

    It holds where all agree and holds_if where some do. A figure that agrees in another unit is pointed out. `others`
    are only shown, and so are figures from memory; where there are no more than these it is not_checkable.
    """
    named = [figure_of(name) for name in facts]
    figures = [f for f in named if f.confidence != "C"]
    others = [*(others or []), *(f.id for f in named if f.confidence == "C")]
    if not figures:
        told = "; ".join(figure_of(name).cited for name in others)
        needed = f"it would take a published figure in {claim.unit}"
        return Finding(None, "not_checkable", f"no figure but from memory: {told}; {needed}")
    values = [converted(f.value, f.unit, claim.unit) for f in figures]
    agree = [f for f, v in zip(figures, values, strict=True) if claim.near(v)]
    listed = "; ".join(f.cited for f in figures)
    also = "; ".join(figure_of(name).cited for name in others)
    note = f"Published: {listed}." + (f" Another figure: {also}." if also else "")
    if len(agree) == len(figures):
        return Finding(values[0], "holds", f"published: {listed}", f"Another figure: {also}." if also else "")
    if agree:
        return Finding(values[0], "holds_if", f"taken from {'; '.join(f.cited for f in agree)}", note)
    as_read = [(f, v) for f, v in zip(figures, values, strict=True) if f.unit != claim.unit and claim.near(f.value)]
    if as_read:
        read, value = as_read[0]
        condition = f"right if read in {read.unit}: {given(read.value)} {read.unit} are {shown(value)} {claim.unit}"
        return Finding(values[0], "does_not_hold", condition, note)
    return Finding(values[0], "does_not_hold", f"published: {listed}", f"Another figure: {also}." if also else "")


def largest_by_source(claim: Claim, net: SeaRoutes, *, pairs: list[list[str]]) -> Finding:
    """Whether the first of each pair of figures is the larger one, source by source."""
    yes: list[str] = []
    no: list[str] = []
    for first, second in pairs:
        a, b = figure_of(first), figure_of(second)
        text = f"{given(a.value)} against {given(b.value)} {a.unit} ({a.source})"
        (yes if a.value > b.value else no).append(text)
    verdict: Verdict = "holds" if not no else "holds_if" if yes else "does_not_hold"
    condition = f"by {'; '.join(yes)}" if yes else ""
    return Finding(figure_of(pairs[0][0]).value, verdict, condition, f"Not by {'; '.join(no)}." if no else "")


def export_share(claim: Claim, net: SeaRoutes, *, part: float, whole: float, fact: str | None = None) -> Finding:
    """A share of the sentence's own numbers, held against a published share in percent where there is one.

    Without one the verdict is not_checkable, unless the part is larger than the whole. A published share beyond
    the tolerance (percent of the share) gives holds_if: agencies count different products as exports.
    """
    share = 100.0 * part / whole
    own = f"{given(part)} of {given(whole)} is {share:.1f} %"
    if part > whole:
        return Finding(share, "does_not_hold", f"{own}: the part is larger than the whole")
    if fact is None:
        return Finding(share, "not_checkable", f"{own}; no independent figure")
    published = figure_of(fact)
    off = abs(share - published.value)
    if off <= claim.tolerance.allowed(share):
        return Finding(share, "holds", f"{own}; published: {published.cited}")
    return Finding(share, "holds_if", f"counted as its own source counts: {own}, against {published.cited}")


def supply_share(claim: Claim, net: SeaRoutes, *, need: float, exports: float) -> Finding:
    """Percent of a supplier's exports that a need would take: impossible over 100, else it holds on that condition."""
    share = 100.0 * need / exports
    if share > 100.0 + 1e-9:
        return Finding(share, "does_not_hold", f"the need is {share:.0f} % of all exports ({given(exports)})")
    return Finding(share, "holds_if", f"{share:.0f} % of all exports ({given(exports)}) go to this one buyer")


def majority(
    claim: Claim, net: SeaRoutes, *, parts: list[list[str]], wholes: list[str], factor: str, rest: bool = False
) -> Finding:
    """Whether the parts, times a unit factor, are over half of the whole, year by year; with `rest` what remains."""
    yes: list[str] = []
    no: list[str] = []
    shares: list[float] = []
    for names, whole_name in zip(parts, wholes, strict=True):
        whole = figure_of(whole_name)
        share = 100.0 * sum(figure_of(n).value for n in names) * figure_of(factor).value / whole.value
        share = 100.0 - share if rest else share
        shares.append(share)
        (yes if share > 50.0 else no).append(f"{share:.0f} % in {whole.year}")
    verdict: Verdict = "holds" if not no else "holds_if" if yes else "does_not_hold"
    kind = "at least " if rest else ""
    text = f"{kind}{', '.join(yes)}" + (f"; not yet {', '.join(no)}" if no and yes else ", ".join(no))
    return Finding(shares[-1], verdict, text)


def share_of_needs(claim: Claim, net: SeaRoutes, *, fact: str, at_least: float) -> Finding:
    """Whether a source covers at least a percentage of a need."""
    figure = figure_of(fact)
    return Finding(
        figure.value, plain(figure.value >= at_least), f"{figure.cited}; primary is read as over {at_least:g} %"
    )


def price(claim: Claim, net: SeaRoutes, *, volume: float, years: float, facts: list[str]) -> Finding:
    """Value of a supply contract: billion m3 a year times years, at the ends of a published price range.

    `facts` are the low and the high price, USD per 1000 m3. It holds where the range covers the claimed value.
    """
    total = volume * years
    low, high = (figure_of(name).value * total / 1000.0 for name in facts)
    implied = 1000.0 * claim.figure / total
    holds = claim.near(low) or claim.near(high) or low <= claim.figure <= high
    note = f"The claim implies {implied:.0f} USD per 1000 m3 over {shown(total)} bcm."
    condition = f"{low:.0f} to {high:.0f} billion USD at {' and '.join(figure_of(n).cited for n in facts)}"
    return Finding(low, plain(holds), condition, note)


def reserves_life(
    claim: Claim, net: SeaRoutes, *, reserves: float, output: float, output_later: float, years: float, per_year: float
) -> Finding:
    """What a forecast uses up, against the reserves: straight line from `output` to `output_later` over `years`.

    `per_year` turns an output into units of the reserves a year. The rule: a forecast that proved reserves cover
    holds; otherwise it holds only with the additions that are computed.
    """
    used = 0.5 * (output + output_later) * per_year * years
    life = reserves / (output * per_year)
    note = f"At the output of the first year the reserves last {life:.1f} years."
    text = f"{shown(used)} of {given(reserves)} {claim.unit} used in {years:g} years"
    if used <= reserves:
        return Finding(used, "holds", text, note)
    more = f"if at least {shown(used - reserves)} {claim.unit} are added to the reserves"
    return Finding(used, "holds_if", f"{more}: {text}", note)


def date_span(claim: Claim, net: SeaRoutes, *, spans: list[list[dt.date]]) -> Finding:
    """Days of periods, first and last day counted; holds_if where only the elapsed days (last not counted) agree."""
    both = sum((last - first).days + 1 for first, last in spans)
    elapsed = sum((last - first).days for first, last in spans)
    named = " and ".join(f"{first.isoformat()} to {last.isoformat()}" for first, last in spans)
    if claim.near(both):
        return Finding(float(both), "holds", f"{named}, both ends counted")
    if claim.near(elapsed):
        return Finding(float(elapsed), "holds_if", f"elapsed days of {named} are meant ({both} with both ends counted)")
    return Finding(float(both), "does_not_hold", named)


def border_length(claim: Claim, net: SeaRoutes, *, fact: str, line: str, file: str | None = None) -> Finding:
    """A border against its published length, with the drawn line (WGS84 geodesics) as a lower bound.

    A small-scale line cuts the bends of a river, so that a longer published figure is not refuted by it; a claim
    shorter than the line is. The line is the array `line` of borders.npz, pieces parted by rows of NaN.
    """
    published = figure_of(fact)
    drawn = drawn_length_km(Path(file) if file else geodata.binary("borders.npz"), line)
    off = 100.0 * (claim.figure / published.value - 1.0)
    condition = f"published: {published.cited}; the claim is {off:+.1f} % off"
    note = f"The line at 1:10m is {shown(drawn)} km, a lower bound: it cuts the bends of the rivers." if drawn else ""
    holds = claim.near(published.value) and (drawn is None or claim.figure >= drawn)
    return Finding(published.value, plain(holds), condition, note)


def drawn_length_km(path: Path, line: str) -> float | None:
    """Length of a stored line, km on WGS84; None where the file or the line is missing."""
    from pyproj import Geod

    if not path.exists():
        return None
    with np.load(path) as data:
        if line not in data:
            return None
        lonlat = np.asarray(data[line], dtype=float)
    joined = np.isfinite(lonlat[:-1]).all(axis=1) & np.isfinite(lonlat[1:]).all(axis=1)
    a, b = lonlat[:-1][joined], lonlat[1:][joined]
    _, _, metres = Geod(ellps="WGS84").inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return float(np.sum(metres)) / 1000.0


def geodesic_detour(
    claim: Claim, net: SeaRoutes, *, start: list[float], end: list[float], fact: str, existing: str
) -> Finding:
    """A line on land, km: not below the geodesic, near a published length; the detour factor is shown."""
    from pyproj import Geod

    straight = Geod(ellps="WGS84").inv(start[0], start[1], end[0], end[1])[2] / 1000.0
    published, today = figure_of(fact), figure_of(existing)
    holds = claim.near(published.value) and claim.figure >= straight
    condition = (
        f"the geodesic is {shown(straight)} km (lower bound), so the detour factor is {claim.figure / straight:.2f}, "
        f"against {today.value / straight:.2f} of the existing line; published: {published.cited}"
    )
    return Finding(published.value, plain(holds), condition)


METHODS: dict[str, Callable[..., Finding]] = {
    f.__name__: f
    for f in (
        conversion, figures_agree, ratio, proportion, sum_of_facts, growth, compare_fact,
        largest_by_source, export_share, supply_share, majority, share_of_needs, price, reserves_life, date_span,
        border_length, geodesic_detour,
    )
}  # fmt: skip
