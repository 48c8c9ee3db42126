"""Claims of miles and days stand on the miles that ships sail; the shortest open ways are told beside them."""

from __future__ import annotations

import pytest

from sim import SeaNetwork
from sim.claims.evaluate import evaluate, load_claims
from sim.claims.lengths import both_routes, sailed_nm
from sim.voyage.navigation import SAILED_MORE

NSR_NM = (1_900.0, 2_400.0)  # Cape Zhelaniya to the Bering Strait is some 2,040 nm


def test_miles_are_more_on_the_water_of_the_nsr_alone(net: SeaNetwork) -> None:
    pair = both_routes(net, "Dalian", "Rotterdam", "suez", "nsr")
    assert sailed_nm(pair.longer) == pair.longer.distance_nm
    more = sailed_nm(pair.shorter) - pair.shorter.distance_nm
    assert SAILED_MORE * NSR_NM[0] < more < SAILED_MORE * NSR_NM[1]
    assert pair.way_saved_nm - pair.saved_nm == pytest.approx(more)


def test_a_route_that_does_not_exist_has_no_saving(net: SeaNetwork) -> None:
    pair = both_routes(net, "Dalian", "Tokyo", "suez", "nsr")
    assert pair.saved_nm != pair.saved_nm


def test_the_claim_of_miles_is_judged_by_the_miles_sailed(net: SeaNetwork) -> None:
    found = evaluate(next(c for c in load_claims() if c.id == "distance_5000_nm"), net)
    pair = both_routes(net, "Dalian", "Rotterdam", "suez", "nsr")
    assert found.computed == pytest.approx(pair.saved_nm)
    assert f"{pair.way_saved_nm:,.0f} nm less" in found.note
    assert "sailed" in found.note
