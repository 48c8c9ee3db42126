"""Hold the network against published distances and print docs/validation.md: `make validation`.

Rows of NGA Pub. 151 (direct entries and sums of entries) chose the clearance rule; all other rows are only compared.
With `--ice` it is docs/validation-ice.md: what benchmarks/ice_field.py, ice_windows.py, ship_speed.py, voyages.py and
ice_optimality.py print. The satellite files that the first of them compares with are not shipped: `--data FOLDER`.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import geodata
from sim import SeaNetwork
from sim.claims.evaluate import evaluate_all
from sim.claims.ice import IceSailor

HERE = Path(__file__).parent
ICE_DATA = HERE.parents[1] / "shared" / "data" / "ice"
# script, and the heading that it does not print itself
SECTIONS = (
    ("ice_field.py", ""),
    ("ice_windows.py", ""),
    ("ship_speed.py", "## Speed in ice"),
    ("ice_optimality.py", ""),
    ("voyages.py", ""),
    ("headline.py", ""),
)
PUB151 = ("pub151_direct", "pub151_composite")
EAST = ("Shanghai", "Dalian", "Busan", "Yokohama", "Hong Kong", "Vladivostok")


@dataclass(frozen=True)
class Row:
    """A published distance beside the computed one, nm."""

    group: str
    origin: str
    destination: str
    route: str
    published: float
    computed: float
    source: str

    @property
    def error(self) -> float:
        """Percent of the published distance."""
        return 100 * (self.computed / self.published - 1)


def compared(net: SeaNetwork) -> list[Row]:
    """All rows of the table that can be compared."""
    with geodata.table("reference_distances.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["check"] == "yes"]
    out = []
    for r in rows:
        use, closed = ([w for w in r[k].split(";") if w] for k in ("use", "closed"))
        found = net.route(r["origin"], r["destination"], via=r["via"], use=use, closed=closed)
        out.append(
            Row(
                r["group"],
                r["origin"],
                r["destination"],
                r["route"],
                float(r["distance_nm"]),
                found.distance_nm,
                r["source"],
            )
        )
    return out


def statistics(rows: list[Row]) -> tuple[int, float, float, float, float]:
    """Count, median and 95th percentile of the absolute error, median and mean of the signed error, percent."""
    e = np.array([r.error for r in rows])
    return len(e), float(np.median(abs(e))), float(np.percentile(abs(e), 95)), float(np.median(e)), float(e.mean())


def verdict(value: float, low: float, high: float) -> str:
    """Whether a figure lies in its band."""
    return "yes" if low <= value <= high else "NO"


def identities(net: SeaNetwork) -> Iterator[tuple[str, str, str, str]]:
    """Rows (what, must, measured, met)."""

    def length(*ends: str, **how: object) -> float:
        return net.route(*ends, **how).distance_nm  # type: ignore[arg-type]

    for via, low, high in (("suez", 10800, 11050), ("cape", 14250, 14450), ("nsr", 7550, 8150)):
        nm = length("Dalian", "Rotterdam", via=via)
        yield f"Dalian-Rotterdam, {via}", f"{low:,}-{high:,} nm", f"{nm:,.0f} nm", verdict(nm, low, high)
    nm = length("Dalian", "Rotterdam", via="cape", use=["malacca_strait"])
    yield "Dalian-Rotterdam, cape made to pass Malacca", "14,250-14,450 nm", f"{nm:,.0f} nm", verdict(nm, 14250, 14450)
    small = net.route("Dalian", "Rotterdam", closed={"suez_canal"}, beam_m=32, length_m=261, draft_m=12)
    large = net.route("Dalian", "Rotterdam", closed={"suez_canal"}, beam_m=60, length_m=400, draft_m=16)
    by_panama = any(p.startswith("panama") for p in small.passages)
    met = verdict(small.distance_nm, 13300, 13900) if by_panama else "NO"
    yield (
        "Suez closed, ship that fits the locks",
        "Panama, 13,300-13,900 nm",
        f"{'Panama' if by_panama else 'other'}, {small.distance_nm:,.0f} nm",
        met,
    )
    cape = "cape_of_good_hope" in large.passages
    yield (
        "Suez closed, ship that does not",
        "Cape",
        f"{'Cape' if cape else 'other'}, {large.distance_nm:,.0f} nm",
        "yes" if cape else "NO",
    )
    extra = [
        length(p, "Rotterdam", via="cape", use=["malacca_strait"])
        - length(p, "Rotterdam", via="suez", use=["malacca_strait"])
        for p in EAST
    ]
    spread = max(extra) - min(extra)
    yield (
        "Cape minus Suez, both by Malacca, 6 ports",
        "about 3,430, same within 40 nm",
        f"{np.mean(extra):,.0f} nm, spread {spread:.1f}",
        verdict(spread, 0, 40),
    )
    saving = length("Shanghai", "Rotterdam", via="cape", use=["malacca_strait"]) - length(
        "Shanghai", "Rotterdam", via="cape"
    )
    yield "Cape route from Shanghai: Sunda saves", "50-130 nm", f"{saving:.0f} nm", verdict(saving, 50, 130)
    more = length("Shanghai", "Port Said", closed={"malacca_strait"}) - length("Shanghai", "Port Said")
    yield "Malacca closed, Shanghai-Port Said", "450-620 nm more", f"{more:.0f} nm", verdict(more, 450, 620)
    shut = net.route("Ras Tanura", "Rotterdam", closed={"strait_of_hormuz"})
    yield (
        "Hormuz closed, Ras Tanura-Rotterdam",
        "unreachable",
        shut.status,
        "yes" if shut.status == "unreachable" else "NO",
    )


def report() -> str:
    """The whole page."""
    net = SeaNetwork.load()
    rows = compared(net)
    lines = [
        "# Validation",
        "",
        "Printed by `make validation`. Errors are percent of the published distance; minus is shorter than published.",
        "",
        "## Published distances",
        "",
        "| rows | n | median abs | 95 % abs | median signed | mean signed |",
        "|---|---|---|---|---|---|",
    ]
    groups = [("NGA Pub. 151, direct", [r for r in rows if r.group == PUB151[0]]),
              ("NGA Pub. 151, sums of entries", [r for r in rows if r.group == PUB151[1]]),
              ("NGA Pub. 151, both (must: 0.6, 2.5, 0.4)", [r for r in rows if r.group in PUB151]),
              ("all others", [r for r in rows if r.group not in PUB151])]  # fmt: skip
    for name, some in groups:
        n, median, p95, signed, mean = statistics(some)
        lines.append(f"| {name} | {n} | {median:.2f} % | {p95:.2f} % | {signed:+.2f} % | {mean:+.2f} % |")
    lines += ["", "## Figures asked for", "", "| what | must | measured | met |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in identities(net)]
    lines += ["", "## Claims", "", "| claim | verdict |", "|---|---|"]
    lines += [f"| {c.id} | {c.verdict} |" for c in evaluate_all(net, sail=IceSailor(net))]
    lines += [
        "",
        "## Every row",
        "",
        "| from | to | route | published | computed | error | source |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in sorted(rows, key=lambda r: (r.group != PUB151[0], r.group != PUB151[1], -abs(r.error))):
        lines.append(
            f"| {r.origin} | {r.destination} | {r.route} | {r.published:,.0f} | {r.computed:,.0f} | {r.error:+.2f} % "
            f"| {r.source} |"
        )
    with geodata.table("reference_distances.csv").open(newline="", encoding="utf-8") as file:
        left = [r for r in csv.DictReader(file) if r["check"] != "yes"]
    lines += ["", "Rows of the table that are not compared, with the reason:", ""]
    lines += [
        f"- {r['origin']} - {r['destination']}, {r['route']}, {r['distance_nm']} nm: {r['why_not']}" for r in left
    ]
    return "\n".join(lines) + "\n"


def printed(script: str, *options: str) -> str:
    """The section of markdown that another script prints."""
    paths = os.pathsep.join(p for p in (str(HERE.parent), os.environ.get("PYTHONPATH", "")) if p)
    print(f"{script} ...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, str(HERE / script), *options],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    return tidy(done.stdout)


def tidy(text: str) -> str:
    """Lines that a terminal shows indented become lists of markdown, with an empty line around lists and tables."""
    out: list[str] = []
    for line in text.splitlines():
        line = re.sub(r"^  (?=\S)", "- ", line.rstrip())
        begins = next((sign for sign in ("- ", "|") if line.startswith(sign)), None)
        if out and out[-1] and begins is not None and not out[-1].startswith(begins):
            out.append("")
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip()


def admission_rows() -> str:
    """How sure the rows of the admission table are."""
    with geodata.table("nsr_admission.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    count = Counter((r["confidence"], r["mode"]) for r in rows)
    modes = ("independent", "icebreaker")
    lines = ["## Admission to the Northern Sea Route", "", f"{len(rows)} rows of nsr_admission.csv by confidence:", ""]
    lines += [f"| confidence | {' | '.join(modes)} | share |", "|---|---|---|---|"]
    for grade in sorted({g for g, _ in count}):
        of = [count[grade, mode] for mode in modes]
        lines.append(f"| {grade} | {' | '.join(map(str, of))} | {100 * sum(of) / len(rows):.0f} % |")
    return "\n".join(lines)


def ice_report(data: Path) -> str:
    """The page about ice. What needs satellite files is left out where they are not there."""
    head = [
        "# Validation of ice, speed in ice and voyages",
        "",
        "Printed by `make validation`. Times are those of the machine that printed the page.",
    ]
    if not data.is_dir():
        head.append(
            "The satellite files were not at hand: the comparisons with them are left out. `make validation "
            "ICE_DATA=FOLDER` makes them."
        )
    parts = ["\n".join(head)]
    for script, title in SECTIONS:
        text = printed(script, *(["--data", str(data)] if script == "ice_field.py" else []))
        parts += [title, text] if title else [text]
    return "\n\n".join([*parts, admission_rows()]) + "\n"


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write the page there")
    parser.add_argument("--ice", action="store_true", help="the page about ice")
    parser.add_argument("--data", type=Path, default=ICE_DATA, help="folder of the satellite files")
    options = parser.parse_args()
    text = ice_report(options.data) if options.ice else report()
    if options.write is None:
        sys.stdout.write(text)
        return
    options.write.write_text(text, encoding="utf-8")
    print(f"wrote {options.write}", file=sys.stderr)


if __name__ == "__main__":
    main()
