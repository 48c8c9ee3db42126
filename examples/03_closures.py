"""
Chokepoints closed
==================

Straits closed one by one and in sets: what it costs in miles and days, and where no route is feasible.

``python examples/03_closures.py [FOLDER]``
"""

import csv
import sys
import tempfile
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt

from sim import SeaNetwork
from sim.units import sailing_days

SPEED_KN = 14.0
VOYAGES = (("Shanghai", "Rotterdam"), ("Ras Tanura", "Yokohama"))

# Sets that are closed together. A word may be an id, a name or an alias; "panama" names both sets of locks.
SETS = (
    ("malacca_strait", "sunda_strait"),
    ("malacca_strait", "sunda_strait", "lombok_strait"),
    ("malacca_strait", "singapore_strait", "sunda_strait", "lombok_strait", "ombai_strait"),
    ("suez_canal", "cape_of_good_hope"),
    ("suez_canal", "cape_of_good_hope", "panama"),
)

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)
net = SeaNetwork.load()

# %%
# First each passage of the usual route is closed, then the sets. Sets that touch nothing on the route cost nothing.
rows: list[list[str]] = []
for origin, destination in VOYAGES:
    usual = net.route(origin, destination)  # via="usual": no passage through the Arctic
    print(f"{origin} - {destination}: {usual.distance_nm:,.0f} nm by {', '.join(usual.passages)}")
    print(f"{'closed':90} {'extra nm':>9} {'days':>6}  passages crossed instead")

    for closed in [*((p,) for p in usual.passages), *SETS]:
        other = net.route(origin, destination, closed=closed)
        name = " + ".join(closed)
        if other.status != "ok":
            print(f"{name:90} {'no route':>9} {'':>6}  {other.reason}")
            rows.append([origin, destination, name, "unreachable", "", ""])
            continue
        extra_nm = other.distance_nm - usual.distance_nm
        days = sailing_days(extra_nm, SPEED_KN)
        new = ", ".join(p for p in other.passages if p not in usual.passages)
        print(f"{name:90} {extra_nm:+9,.0f} {days:+6.1f}  {new}")
        rows.append([origin, destination, name, "ok", f"{extra_nm:.1f}", f"{days:.2f}"])
    print()

# %%
# What the closures add to the second voyage, as bars; a cross is where no route is left.
told = [row for row in rows if row[:2] == list(VOYAGES[1]) and row[4] != "0.0"]
names = [textwrap.fill(row[2], 36) for row in told]
cut_off = [name for name, row in zip(names, told, strict=True) if row[3] != "ok"]
figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
axes.barh(names, [float(row[4] or 0) for row in told], color="#C8400A")
axes.plot([40] * len(cut_off), cut_off, "x", color="#C0142C", markersize=10, markeredgewidth=3)
axes.invert_yaxis()
axes.set(xlabel="nm added", title=f"{' - '.join(VOYAGES[1])}: what closures add")
target = out / "closures.png"
figure.savefig(target, dpi=100)
print(f"wrote {target}")

# %%
# "unreachable" is an answer with a reason, not a length of 0: its figures are empty in the file.
target = out / "closures.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["from", "to", "closed", "status", "extra_nm", f"extra_days_at_{SPEED_KN:g}_kn"])
    writer.writerows(rows)
print(f"wrote {target}")
