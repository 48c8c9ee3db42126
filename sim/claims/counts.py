"""Methods for counts, ranks, years and the retreat of the ice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from statistics import fmean

from sim.claims.arithmetic import plain
from sim.claims.register import Claim, Finding, SeaRoutes, given, shown
from sim.claims.register import fact as figure_of

KM2_1000_PER_MILLION = 1000.0
PATHWAY = "SSP2-4.5"  # the middle one; the decades that the claim names are past or present


def outnumbers(claim: Claim, net: SeaRoutes, *, own: list[str], other: list[str]) -> Finding:
    """Whether one has more than another, by published counts, of which there are several; `computed` is the most.

    Holds where its lowest count is at least the other's highest, does_not_hold where its highest is below the other's
    lowest; between them it is a matter of what is counted.
    """
    mine, theirs = [figure_of(name) for name in own], [figure_of(name) for name in other]
    most, least = max(f.value for f in mine), min(f.value for f in mine)
    low, high = min(f.value for f in theirs), max(f.value for f in theirs)
    told = f"{'; '.join(f.cited for f in mine)}, against {'; '.join(f.cited for f in theirs)}"
    if least >= high:
        return Finding(most, "holds", told)
    if most < low:
        return Finding(most, "does_not_hold", f"at most {given(most)} against at least {given(low)}: {told}")
    return Finding(most, "holds_if", f"by the count of {given(low)}, not of {given(high)}: {told}")


def since_year(claim: Claim, net: SeaRoutes, *, fact: str, others: list[str]) -> Finding:
    """Whether what the sentence says of a year had come by then; `others` are other definitions, only shown."""
    came = figure_of(fact)
    also = "; ".join(figure_of(name).cited for name in others)
    note = f"By another definition: {also}." if also else ""
    return Finding(came.value, plain(came.value <= claim.figure), f"since {came.cited}", note)


def grew(claim: Claim, net: SeaRoutes, *, facts: list[str]) -> Finding:
    """Whether a published series rises from each figure to the next; `computed` is its whole rise in percent."""
    series = sorted((figure_of(name) for name in facts), key=lambda f: f.year)
    rises = all(b.value > a.value for a, b in pairwise(series))
    percent = 100.0 * (series[-1].value / series[0].value - 1.0)
    return Finding(percent, plain(rises), "; ".join(f.cited for f in series))


def ice_recedes(
    claim: Claim, net: SeaRoutes, *, decades: list[int], month: int, trend: str, areas: list[str]
) -> Finding:
    """Whether the ice has become less from decade to decade, in the built-in climate and by a published trend.

    `computed` is the change of the area of ice in `month` from the first to the last of the `decades` (first years), in
    percent a decade. Holds where every decade has less ice than the one before and the published `trend` falls;
    `areas` are published areas of single years, of which the lowest and the last are shown.
    """
    from sim.ice.pathways import climate_field
    from sim.study.ice_summary import day_of, ice_state

    means = []
    for decade in decades:
        field = climate_field(epoch=f"{decade}s", pathway=PATHWAY, single_year=False)
        ice = ice_state(field, day_of(decade + 5, month)).whole.ice_area_1000km2
        means.append((ice or 0.0) / KM2_1000_PER_MILLION)
    published = figure_of(trend)
    percent = 100.0 * (means[-1] / means[0] - 1.0) / (len(means) - 1)
    falls = all(b < a for a, b in pairwise(means))
    listed = ", ".join(f"{d}s {m:.2f}" for d, m in zip(decades, means, strict=True))
    single = sorted((figure_of(name) for name in areas), key=lambda f: f.year)
    lowest, last = min(single, key=lambda f: f.value), single[-1]
    later = [f.value for f in single if f.year > lowest.year]
    note = f"By decades, not year by year: the lowest area is {lowest.cited}, the last {last.cited}"
    note += f", the mean after the lowest {shown(fmean(later))}." if later else "."
    condition = f"ice in million km2, mean of the climate: {listed}; published trend: {published.cited}"
    return Finding(percent, plain(falls and published.value < 0), condition, note)


METHODS: dict[str, Callable[..., Finding]] = {f.__name__: f for f in (outnumbers, since_year, grew, ice_recedes)}
