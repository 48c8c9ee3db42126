"""Made results of studies: lawful rows of made-up voyages, in the files that a study writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import qmc

from sim.study.batch.store import MADE_BY

CLASSES = ("Ice1", "Arc4", "Arc7")
PATHWAYS = ("SSP1-2.6", "SSP2-4.5", "SSP5-8.5")
KEYS = ("voyage.depart", "vessel.ice_class", "ice.year", "vessel.speed_kn", "costs.bunker_usd_t")
LABELS = ("suez", "nsr", "cape")
SUEZ_NM, NSR_NM, CAPE_NM = 11_000.0, 8_000.0, 14_200.0
CARGO_T = 15_000.0


def voyages(inputs: Sequence[dict[str, Any]], seed: int = 1) -> list[dict[str, Any]]:
    """Rows of made-up voyages, one an input and alternative: more ice in winter, in early years and for weak ships."""
    random = np.random.default_rng(seed)
    out = []
    for draw, given in enumerate(inputs):
        z = float(given["z"]) if "z" in given else float(random.normal())
        days = {label: _days(label, given, z) for label in LABELS}
        for label in LABELS:
            out.append(_row(draw, label, given, z, days[label], days["suez"]))
    return out


def _days(label: str, given: dict[str, Any], z: float) -> float | None:
    """Days at sea; None where the route is closed."""
    miles = {"suez": SUEZ_NM, "nsr": NSR_NM, "cape": CAPE_NM}[label]
    open_days = miles / given["vessel.speed_kn"] / 24
    if label != "nsr":
        return open_days
    ice = ice_of(given, z)
    return None if ice > 1 else open_days * (1 + 0.8 * ice)


def ice_of(given: dict[str, Any], z: float) -> float:
    """0 no ice, above 1 closed: least in September, less from year to year, less for stronger classes."""
    season = 1.1 - 1.3 * np.exp(-(((given["voyage.depart"] - 255) / 55) ** 2))
    strength = {"Ice1": 0.35, "Arc4": 0.0, "Arc7": -0.45}[given["vessel.ice_class"]]
    return float(max(0.0, season + strength + 0.1 * z - 0.012 * (given["ice.year"] - 2030)))


def _row(
    draw: int, label: str, given: dict[str, Any], z: float, days: float | None, base: float | None
) -> dict[str, Any]:
    depart = datetime(int(given["ice.year"]), 1, 1, tzinfo=UTC) + timedelta(days=float(given["voyage.depart"]))
    closed = days is None
    fuel = None if days is None else 25.0 * days
    toll = {"suez": 250_000.0, "nsr": 120_000.0, "cape": 0.0}[label]
    price = given["costs.bunker_usd_t"]
    cost = None if fuel is None or days is None else price * fuel + 18_000 * days + toll
    own_base = None if base is None else price * 25 * base + 18_000 * base + 250_000
    by = None if not closed else "rule" if given["vessel.ice_class"] == "Ice1" else "both" if z > 1 else "ice"
    return {
        "draw": draw, "alternative": label, **{k: given[k] for k in KEYS if k in given},
        "status": "closed" if closed else "ok", "cause": "too much risk" if closed else None, "closed_by": by,
        "place": "vilkitsky_strait" if closed else None, "reason": "too much ice" if closed else None,
        "depart": depart, "arrive": None if days is None else depart + timedelta(days=days),
        "year": depart.year, "month": depart.month, "pathway": given.get("ice.pathway", "SSP2-4.5"), "season_z": z,
        "ice_class": given["vessel.ice_class"], "vessel": "ship", "speed_kn": given["vessel.speed_kn"],
        "days": days, "sailing_days": days, "wait_days": None if closed else 0.0,
        "distance_nm": None if closed else 24 * given["vessel.speed_kn"] * (days or 0.0), "fuel_t": fuel,
        "co2_t": None if fuel is None else 3.114 * fuel, "cost_usd": cost,
        "cost_complete": None if closed else label != "cape", "cargo_t": CARGO_T,
        "saved_days": None if days is None or base is None or label == "suez" else base - days,
        "saved_usd": None if cost is None or own_base is None or label == "suez" else own_base - cost,
    }  # fmt: skip


def schema(varied: dict[str, pa.DataType]) -> pa.Schema:
    """The columns of a file of voyages."""
    number, word, moment = pa.float64(), pa.string(), pa.timestamp("ms", tz="UTC")
    fields = [("draw", pa.int64()), ("alternative", word), *varied.items()]
    fields += [(k, word) for k in ("status", "cause", "closed_by", "place", "reason")]
    fields += [("depart", moment), ("arrive", moment), ("year", pa.int32()), ("month", pa.int32()), ("pathway", word)]
    fields += [("season_z", number), ("ice_class", word), ("vessel", word), ("speed_kn", number)]
    fields += [(k, number) for k in ("days", "sailing_days", "wait_days", "distance_nm", "sailed_nm", "ice_nm")]
    fields += [(k, number) for k in ("escort_nm", "ice_delay_days", "besetting_days", "fuel_t", "co2_t", "cost_usd")]
    fields += [("cost_complete", pa.bool_()), ("cargo_t", number), ("saved_days", number), ("saved_usd", number)]
    return pa.schema(fields)


def write(
    folder: Path, rows: Sequence[dict[str, Any]], method: str = "monte_carlo", keys: Sequence[str] = KEYS, **more: Any
) -> Path:
    """The folder of a study with these voyages."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {k: pa.string() if any(isinstance(r.get(k), str) for r in rows) else pa.float64() for k in keys}
    table = pa.Table.from_pylist([{k: r.get(k) for k in schema(kinds).names} for r in rows], schema=schema(kinds))
    pq.write_table(table, folder / "voyages.parquet")
    study: dict[str, Any] = {
        "name": "made", "description": "a made-up study", "method": method, "samples": None, "seed": 1,
        "baseline": "suez", "alternatives": list(LABELS), "vary": [{"key": k, "kind": "uniform"} for k in keys],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps({"made_by": MADE_BY, "study": study | more}), encoding="utf-8")
    return folder


