"""
A map of your own coordinates
=============================

From a position off Honshu to one in the North Sea, polar and world, as PNG.

``python examples/02_route_map.py [FOLDER]``
"""

import sys
import tempfile
from pathlib import Path

from sim import SeaNetwork
from sim.errors import PlaceError
from sim.plot.maps.map import MapLine, MapMark, Picture, save
from sim.units import sailing_days

START = (141.5, 38.2)  # lon, lat degrees, always in this order; a text "38.2,141.5" would be lat,lon
GOAL = (3.5, 54.0)
SPEED_KN = 13.0

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)
net = SeaNetwork.load()

# %%
# A position on land is refused, with the nearest sea in the message.
try:
    net.route((100.0, 50.0), GOAL)
except PlaceError as error:
    print(f"refused: {error}")

# %%
# Four named routes between the two places. ``drawn()`` gives great circles as points close enough for a smooth curve,
# cut at 180 degrees.
lines: list[MapLine] = []
crossed: list[str] = []
print(f"{'route':12} {'nm':>8} {'days':>6}  passages")
for via in ("suez", "panama", "nsr", "transpolar"):
    route = net.route(START, GOAL, via=via)
    if route.status != "ok":
        lines.append(MapLine(via, (), None, None, route.reason))  # struck out in the legend
        continue
    days = sailing_days(route.distance_nm, SPEED_KN)
    lines.append(MapLine(via, tuple(route.drawn()), route.distance_nm, days, "ok"))
    crossed += [p for p in route.passages if p not in crossed]
    print(f"{via:12} {route.distance_nm:8,.0f} {days:6.1f}  {', '.join(route.passages)}")

# %%
# Marks are ports, passages, or closed passages ("closed" draws a red cross).
marks = [MapMark("Start", *START, "port"), MapMark("Goal", *GOAL, "port")]
marks += [MapMark(net.passages[p].name.split(" (")[0], *net.passages[p].label_at, "passage") for p in crossed]

picture = Picture(
    title="From Honshu to the North Sea",
    subtitle=f"your own coordinates, {SPEED_KN:g} kn, no ice",
    lines=tuple(lines),
    marks=tuple(marks),
    source="Coast: Natural Earth 1:10m (public domain).",
)
for projection in ("polar", "world"):
    target = out / f"own-{projection}.png"
    save(picture, projection, target, dpi=100)  # .svg and .pdf work too
    print(f"wrote {target}")
