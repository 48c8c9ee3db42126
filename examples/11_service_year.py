"""
A year of service
=================

One ship sails round trips for a year: how much she carries by each route, and how many such ships a flow needs.

``python examples/11_service_year.py [FOLDER]``
"""

import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from sim import SeaNetwork
from sim.report.study.service import service_csv
from sim.scenario.library import find_shipped
from sim.scenario.load import load_scenario
from sim.study.service import service

FLOW_M3 = 5_000_000.0  # what has to be carried in a year, in the unit of the ship's cargo

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# The ship and the ends are those of a scenario, and of its routes the Northern Sea Route without icebreaker and Suez.
file = find_shipped("10-lng-january-2030")
scenario = load_scenario(file)
scenario = scenario.model_copy(update={"alternatives": scenario.alternatives[1:]})
year = service(scenario, SeaNetwork.load(), file.parent, year=2030, flow=FLOW_M3)

# %%
# Days at sea, in port and waiting add up to the year. Where the ship is not let through she waits.
print(f"{'route':24} {'trips':>6} {'at sea':>7} {'in port':>8} {'waiting':>8}  ships for the flow")
for line in year.years:
    print(f"{line.alternative:24} {line.round_trips:6.2f} {line.sea_days:7.0f} {line.port_days:8.0f} ", end="")
    print(f"{line.wait_days:8.0f}  {line.ships}")

# %%
# The same as bars.
figure, axes = plt.subplots(figsize=(9, 3.5), layout="constrained")
names, begin = [line.alternative for line in year.years], [0.0] * len(year.years)
for part, word, colour in (
    ("sea", "at sea", "#77AADD"),
    ("port", "in port", "#DDDDDD"),
    ("wait", "waiting", "#EE8866"),
):
    days = [float(getattr(line, f"{part}_days")) for line in year.years]
    axes.barh(names, days, left=begin, color=colour, label=word)
    begin = [a + b for a, b in zip(begin, days, strict=True)]
for k, line in enumerate(year.years):
    axes.annotate(f"{line.round_trips:.1f} round trips", (6, k), va="center")
axes.set(xlabel="days of 2030", title="A year of one ship")
axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
target = out / "year.png"
figure.savefig(target, dpi=100)
print(f"wrote {target}")

# %%
# All legs as a table.
target = out / "legs.csv"
target.write_text(service_csv(year), encoding="utf-8")
print(f"wrote {target}")
