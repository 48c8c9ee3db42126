"""
A first route
=============

Dalian to Rotterdam by three routes, as a table, a map and GeoJSON.

``python examples/01_first_route.py [FOLDER]``
"""

import json
import sys
import tempfile
from pathlib import Path

from sim import SeaNetwork
from sim.units import sailing_days

SPEED_KN = 14.0
VIAS = ("suez", "cape", "nsr")  # 'northabout passages' lists all named routes

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)

# %%
# The network is read once. It never changes: a closed passage belongs to one call, not to the network.
net = SeaNetwork.load()

# A place is a port name, a UN/LOCODE, a text "lat,lon" or a pair (lon, lat) in degrees.
routes = {via: net.route("Dalian", "Rotterdam", via=via) for via in VIAS}

print(f"Dalian - Rotterdam, {SPEED_KN:g} kn all the way\n")
print(f"{'route':6} {'nm':>8} {'days':>6} {'legs':>5}  passages in order")
for via, route in routes.items():
    # A route that is not feasible has a reason and no figures; here all are feasible.
    if route.status != "ok":
        print(f"{via:6} {'-':>8} {'-':>6} {'-':>5}  {route.reason}")
        continue
    days = sailing_days(route.distance_nm, SPEED_KN)
    print(f"{via:6} {route.distance_nm:8,.0f} {days:6.1f} {len(route.leg_nm):5}  {', '.join(route.passages)}")

# %%
# The same passages with their distance from the start.
print("Gates on the Northern Sea Route, nm from Dalian:")
for crossing in routes["nsr"].crossings:
    print(f"{crossing.at_nm:8,.0f}  {net.passages[crossing.passage].name}")

# %%
# A route draws itself. Its name gives it the line that it has in all pictures.
target = out / "nsr.png"
routes["nsr"].plot(name="nsr", projection="polar").savefig(target, dpi=100)
print(f"wrote {target}")

# %%
# As GeoJSON the lines are cut at 180 degrees, so that any program draws them right.
features = [
    {
        "type": "Feature",
        "properties": {"route": via, "distance_nm": round(route.distance_nm, 1)},
        "geometry": route.geojson(),
    }
    for via, route in routes.items()
    if route.status == "ok"
]
target = out / "dalian-rotterdam.geojson"
target.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
print(f"wrote {target}")
