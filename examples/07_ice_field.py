"""
Ice at places
=============

A warming climate month by month, and the POLARIS risk index for three ice classes.

``python examples/07_ice_field.py [FOLDER]``
"""

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np

from sim.ice import polaris
from sim.ice.pathways import climate_field
from sim.ice.season import longest_window, track
from sim.plot.maps.months import draw_months
from sim.study.ice_summary import day_of
from sim.voyage.voyage import LEVELS

PLACES = {"Vilkitsky Strait": (103.5, 77.95), "Sannikov Strait": (139.0, 74.4), "North Pole": (0.0, 90.0)}  # lon, lat
CLASSES = ("none", "Arc4", "Arc7")
YEARS = (1985, 2013, 2030, 2050)

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)
places = np.array(list(PLACES.values()))

# %%
# A field is ice anywhere; a sampler is a field bound to places, and cheap to ask for many days. This is the mean of
# many years (``single_year=False``); voyages are sailed in a typical single year, with blockages that a mean lacks.
print("concentration / floes in m, mid-month, mean of many years\n")
print(f"{'':18}" + "".join(f"{year:>24}" for year in YEARS))
fields = {year: climate_field(year=year, single_year=False) for year in YEARS}
samplers = {year: field.sampler(places) for year, field in fields.items()}
rows = []
for k, name in enumerate(PLACES):
    for month in (3, 9, 10):
        cells = []
        for year, sampler in samplers.items():
            concentration, thickness_m = (float(v[k]) for v in sampler.on(day_of(year, month)))
            cells.append(f"{concentration:.2f} / {thickness_m:.1f}")
            rows.append([name, year, month, round(concentration, 4), round(thickness_m, 3)])
        print(f"{name if month == 3 else '':18}" + "".join(f"{cell:>24}" for cell in cells) + f"   month {month}")

target = out / "ice.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["place", "year", "month", "concentration", "thickness_m"])
    writer.writerows(rows)

# %%
# The fields of 2030 as a picture, a panel for each day.
target = out / "ice.png"
draw_months(fields[2030], [day_of(2030, month) for month in (3, 6, 9)]).savefig(target, dpi=100)
print(f"wrote {target}")

# %%
# POLARIS, the risk index of the IMO: 9/10 of ice of increasing thickness. Below 0 operation is at risk.
thickness = np.array([0.1, 0.3, 0.5, 0.8, 1.0, 1.5, 2.0])
print("RIO in 9/10 of ice of this mean thickness; 'special' is closed unless the scenario says otherwise")
print(f"{'':6}" + "".join(f"{h:>14.1f} m" for h in thickness))
for name in CLASSES:
    rio = polaris.rio_of(0.9, thickness, name)
    words = [LEVELS[k] for k in polaris.level(rio, name)]
    print(f"{name:6}" + "".join(f"{r:6.1f} {w:>9}" for r, w in zip(rio, words, strict=True)))

# %%
# How long the coastal track has at most 50 % of ice, in the mean field and in a typical single year.
points = track("nsr_coastal").points()
print("longest time with at most 50 % of ice on the coastal track, days: mean field, typical single year")
for year in YEARS:
    mean, single = (longest_window(climate_field(year=year, single_year=s), points) for s in (False, True))
    when = "never" if single.opens is None else f"{single.opens:%d %b} - {single.closes:%d %b}"
    print(f"  {year}  {mean.days:4d} {single.days:4d}  {when}")
print(f"wrote {target}")
