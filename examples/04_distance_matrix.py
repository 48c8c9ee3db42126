"""
A matrix of distances
=====================

Where the Northern Sea Route saves most: 12 Asian by 8 European ports, Suez against NSR, and the ports as points.

``python examples/04_distance_matrix.py [FOLDER]``
"""

import csv
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from sim import SeaNetwork
from sim.report.listings import ports_frame

ASIA = [
    "Petropavlovsk-Kamchatskiy", "Vladivostok", "Yokohama", "Busan", "Dalian", "Tianjin", "Qingdao", "Shanghai",
    "Kaohsiung", "Hong Kong", "Ho Chi Minh City", "Singapore",
]  # fmt: skip
EUROPE = ["Murmansk", "Bergen", "Gothenburg", "Hamburg", "Rotterdam", "Felixstowe", "Le Havre", "Piraeus"]

out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="northabout-"))
out.mkdir(parents=True, exist_ok=True)
net = SeaNetwork.load()

# %%
# One call for all pairs: an array (12, 8) in nm, inf where there is no feasible route.
suez = net.distances(ASIA, EUROPE, via="suez")
nsr = net.distances(ASIA, EUROPE, via="nsr")
saved = suez - nsr

print("nm saved by the Northern Sea Route against Suez (negative: Suez is shorter)\n")
print(f"{'':26}" + "".join(f"{name:>11}" for name in EUROPE))
for name, row in zip(ASIA, saved, strict=True):
    print(f"{name:26}" + "".join(f"{value:11,.0f}" for value in row))

# %%
# The further north and east both ends are, the more the Northern Sea Route saves.
i, j = np.unravel_index(np.argmax(saved), saved.shape)
print(f"most: {ASIA[i]} - {EUROPE[j]}, {saved[i, j]:,.0f} nm")
i, j = np.unravel_index(np.argmin(saved), saved.shape)
print(f"least: {ASIA[i]} - {EUROPE[j]}, {saved[i, j]:,.0f} nm")
print(f"pairs for which the Northern Sea Route is shorter: {(saved > 0).sum()} of {saved.size}")

# %%
# The matrix as a picture: blue where the Northern Sea Route is shorter, red where Suez is.
most = float(np.abs(saved).max())
figure, axes = plt.subplots(figsize=(9, 6), layout="constrained")
shades = axes.imshow(saved, cmap="RdBu", vmin=-most, vmax=most, aspect="auto")
axes.set_xticks(range(len(EUROPE)), EUROPE, rotation=30)
axes.set_yticks(range(len(ASIA)), ASIA)
for (i, j), value in np.ndenumerate(saved):
    axes.text(j, i, f"{value:,.0f}", ha="center", va="center", color="white" if abs(value) > 0.6 * most else "black")
axes.set_title("nm saved by the Northern Sea Route against Suez")
figure.colorbar(shades, label="nm")
figure.savefig(out / "saved.png", dpi=100)

# %%
# All figures as a table.
target = out / "suez-nsr.csv"
with target.open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["from", "to", "suez_nm", "nsr_nm", "saved_nm"])
    for i, origin in enumerate(ASIA):
        for j, destination in enumerate(EUROPE):
            writer.writerow([origin, destination, *(f"{m[i, j]:.1f}" for m in (suez, nsr, saved))])
print(f"wrote {target}")

# %%
# The ports as points (EPSG:4326) with the best saving of each; any GIS reads the file.
frame = ports_frame(net.ports.all[net.ports.find(name)] for name in [*ASIA, *EUROPE])
frame["best_saved_nm"] = np.round(np.concatenate([saved.max(axis=1), saved.max(axis=0)]), 1)
target = out / "ports.geojson"
frame.to_file(target, driver="GeoJSON")
print(f"wrote {target}")
