"""Who leads ships on a day, and how fast a convoy goes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.ship.icebreakers import CONVOY_LIGHT_KN, convoy_kn, icebreaker, icebreakers, in_service, leader, newest
from sim.voyage.policy import IcePolicy

C, H = st.floats(0, 1), st.floats(0, 4)


def test_the_table_is_in_order_and_every_icebreaker_slows_to_its_slow_speed_in_its_thickest_ice() -> None:
    for b in icebreakers().values():
        assert b.withdrawn is None or b.withdrawn > b.commissioned
        assert b.speed_kn([0.0, b.ice_m]) == pytest.approx([b.open_water_kn, b.ice_kn])
        assert (np.diff(b.speed_kn(np.linspace(0, 5, 50))) <= 0).all()
        assert b.speed_kn(9.0) == 0


@pytest.mark.parametrize(
    ("day", "project", "count"),
    [
        (date(1970, 1, 1), "92M", 1), (date(2011, 7, 20), "10520", 3), (date(2020, 5, 20), "10520", 2),
        (date(2020, 11, 1), "10520", 3),  # one of project 22220 in three: the middle one is older
        (date(2023, 1, 5), "22220", 5), (date(2040, 1, 1), "22220", 6),
    ],
)  # fmt: skip
def test_the_middle_one_of_those_in_service_leads(day: date, project: str, count: int) -> None:
    assert len(in_service(day)) == count
    assert leader(day).project.startswith(project[:4])


def test_a_scenario_has_the_cap_of_light_ice() -> None:
    assert IcePolicy().convoy_cap_kn == CONVOY_LIGHT_KN


def test_there_is_always_a_leader() -> None:
    assert leader(date(1900, 1, 1)).name == "Lenin"


def test_speeds_of_convoys_that_were_seen() -> None:
    """Arktika with Arc7 carriers about 10 kn in 0.7 to 1.5 m; Yamal 7.9 and 50 Let Pobedy 8.6 kn in winter ice."""
    assert convoy_kn(icebreaker("Arktika"), 1.0, [0.7, 1.1, 1.5]) == pytest.approx([10.0] * 3, abs=0.6)
    assert convoy_kn(icebreaker("Yamal"), 1.0, [1.4, 1.5]) == pytest.approx([8.4, 8.4], abs=0.7)
    assert float(convoy_kn(newest(), 0.1, 0.1)) == pytest.approx(CONVOY_LIGHT_KN, abs=0.1)


@given(C, H, st.floats(0, 1), st.floats(1, 25))
def test_more_ice_never_makes_a_convoy_faster(c: float, h: float, share: float, most: float) -> None:
    for b in (newest(), icebreaker("Yamal")):
        assert convoy_kn(b, c, h, most) <= convoy_kn(b, c * share, h, most) + 1e-12 <= most + 1e-9
        assert convoy_kn(b, c, h, most) <= convoy_kn(b, c, h * share, most) + 1e-12


def test_an_unknown_icebreaker_is_refused_with_the_nearest() -> None:
    assert icebreaker(" yamal ").name == "Yamal"
    with pytest.raises(UsageError, match=r"unknown icebreaker 'Yamall' \(did you mean Yamal"):
        icebreaker("Yamall")
