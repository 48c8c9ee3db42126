"""
Departures through a year
=========================

One ship on every fourth week of 2030: when the Northern Sea Route is open to her, and what it saves.

``python examples/09_calendar.py [FOLDER]``
"""

import sys
import tempfile
from pathlib import Path

import northabout
from sim.scenario.library import find_shipped

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# A scenario and a year. Every four weeks is coarse and quick; ``every_days=7`` is the calendar of the command.
scenario = find_shipped("08-yong-sheng-2013")
calendar = northabout.departure_calendar(scenario, year=2030, every_days=28)

# %%
# One row for each departure and route; days are nan where the ship is not let through, or is stopped.
frame = calendar.to_frame()
nsr = frame[frame["route"] == "nsr"]
for row in nsr.itertuples():
    print(f"{row.depart:%d %b}  {row.status:7} {row.days:6.1f} {row.saved_days:6.1f}")
print(f"open on {(nsr['status'] == 'ok').sum()} of {len(nsr)} departures")

target = out / "calendar.csv"
frame.to_csv(target, index=False)
print(f"wrote {target}")

# %%
# The picture: days at sea and days saved, and why the route is closed.
target = out / "calendar.png"
calendar.plot().savefig(target, dpi=100)
print(f"wrote {target}")
