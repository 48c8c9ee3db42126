"""
Check a claim
=============

Two claims of the register, one at other speeds, and a scenario file run with changes.

``python examples/05_check_a_claim.py [FOLDER]``
"""

import json
import sys
import tempfile
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt

from sim import SeaNetwork
from sim.claims.evaluate import evaluate, load_claims
from sim.report.comparison_view import comparison_text
from sim.scenario.compare import run
from sim.scenario.library import find_shipped
from sim.scenario.load import load_scenario

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)
net = SeaNetwork.load()

# %%
# 1. Two claims as they stand. The register holds the sentences, never a verdict: that is computed here.
claims = {claim.id: claim for claim in load_claims()}
results = [evaluate(claims[name], net) for name in ("distance_5000_nm", "days_saved_10")]
for result in results:
    print(f"{result.id}: claimed {result.claimed} {result.unit}, computed {result.computed:,.1f} {result.unit}")
    print(textwrap.fill(f"{result.verdict}: {result.condition}", 110, max_lines=3), end="\n\n")

# %%
# 2. The same claim at other speeds. ``reference_kn`` is the parameter; the first value gives the computed days.
days_claim = claims["days_saved_10"]


def days_saved(speed_kn: float) -> float:
    """Days that the Northern Sea Route saves at one speed on both routes."""
    changed = days_claim.model_copy(update={"parameters": days_claim.parameters | {"reference_kn": [speed_kn]}})
    return float(evaluate(changed, net).computed or 0.0)


speeds_kn = (10.0, 12.0, 14.0, 16.0, 18.0, 20.0)
saved = [days_saved(speed_kn) for speed_kn in speeds_kn]
print(f"{'kn':>5} {'days saved':>11}")
for speed_kn, days in zip(speeds_kn, saved, strict=True):
    print(f"{speed_kn:5.1f} {days:11.1f}")

# %%
# Days saved are inversely proportional to speed, so that one value gives the speed at which 10 days are saved.
ten_days_kn = days_saved(10.0) * 10.0 / days_claim.figure
print(f"10 days are saved at {ten_days_kn:.2f} kn: {days_saved(ten_days_kn):.3f} days")

figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
axes.plot(speeds_kn, saved, "o-", color="#00609E")
axes.axhline(days_claim.figure, color="#C8400A")
axes.annotate(f"claimed: {days_claim.figure:g} days", (speeds_kn[-1], days_claim.figure), ha="right", va="bottom")
axes.axvline(ten_days_kn, color="grey", linestyle=":")
axes.set(xlabel="speed on both routes, kn", ylabel="days saved", title="Dalian - Rotterdam by the Northern Sea Route")
figure.savefig(out / "days-saved.png", dpi=100)

# %%
# 3. A scenario file run as it is, and with another speed and day. The file itself is not changed.
scenario = load_scenario(find_shipped("01-nsr-summer"))
vessel = scenario.vessel.model_copy(update={"speed_kn": round(ten_days_kn, 2)})
voyage = scenario.voyage.model_copy(update={"depart": scenario.voyage.depart.replace(month=9, day=1)})
texts = {"name": "ten-days", "description": "The speed at which ten days are saved, sailing in September"}
changed = scenario.model_copy(update=texts | {"vessel": vessel, "voyage": voyage})
for one in (scenario, changed):
    comparison = run(one, net)
    print(comparison_text(comparison), end="\n\n")

target = out / "ten-days.json"
target.write_text(json.dumps(comparison.to_dict(), indent=2))
print(f"wrote {target}")
