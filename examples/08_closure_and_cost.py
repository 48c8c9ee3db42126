"""
A closure under way, and what it costs
======================================

The week of the Ever Given: a ship learns of the closed canal at sea, and waits or turns, whichever is cheaper.

``python examples/08_closure_and_cost.py [FOLDER]``
"""

import csv
import sys
import tempfile
from pathlib import Path

import northabout
from sim.scenario.library import find_shipped

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# The scenario has a closure with dates and a section ``costs``, so that every voyage has a ledger.
comparison = northabout.run(find_shipped("13-ever-given-2021"))
print(f"{'route':6} {'days':>6} {'waiting':>8} {'USD':>12}")
for outcome in comparison.outcomes:
    print(f"{outcome.label:6} {outcome.days:6.1f} {outcome.voyage.wait_days:8.1f} {outcome.ledger.total_usd:12,.0f}")

# %%
# What the ship could choose between when it heard of the closure, and what each was worth.
for event in comparison.outcomes[0].voyage.events:
    print(f"{event.passage} on {event.moment:%Y-%m-%d}: the ship {event.choice}, {event.wait_h / 24:.1f} days")
    print(f"  waiting is worth {event.worth_waiting:,.0f}, turning {event.worth_diverting:,.0f} {event.worth_unit}")

# %%
# A ledger is lines with their source and confidence.
rows = [(o.label, line.what, line.amount_usd, line.confidence) for o in comparison.outcomes for line in o.ledger.lines]
for route, item, usd, confidence in rows:
    print(f"{route:6} {item[:48]:48} {usd:12,.0f}  {confidence}")

target = out / "ledger.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    csv.writer(file).writerows([("route", "item", "usd", "confidence"), *rows])
print(f"wrote {target}")

# %%
# The map of a comparison.
target = out / "map.png"
comparison.plot(projection="world").savefig(target, dpi=100)
print(f"wrote {target}")
