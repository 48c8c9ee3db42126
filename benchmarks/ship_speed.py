"""Speed in ice beside worked and measured figures, and the time it takes: `python benchmarks/ship_speed.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.geo.geodesy import Floats
from sim.ship.ice_speed import attainable_kn, escorted_kn
from sim.ship.power import hull_of
from sim.ship.vessel import VesselTable

THICKNESS_M = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 1.8, 2.1)
# kn in close ice at full power, worked out apart from this program from the same equations and hulls
WORKED = (
    ("lng_yamalmax", False, (18.2, 17.0, 15.7, 14.5, 13.2, 12.0, 10.9, 9.7, 7.5, 5.4, 2.5, 0, 0)),
    ("lng_yamalmax", True, (18.7, 17.9, 17.0, 16.2, 15.3, 14.5, 13.7, 12.8, 11.2, 9.6, 7.2, 4.9, 2.8)),
    ("bulk_handymax_1a", False, (12.0, 9.6, 7.4, 5.4, 3.7, 2.1, 0.8, 0, 0, 0, 0, 0, 0)),
    ("cont_3600_1a", False, (17.4, 15.0, 12.6, 10.4, 8.4, 6.6, 4.9, 3.5, 1.0, 0, 0, 0, 0)),
)
CELLS = 25_000


def line(label: str, values: Floats) -> None:
    """One row of a table."""
    print(f"| {label} | " + " | ".join(f"{v:.1f}" for v in values) + " |")


def milliseconds(job: Callable[[], object], times: int = 40) -> float:
    """Median time of a job."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken)) * 1000


def main() -> None:
    """Print the tables."""
    table = VesselTable.load()
    header = "| ship, kn at m of ice | " + " | ".join(f"{h:g}" for h in THICKNESS_M) + " |"
    print(header + "\n|" + "---|" * (len(THICKNESS_M) + 1))
    for ship, astern, worked in WORKED:
        computed = attainable_kn(hull_of(table.find(ship)), 1.0, THICKNESS_M, astern=astern)
        way = "astern" if astern else "ahead"
        line(f"{ship} {way}, worked", np.array(worked, dtype=float))
        line(f"{ship} {way}, computed (largest difference {np.abs(computed - worked).max():.2f})", computed)
    for ship in ("lng_yamalmax", "bulk_handymax_1a", "cont_3600_1a", "mpp_19k_1a", "bulk_panamax"):
        line(f"{ship} escorted", escorted_kn(hull_of(table.find(ship)), 1.0, THICKNESS_M))

    print("\nChristophe de Margerie, trials 2017 (Maritime Executive, 31 March 2017)")
    yamalmax = hull_of(table.find("lng_yamalmax"))
    for thickness_m, astern, measured in ((1.5, True, "7.2"), (1.5, False, "2.5"), (2.1, True, "moves; not fitted")):
        speed = float(attainable_kn(yamalmax, 1.0, thickness_m, astern=astern))
        print(f"  {thickness_m} m {'astern' if astern else 'ahead '}  measured {measured}, computed {speed:.1f} kn")

    print("\n1A ship: 3.743 h^-0.631, at most 16 kn (Cheaitou et al. 2019), handymax with a factor of 0.85")
    handymax = replace(hull_of(table.find("bulk_handymax_1a")), resistance_factor=0.85)
    for thickness_m in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75):
        curve = min(16.0, 3.743 * thickness_m**-0.631)
        speed = float(attainable_kn(handymax, 1.0, thickness_m))
        print(f"  {thickness_m:4.2f} m  curve {curve:4.1f}, computed {speed:4.1f}, difference {speed - curve:+.1f} kn")

    random = np.random.default_rng(1)
    c, h = random.uniform(0, 1, CELLS), random.uniform(0, 3, CELLS)
    print(f"\n{CELLS:,} cells, median")
    print(f"  alone     {milliseconds(lambda: attainable_kn(yamalmax, c, h, open_water_kn=14.0)):.2f} ms")
    print(f"  escorted  {milliseconds(lambda: escorted_kn(yamalmax, c, h, open_water_kn=14.0)):.2f} ms")


if __name__ == "__main__":
    main()
