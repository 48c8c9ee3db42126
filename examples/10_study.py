"""
A study: what decides the days
==============================

One key at a time is changed in a scenario, in both directions, and the keys are ranked by what they do.

``python examples/10_study.py [FOLDER]``
"""

import sys
import tempfile
from pathlib import Path

from sim.report.study.text import report_text
from sim.scenario.library import shipped
from sim.study.batch.engine import run_study
from sim.study.batch.spec import load_study
from sim.study.findings.findings import findings
from sim.study.findings.table import read_study

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# A study file names a scenario, the keys that vary and a method. It is sailed into a folder: a manifest and Parquet.
study = load_study(shipped()[0].path.parent / "studies" / "one-voyage.yaml")
done = run_study(study, out / "results")
print(f"{study.name}: {done.plan.voyages} voyages of {', '.join(study.labels)}")

# %%
# What the results say: tables as text, as ``northabout study report`` prints them.
found = findings(read_study(out / "results"))
print(report_text(found))

# %%
# Its picture: how far each key moves the result.
target = out / "study.png"
found.plot().savefig(target, dpi=100)
print(f"wrote {target}")