def monte_carlo(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Inputs drawn at random."""
    random = np.random.default_rng(seed)
    return [
        {
            "voyage.depart": float(random.integers(0, 365)), "vessel.ice_class": str(random.choice(CLASSES)),
            "ice.year": float(random.integers(2027, 2051)), "vessel.speed_kn": float(random.uniform(11, 15)),
            "costs.bunker_usd_t": float(random.triangular(450, 600, 900)),
            "ice.pathway": str(random.choice(PATHWAYS)),
        }
        for _ in range(count)
    ]  # fmt: skip


def sobol(
    n: int, depart: tuple[float, float] = (0, 364), seed: int = 1, by_sample: bool = False
) -> list[dict[str, Any]]:
    """Inputs A, B and AB of each key: in blocks of n, or sample by sample."""
    d = len(KEYS)
    u = qmc.Sobol(2 * d, seed=seed).random(n)
    a, b = u[:, :d], u[:, d:]
    blocks = [a, b]
    for k in range(d):
        block = a.copy()
        block[:, k] = b[:, k]
        blocks.append(block)
    rows = np.concatenate(blocks)
    season = np.random.default_rng(seed).normal(size=(2, n))
    z = np.concatenate([season[0], season[1], *[season[0]] * d])  # the season is of the base row, not of the draw
    order = np.arange(len(rows)).reshape(d + 2, n).T.ravel() if by_sample else np.arange(len(rows))
    return [
        {
            "voyage.depart": float(np.floor(depart[0] + (depart[1] - depart[0]) * r[0])),
            "vessel.ice_class": CLASSES[min(int(r[1] * 3), 2)], "ice.year": float(int(2027 + 24 * r[2])),
            "vessel.speed_kn": float(11 + 4 * r[3]), "costs.bunker_usd_t": float(450 + 450 * r[4]),
            "z": float(own_z),
        }
        for r, own_z in zip(rows[order], z[order], strict=True)
    ]  # fmt: skip


def one_at_a_time() -> list[dict[str, Any]]:
    """The base, then each key's values in the order of the keys."""
    base = {
        "voyage.depart": 240.0, "vessel.ice_class": "Arc4", "ice.year": 2035.0, "vessel.speed_kn": 13.0,
        "costs.bunker_usd_t": 600.0,
    }  # fmt: skip
    moved = [("voyage.depart", 20.0), ("voyage.depart", 215.0), ("voyage.depart", 270.0)]
    moved += [("ice.year", 2027.0), ("ice.year", 2050.0), ("vessel.speed_kn", 11.0), ("vessel.speed_kn", 15.0)]
    moved += [("costs.bunker_usd_t", 450.0), ("costs.bunker_usd_t", 900.0)]
    words = [{**base, "vessel.ice_class": c} for c in ("Ice1", "Arc7")]
    return [base, *({**base, k: v} for k, v in moved), *words]
