"""Put what the commands print into README.md: `make readme`. The text around it is kept between marker comments."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sim import SeaNetwork
from sim.scenario.claims import evaluate_all
from sim.scenario.compare import run_file
from sim.show.tables import VERDICTS, comparison_text

ROOT = Path(__file__).resolve().parents[1]
MAIN = ROOT / "scenarios" / "01-nsr-summer.yaml"
TWO = ("days_saved_10", "distance_5000_nm")


def blocks() -> dict[str, str]:
    """The printed parts of the README by marker."""
    results = {r.id: r for r in evaluate_all(SeaNetwork.load()) if r.id in TWO}
    rows = ["| claim | computed | verdict |", "|---|---|---|"]
    for name in TWO:
        r = results[name]
        rows.append(
            f"| {r.claimed:g} {r.unit} (`{r.id}`) | {float(str(r.computed)):,.1f} {r.unit} | {VERDICTS[r.verdict]} |"
        )
    return {"run": "```\n" + comparison_text(run_file(MAIN)) + "\n```", "claims": "\n".join(rows)}


def filled(text: str) -> str:
    """README text with its printed parts renewed."""
    for name, block in blocks().items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(pattern, lambda m, b=block: f"{m[1]}{b}\n{m[2]}", text, flags=re.DOTALL)
    return text


def main() -> None:
    """Write README.md."""
    path = ROOT / "README.md"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {path.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
