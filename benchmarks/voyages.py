"""Hold simulated voyages against real ones; print them as a section of markdown: `python benchmarks/voyages.py`.

With `--study` also what the free settings change, in some minutes.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))  # the cases stand with the tests

from sim.ice import polaris
from sim.scenario.simulate import Sailing
from sim.ship import ice_speed, icebreakers
from sim.ship.power import hull_of
from tests.voyage.reference_cases import (
    CASES,
    DEFAULTS,
    FLEET,
    TOLERANCE,
    UNKNOWN,
    Made,
    Sea,
    computed,
    fit_of_sailed_miles,
    longer,
    reported,
    rows,
)

WHAT = {
    "nsr": "days, NSR",
    "ice": "days, ice of the NSR",
    "days": "days, voyage",
    "kn": "kn, NSR",
    "cape": "days, Bering Strait - North Cape",
}
MONTHS = [f"{2019 if month > 5 else 2020}-{month:02}-10" for month in (6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5)]
SILENT = ("V17", "V24", "T03", "T05")  # science stops, open ocean, the convoy's cap and the ship's own speed
CLASSES = (("bulk_supramax", "none"), ("tank_lr1_1a", "Arc4"), ("tank_lr1_1a", "Arc5"), ("lng_yamalmax", "Arc7"))


@dataclass(frozen=True)
class Setting:
    """One change from the defaults. `unknown` is the escort where a source names none; `made` changes the ship."""

    name: str
    ice: dict[str, Any] = field(default_factory=dict)
    unknown: str = UNKNOWN
    made: Made | None = None
    patched: Callable[[], AbstractContextManager[object]] = nullcontext


def with_hull(change: Callable[[Any], dict[str, Any]]) -> Made:
    """A sailing whose ship has another hull."""

    def made(sailing: Sailing) -> Sailing:
        hull = hull_of(sailing.ship)
        sailing.ship = replace(sailing.ship, hull=replace(hull, **change(hull)))
        return sailing

    return made


def factor(by: float) -> Made:
    """Ice resistance of the ship, ahead and astern, times a number."""
    return with_hull(
        lambda h: {
            "resistance_factor": h.resistance_factor * by,
            "resistance_factor_astern": h.resistance_factor_astern and h.resistance_factor_astern * by,
        }
    )


def exponent(n: float) -> Callable[[], AbstractContextManager[object]]:
    """Another power of concentration in the ice resistance and the speed of convoys."""

    @contextmanager
    def both() -> Iterator[None]:
        name = "CONCENTRATION_EXPONENT"
        with patch.object(ice_speed, name, n), patch.object(icebreakers, name, n):
            yield

    return both


def settings() -> Iterator[Setting]:
    """What is free to choose, one at a time, and the pairs that hang together."""
    yield Setting("defaults")
    yield Setting("mean field", {"field": "mean"})
    yield Setting("convoy cap 10 kn", {"convoy_cap_kn": 10.0})
    yield Setting("convoy cap 11 kn", {"convoy_cap_kn": 11.0})
    yield Setting("besetting expected", {"besetting": "expected"})
    yield Setting("escort always, where none is named", unknown="always")
    yield Setting("12 h of waiting for a convoy", {"escort_wait_h": 12.0})
    yield Setting("24 h of waiting for a convoy", {"escort_wait_h": 24.0})
    yield Setting("decayed ice in summer (POLARIS)", {"decayed": "summer"})
    whole = partial(polaris.rio_of, spread=False)
    yield Setting("no split of the thickness", patched=lambda: patch.object(polaris, "rio_of", whole))
    for by in (0.85, 1.15, 1.3):
        yield Setting(f"ice resistance x {by}", made=factor(by))
    yield Setting("never astern", made=with_hull(lambda h: {"resistance_factor_astern": None}))
    for n in (1.25, 1.5, 2.0):
        yield Setting(f"resistance ~ C^{n:g}", patched=exponent(n))
        yield Setting(f"resistance ~ C^{n:g}, mean field", {"field": "mean"}, patched=exponent(n))


def percent(share: float) -> str:
    """A share as a signed percentage; a voyage that the ice ends has none."""
    return f"{100 * share:+.0f} %" if math.isfinite(share) else "ends"


def before() -> dict[str, float]:
    """The figures of the rows before miles sailed, dated icebreakers and the seasons of past years, by the same cases
    on an older commit (voyages_before.csv)."""
    with (Path(__file__).parent / "voyages_before.csv").open(newline="", encoding="utf-8") as file:
        return {row["row"]: float(row["figure"]) for row in csv.DictReader(file)}


def table(sea: Sea) -> list[str]:
    """All cases under the defaults, with the signed error before and now; the last column is for who checks blind."""
    lines = [
        "| row | voyage | of | reported | before | now | error before | error now | nm sailed, NSR | escorted, nm "
        "| blind |",
        "|" + "---|" * 11,
    ]
    remarks, errors, earlier = [], {}, {case.row: longer(case, before()[case.row]) for case in CASES}
    for case in CASES:
        voyages = sea.voyages(case)
        figure, row = computed(case, voyages), rows()[case.row]
        errors[case.row] = longer(case, figure)
        nsr, led = (sum(getattr(v, name) for v in voyages) / len(voyages) for name in ("nsr_sailed_nm", "escort_nm"))
        told = f"- {case.row}: assumed: {case.assumed}"
        remarks.append(told if abs(errors[case.row]) <= TOLERANCE else f"{told}; not met: {case.fails}")
        lines.append(
            f"| {case.row} | {row['vessel']}, {row['year'] or 'no year'} | {WHAT[case.measure]} | {reported(case):g} "
            f"| {before()[case.row]:.1f} | {figure:.1f} | {percent(earlier[case.row])} | {percent(errors[case.row])} "
            f"| {nsr:,.0f} | {led:,.0f} | |"
        )
    return [*lines, "", *summed("before", earlier), *summed("now", errors), "", *remarks]


def summed(when: str, errors: Mapping[str, float]) -> list[str]:
    """Mean, median size and the rows beyond a fifth, of the rows that tell of speed in ice and do not set it."""
    sizes = {row: errors[row] for row in errors if row not in SILENT}
    beyond = ", ".join(row for row, off in sizes.items() if not abs(off) <= TOLERANCE) or "none"
    return [
        f"- {when}: mean {statistics.fmean(sizes.values()):+.1%}, median of the sizes "
        f"{statistics.median(map(abs, sizes.values())):.1%}, beyond {TOLERANCE:.0%}: {beyond} "
        f"({len(sizes)} rows, without {', '.join(SILENT)})"
    ]


def other_model(sea: Sea) -> list[str]:
    """Days in the NSR by class and month, beside the range of another model."""
    lines = [
        f"Row V27, another model, names {rows()['V27']['nsr_days']} days by class and season of 2019-2020. Here, days",
        "eastward from Murmansk on the 10th of each month, escorted where needed:",
        "",
        "| class | " + " | ".join(day[:7] for day in MONTHS) + " |",
        "|" + "---|" * (len(MONTHS) + 1),
    ]
    for ship, name in CLASSES:
        found = [sea.sailed("Murmansk", "Busan", day, ship, ice_class=name, escort=UNKNOWN)[1] for day in MONTHS]
        cells = [v.blocked.status if v.blocked else f"{v.nsr_days:.1f}" for v in found]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def lengths(sea: Sea) -> list[str]:
    """Lengths in the water area beside those sailed."""
    lines = ["| segment | sailed, nm | computed, nm | difference |", "|---|---|---|---|"]
    for name, origin, destination, day in (
        ("T06", "Sabetta", "Rudong", "2018-07-05"),
        ("T07", "Sabetta", "Rudong", "2021-01-05"),
        ("T01", "Hammerfest", "Busan", "2017-08-05"),
    ):
        row = rows()[name]
        nm, sailed = (
            sea.sailed(origin, destination, day, "lng_yamalmax", admission="none")[1].nsr_sailed_nm,
            float(row["nsr_distance_nm_num"]),
        )
        lines.append(f"| {row['nsr_segment']} | {sailed:,.0f} | {nm:,.0f} | {percent(nm / sailed - 1)} |")
    return lines


def more_miles() -> list[str]:
    """The fit of miles sailed beyond the shortest open way."""
    fit = fit_of_sailed_miles()
    lines = ["| voyage | sailed, nm | shortest open way, nm | more | fit | concentration | source |", "|" + "---|" * 7]
    for r in fit.rows:
        lines.append(
            f"| {r.voyage} | {r.sailed_nm:,.0f} | {r.way_nm:,.0f} | {r.more:.1%} "
            f"| {fit.base + fit.slope * r.concentration:.1%} | {r.concentration:g} | {r.source} ({r.confidence}) |"
        )
    return [*lines, "", f"Fit: {fit.base:.3f} + {fit.slope:.3f} x concentration, root mean square {fit.rms:.3f}."]


def study(sea: Sea) -> list[str]:
    """Differences of time by setting; their mean, median size and root mean square over the rows that tell of speed
    and do not set it."""
    counted = [case for case in CASES if case.row not in SILENT]
    lines = [
        "| setting | " + " | ".join(case.row for case in CASES) + " | mean | median size | rms |",
        "|" + "---|" * (len(CASES) + 4),
    ]
    for setting in settings():
        off: dict[str, float] = {}
        with setting.patched():
            for case in CASES:
                ice = dict(setting.ice) | ({"escort": setting.unknown} if case.escort == UNKNOWN else {})
                off[case.row] = longer(case, computed(case, sea.voyages(case, setting.made, **ice)))
        sizes = [off[case.row] for case in counted]  # nan where the ice ends a voyage that was sailed
        rms = math.sqrt(statistics.fmean(x * x for x in sizes))
        sums = statistics.fmean(sizes), statistics.median(map(abs, sizes)), rms
        shown = " | ".join(f"{x:+.1%}" if k == 0 else f"{x:.1%}" for k, x in enumerate(sums))
        lines.append(f"| {setting.name} | {' | '.join(map(percent, off.values()))} | {shown} |")
    note = f"The sums leave out {', '.join(SILENT)}: their time is not of the ice, or is an input."
    return [*lines, "", note]


def not_cases() -> list[str]:
    """Rows that are not compared, and why."""
    return [f"- {r['id']} {r['vessel']}, {r['year']}: {r['why_not']}" for r in rows().values() if r["case"] == "no"]


def main() -> None:
    """Print the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", action="store_true", help="also what the free settings change")
    options = parser.parse_args()
    sea = Sea()
    fleet = " and ".join((", ".join(FLEET[:-1]), FLEET[-1]))
    parts = [
        ["## Real voyages"],
        [
            f"Defaults: {', '.join(f'{key} {value}' for key, value in DEFAULTS.items())}; the year's own season;",
            f"escort as reported, else {UNKNOWN}; service speed of the type ({fleet}",
            "for the fleet). An error is how much longer the computed voyage takes; within",
            f"{TOLERANCE:.0%} is met. Rows: geodata/tables/reference_voyages.csv.",
            "",
            *table(sea),
        ],
        lengths(sea),
        more_miles(),
        other_model(sea),
        ["Not compared:", "", *not_cases()],
    ]
    if options.study:
        parts.append(["Difference of time by setting:", "", *study(sea)])
    print("\n\n".join("\n".join(part) for part in parts))


if __name__ == "__main__":
    main()
