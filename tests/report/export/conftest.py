"""One comparison for all tests of exports: over 180 degrees and through canals, with names that are up to no good."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import northabout
from sim.report.comparison import stored_dict
from sim.report.export.read import of_documents
from sim.report.export.record import Exported
from sim.report.voyages import event_dict, legs_geojson
from sim.scenario.compare import Comparison
from sim.voyage.voyage import Choice, Event

HOSTILE = "</name><b>& \"north\" 'x' ]]> =1+1\n\u202e\u05e9\u05dc\u05d5\u05dd\x07 \u0645\u06cc\u200c\u0631\u0648\u062f"
SCENARIO = {
    "format": 1, "name": "export", "description": "<script>alert(1)</script>",
    "voyage": {"from": "Yokohama", "to": "New York", "depart": "2025-08-15"}, "vessel": {"type": "cont_3600_1a"},
    "alternatives": [
        {"route": "panama"}, {"route": "usual", "avoid": ["panama_canal"], "name": "south & <east>"},
        {"route": "panama", "avoid": ["panama_canal"], "name": "none"},
    ],
    "waits": [{"passage": "panama_canal", "wait_h": 12}],
}  # fmt: skip

SHUT = datetime(2025, 8, 25, tzinfo=UTC)
MET = Event("panama_canal", SHUT, None, "drought", SHUT, (-143.4, 40.1), Choice.WAITS, 12.0, None, None)


@pytest.fixture(scope="session")
def ran() -> Comparison:
    return northabout.run(SCENARIO)


@pytest.fixture(scope="session")
def documents(ran: Comparison) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored documents, as someone may have changed them: with names that no scenario is allowed."""
    stored, legs = json.loads(json.dumps(stored_dict(ran))), json.loads(json.dumps(legs_geojson(ran)))
    stored |= {"scenario": HOSTILE, "description": "<script>alert(1)</script>\nsecond line"}
    stored["alternatives"][1]["route"] = HOSTILE
    stored["closures"] = ["panama_canal"]
    stored["alternatives"][0]["closures_met"] = [event_dict(MET)]
    for feature in legs["features"]:
        if feature["properties"]["route"] == "south & <east>":
            feature["properties"]["route"] = HOSTILE
    return stored, legs


@pytest.fixture(scope="session")
def told(documents: tuple[dict[str, Any], dict[str, Any]]) -> Exported:
    return of_documents(*documents)
