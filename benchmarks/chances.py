"""In how many years the claim of ten days is true: `geodata/tables/claim_chances.csv` from the voyages of its study.

northabout study scenarios/studies/days-saved-by-decade.yaml --out out/chances --workers 2    # some minutes
python benchmarks/chances.py out/chances                    # prints the table
python benchmarks/chances.py out/chances --write geodata/tables/claim_chances.csv
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sim.claims.chances import Chance, computed
from sim.claims.ice import cases
from sim.claims.register import load_claims
from sim.report.claims import chances_text
from sim.report.files import csv_text, write_whole
from sim.study.batch.results import load

CLAIM = "days_saved_10"
ESCORTS = {"alone": "none", "escorted": "when_needed"}
SOURCE = "computed: scenarios/studies/days-saved-by-decade.yaml, benchmarks/chances.py"


def main() -> None:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="results of the study")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    (case,) = cases(next(c for c in load_claims() if c.id == CLAIM), whole=False)
    found = computed(load(options.folder).frame(), CLAIM, case.least_days, ESCORTS, case.pathway, SOURCE)
    print(chances_text(found))
    if options.write:
        names = [f.name for f in fields(Chance)]
        digits = [[_cell(getattr(c, n)) for n in names] for c in found]
        write_whole(options.write, csv_text(names, digits).encode())


def _cell(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
