"""Which claims a scenario touches."""

from __future__ import annotations

import pytest

from sim.claims.register import load_claims
from sim.claims.touching import touched
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario


def scenario(origin: str, destination: str, *routes: str, closed: tuple[str, ...] = ()) -> Scenario:
    return scenario_of(
        {
            "format": 1, "name": "n", "description": "d",
            "voyage": {"from": origin, "to": destination, "depart": "2025-08-15"}, "vessel": {"speed_kn": 12.7},
            "alternatives": [{"route": r} for r in routes], "closures": [{"passage": p} for p in closed],
        }
    )  # fmt: skip


@pytest.mark.parametrize("ends", [("Dalian", "Rotterdam"), ("Rotterdam", "Dalian")], ids="-".join)
def test_the_voyage_of_a_claim_touches_it_either_way_round(ends: tuple[str, str]) -> None:
    found = {t.claim.id: t for t in touched(scenario(*ends, "suez", "nsr"), *ends)}
    wanted = [c.id for c in load_claims() if c.parameters.get("origin") == "Dalian"]
    assert list(found) == wanted
    assert all(t.same_ends and t.result is None for t in found.values())
    assert found["days_saved_10"].routes == ("suez", "nsr")


def test_ports_of_a_claims_lists_touch_it_where_a_route_is_shared() -> None:
    (one,) = touched(scenario("Busan", "Hamburg", "suez"), "Busan", "Hamburg")
    assert (one.claim.id, one.same_ends, one.among_ends, one.routes) == ("distance_5000_nm", False, True, ("suez",))
    assert touched(scenario("Busan", "Hamburg", "panama"), "Busan", "Hamburg") == ()


def test_a_closed_passage_touches_the_claims_on_it() -> None:
    ends = "Ras Tanura", "Ningbo"
    found = touched(scenario(*ends, "usual", closed=("malacca_strait",)), *ends)
    ids = {t.claim.id for t in found if t.passages == ("malacca_strait",)}
    assert {"must_transit_malacca_suez", "choke_points_blockade"} <= ids


def test_other_voyages_touch_nothing() -> None:
    assert touched(scenario("Santos", "Lagos", "usual"), "Santos", "Lagos") == ()


def test_with_a_network_the_claims_on_the_ends_have_verdicts() -> None:
    from sim import SeaNetwork

    ends = "Dalian", "Rotterdam"
    found = touched(scenario(*ends, "suez", "nsr", closed=("bab_el_mandeb",)), *ends, SeaNetwork.load())
    verdicts = {t.claim.id: t.result and t.result.verdict for t in found}
    assert verdicts["distance_5000_nm"] == "does_not_hold"
    assert verdicts["choke_points_blockade"] is None  # about passages alone
