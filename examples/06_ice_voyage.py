"""
A voyage through ice
====================

One scenario sailed on several days, with the legs of the one with most ice.

``python examples/06_ice_voyage.py [FOLDER]``
"""

import csv
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import matplotlib.pyplot as plt

from sim import SeaNetwork
from sim.scenario.library import find_shipped
from sim.scenario.load import load_scenario
from sim.scenario.simulate import Sailing

DEPARTURES = ((6, 1), (7, 1), (8, 1), (9, 1), (10, 1), (11, 1), (12, 1))  # month, day

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# The ship of 2013 in the ice of 2030: a scenario is data, a changed copy is another scenario.
file = find_shipped("08-yong-sheng-2013")
scenario = load_scenario(file)
ice = scenario.ice.model_copy(update={"year": 2030, "pathway": "SSP2-4.5", "season": "severe"})
scenario = scenario.model_copy(update={"ice": ice})

# %%
# A ``Sailing`` binds it to a network. The network and the lattice are read once and serve all departures.
sailing = Sailing(scenario, SeaNetwork.load(), file.parent)
alternatives = {a.label: a for a in scenario.alternatives}
print(f"{sailing.ship.name}, {sailing.ship.ice_class}\nice: {sailing.ice_label}")

# %%
# A blocked voyage has a place, a day and a reason; its days, miles and fuel are nan.
print(f"{'departs':10} {'suez':>6} {'nsr':>6} {'saved':>6} {'in ice':>7} {'escort':>6} {'RIO':>6}  why not")
rows, icy = [], None
for month, day in DEPARTURES:
    depart = datetime(2030, month, day, tzinfo=UTC)
    _, suez = sailing.sailed(alternatives["suez"], depart)
    _, nsr = sailing.sailed(alternatives["nsr"], depart)
    if nsr.blocked is not None:
        print(f"{depart:%Y-%m-%d} {suez.days:6.1f} {nsr.blocked.status:>6} {'':28}  {nsr.blocked.reason[:40]} ...")
        rows.append([f"{depart:%Y-%m-%d}", nsr.blocked.status, "", "", nsr.blocked.reason])
        continue
    saved = suez.days - nsr.days
    rio = "" if nsr.lowest_rio is None else f"{nsr.lowest_rio:.1f}"
    days = f"{suez.days:6.1f} {nsr.days:6.1f} {saved:6.1f}"
    print(f"{depart:%Y-%m-%d} {days} {nsr.ice_nm:7,.0f} {nsr.escort_nm:6,.0f} {rio:>6}")
    rows.append([f"{depart:%Y-%m-%d}", "ok", f"{nsr.days:.2f}", f"{saved:.2f}", ""])
    if icy is None or nsr.ice_nm > icy.ice_nm:
        icy = nsr

target = out / "departures.csv"
with target.open("w", newline="", encoding="utf-8") as file_out:
    writer = csv.writer(file_out)
    writer.writerow(["depart", "status", "days", "saved_days", "reason"])
    writer.writerows(rows)

# %%
# Days at sea by day of departure; a day without a bar has no voyage by the Northern Sea Route.
figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
axes.bar([row[0] for row in rows], [float(row[2] or 0) for row in rows], color="#00609E", label="nsr")
axes.axhline(suez.days, color="#C8400A", label="suez")
axes.set(ylabel="days at sea", title=f"{sailing.ship.name}: departures of 2030")
axes.legend(loc="lower right")
figure.savefig(out / "departures.png", dpi=100)

# %%
# A leg ends where something changes: the sea, ice or open water, the risk, the escort, a passage.
if icy is not None:
    print(f"legs in ice of the one with most of it, departing {icy.depart:%d %B}:")
    for leg in icy.legs:
        if leg.rio is not None and leg.distance_nm >= 20:
            sea = leg.water.replace("_", " ") or "open ocean"
            print(
                f"  {leg.start:%d %b}  {sea:20} {leg.distance_nm:4.0f} nm  {leg.concentration * 10:4.1f}/10"
                f"  {leg.thickness_m:.1f} m  {leg.speed_kn:4.1f} kn  RIO {leg.rio:5.1f} {leg.level}"
            )
print(f"wrote {target}")
