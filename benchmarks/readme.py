"""Put what the commands print into README.md: `make readme`. The text around it is kept between marker comments."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sim import SeaNetwork
from sim.claims.evaluate import evaluate_all
from sim.claims.ice import IceSailor
from sim.report.calendar import calendar_text
from sim.report.claims import VERDICTS, claims_text
from sim.report.comparison_view import comparison_text
from sim.scenario.compare import run_file
from sim.scenario.load import load_scenario
from sim.study.calendar import calendar
from sim.study.pool import processes

ROOT = Path(__file__).resolve().parents[1]
MAIN = ROOT / "scenarios" / "08-yong-sheng-2013.yaml"
TWO = ("days_saved_10", "distance_5000_nm")
SHOWN = ("none", "Arc4", "Arc4 esc", "Arc7")  # rows of the table of days saved, in these decades
DECADES = ("2010s", "2030s", "2050s")


def blocks() -> dict[str, str]:
    """The printed parts of the README by marker, those that take a second or two."""
    return {"run": fenced(comparison_text(run_file(MAIN))), "claims": _claims()}


def slow_blocks() -> dict[str, str]:
    """The printed parts that take long: a calendar, and a claim in ice."""
    return {"calendar": fenced(_calendar()), "ice": fenced(_days_saved())}


def fenced(text: str) -> str:
    """A block of text as it is printed."""
    return f"```\n{text}\n```"


def _claims() -> str:
    net = SeaNetwork.load()
    sail = IceSailor(net)
    results = {name: evaluate_all(net, name, sail=sail)[0] for name in TWO}
    rows = ["| claim | computed | verdict |", "|---|---|---|"]
    for name in TWO:
        r = results[name]
        rows.append(
            f"| {r.claimed:g} {r.unit} (`{r.id}`) | {float(str(r.computed)):,.1f} {r.unit} | {VERDICTS[r.verdict]} |"
        )
    return "\n".join(rows)


def _calendar() -> str:
    """What `northabout calendar` prints of the Northern Sea Route beneath its table."""
    scenario = load_scenario(MAIN)
    text = calendar_text(calendar(scenario, SeaNetwork.load(), MAIN.parent))
    return text[text.index("\nnsr: ") : text.index("\ncape: ")].strip()


def _days_saved() -> str:
    """Rows of the table of days saved that `northabout claims days_saved_10` prints."""
    with IceSailor(SeaNetwork.load(), workers=processes()) as sail:
        text = claims_text(evaluate_all(SeaNetwork.load(), TWO[0], sail=sail, whole=True), full=True)
    lines = text.splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("class "))
    end = lines.index("", head)
    starts = tuple(f"{kind:8}  {decade}" for kind in SHOWN for decade in DECADES)
    return "\n".join([*lines[head : head + 2], *(line for line in lines[head + 2 : end] if line.startswith(starts))])


def filled(text: str, parts: dict[str, str]) -> str:
    """README text with these printed parts renewed."""
    for name, block in parts.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(pattern, lambda m, b=block: f"{m[1]}{b}\n{m[2]}", text, flags=re.DOTALL)
    return text


def main() -> None:
    """Write README.md."""
    path = ROOT / "README.md"
    path.write_text(filled(path.read_text(encoding="utf-8"), blocks() | slow_blocks()), encoding="utf-8")
    print(f"wrote {path.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
