"""What a scenario asks, and what came out of it, in sentences made of the figures of its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.comparison import outcome_dict
from sim.report.layout import counted
from sim.report.page.figures import label_of, passage_names
from sim.report.reasons import block_text

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison


def question_text(comparison: Comparison) -> str:
    """The question in a sentence."""
    scenario = comparison.scenario
    routes = _listed([a.label for a in scenario.alternatives])
    verb = "do" if len(scenario.alternatives) > 1 else "does"
    shut = passage_names(c.passage for c in scenario.closures)
    more = f" with {_listed(shut)} closed" if shut and not any(c.timed for c in scenario.closures) else ""
    more = f" while {_listed(shut)} {'is' if len(shut) == 1 else 'are'} shut for a time" if shut and not more else more
    return (
        f"What {verb} {routes} take from {comparison.origin.name} to {comparison.destination.name}, departing on "
        f"{scenario.voyage.depart:%Y-%m-%d} with {_ship(comparison)}{more}?"
    )


def _ship(comparison: Comparison) -> str:
    kind = f", ice class {comparison.ship.ice_class}" if comparison.ice else ""
    return f"{comparison.ship.name} at {comparison.speed_kn:g} kn{kind}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def answers(comparison: Comparison) -> tuple[str, ...]:
    """What came out: the fastest, the cheapest, and what is not open."""
    documents = [outcome_dict(o) for o in comparison.outcomes]
    baseline = comparison.scenario.baseline_label
    out = [_best(documents, "days", "Fastest", baseline), _best(documents, "cost_usd", "Cheapest", baseline)]
    for o, d in zip(comparison.outcomes, documents, strict=True):
        if not o.feasible:
            out.append(f"{label_of(d)} is not sailed: {o.reason if o.block is None else block_text(o.block)}.")
    if not any(o.feasible for o in comparison.outcomes):
        out.append("No alternative is feasible.")
    return tuple(t for t in out if t)


def _best(documents: Sequence[Mapping[str, Any]], key: str, word: str, baseline: str) -> str:
    """The alternative with the least of a figure, and how it stands against the baseline."""
    known = [d for d in documents if d.get(key) is not None]
    if not known:
        return ""
    best = min(known, key=lambda d: d[key])
    against = best.get("vs_baseline", {}).get(key)
    said = f"{word}: {label_of(best)}, {_figure(best[key], key)}"
    if best["route"] == baseline:
        return f"{said}; it is the baseline." if len(documents) > 1 else f"{said}."
    if against is None:
        return f"{said}."
    return f"{said}, {_figure(abs(against), key)} {'less' if against < 0 else 'more'} than {baseline}."


def _figure(value: float, key: str) -> str:
    return f"{value:,.1f} days" if key == "days" else f"{value:,.0f} USD"


def facts(comparison: Comparison) -> tuple[str, ...]:
    """What the reader must know of how it was sailed."""
    out = []
    if comparison.ice:
        out.append(f"Ice: {comparison.ice}.")
    elif any(p in comparison.arctic for o in comparison.outcomes for p in o.route.passages):
        out.append("Ice is not modelled here: a section 'ice' in the scenario adds it.")
    if comparison.under_keel_m is not None:
        keel = f"{comparison.under_keel_m:.1f} m under the keel"
        out.append(f"Depths on the shelf are checked for a draft of {comparison.ship.draft_m:g} m and {keel}.")
    if comparison.scenario.costs is None:
        out.append("Nothing is costed: a section 'costs' in the scenario adds it.")
    if len(comparison.outcomes) > 1:
        out.append(
            f"{counted(len(comparison.outcomes), 'alternative')}, of which the baseline is "
            f"{comparison.scenario.baseline_label}."
        )
    return tuple(out)
