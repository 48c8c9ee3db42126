"""A captain may wait in port for the ice to open."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sim import SeaNetwork
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing


def sailing(net: SeaNetwork, depart: str, **ice: object) -> Sailing:
    scenario = Scenario.model_validate(
        {
            "format": 1, "name": "wait", "description": "a ship before the ice opens",
            "voyage": {"from": "Murmansk", "to": "Busan", "depart": depart}, "vessel": {"type": "mpp_19k_1a"},
            "alternatives": [{"route": "nsr"}],
            "ice": {"year": 2012, "season": "normal", "admission": "none", **ice},
        }
    )  # fmt: skip
    return Sailing(scenario, net, Path())


def test_a_ship_waits_for_the_first_day_on_which_it_gets_through(net: SeaNetwork) -> None:
    depart = "2030-07-15"
    shut = sailing(net, depart)
    alternative = shut.scenario.alternatives[0]
    _, barred = shut.sailed(alternative)
    assert barred is not None and barred.blocked is not None
    _, short = sailing(net, depart, wait_until_open_days=1.0).sailed(alternative)
    assert short is not None and short.blocked is not None  # too short a patience: told as without it
    assert short.blocked.moment == barred.blocked.moment
    _, voyage = sailing(net, depart, wait_until_open_days=10.0).sailed(alternative)
    assert voyage is not None and voyage.blocked is None and voyage.arrive is not None
    waited = voyage.port_wait_days
    assert 1 < waited <= 10 and waited == int(waited)
    assert voyage.depart.isoformat() == f"{depart}T00:00:00+00:00"
    assert (voyage.arrive - voyage.depart).total_seconds() / 86400 == pytest.approx(voyage.days)
    assert voyage.wait_days >= waited
    for day, opened in ((waited - 1, False), (waited, True)):  # the first such day, no earlier one
        later = datetime.fromtimestamp(voyage.depart.timestamp() + day * 86400, tz=voyage.depart.tzinfo)
        _, that = shut.sailed(alternative, later)
        assert that is not None and (that.blocked is None) == opened
    assert that is not None and that.days == pytest.approx(voyage.days - waited)


def test_who_need_not_wait_does_not(net: SeaNetwork) -> None:
    made = sailing(net, "2030-08-20", wait_until_open_days=30.0)
    _, voyage = made.sailed(made.scenario.alternatives[0])
    assert voyage is not None and voyage.port_wait_days == 0


@pytest.mark.parametrize("depart", ["2015-07-15", "2015-09-15", "2015-10-05"])
def test_an_icebreaker_where_needed_never_makes_the_voyage_longer(net: SeaNetwork, depart: str) -> None:
    """In the 2010s, under the rules: waiting for a convoy costs more than some slow ice."""
    how = {"year": 2015, "season": "severe", "admission": "none"}
    alone, helped = (sailing(net, depart, escort=escort, **how) for escort in ("none", "when_needed"))
    (_, slow), (_, led) = (made.sailed(made.scenario.alternatives[0]) for made in (alone, helped))
    assert slow is not None and led is not None and led.blocked is None
    if slow.blocked is None:
        assert led.days <= slow.days + 1e-9


def test_a_voyage_is_open_or_not_whether_or_not_its_reason_is_asked_for(net: SeaNetwork) -> None:
    """On 21 July the search believes the way barred, but the slow ship comes to the bars when they have opened."""
    bound = sailing(net, "2030-07-15")
    for day in ("2030-07-20", "2030-07-21", "2030-07-23"):
        depart = datetime.fromisoformat(f"{day}T00:00:00+00:00")
        told, bare = (bound.sailed(bound.scenario.alternatives[0], depart, explain=x)[1] for x in (True, False))
        assert told is not None and bare is not None
        assert (told.blocked is None) == (bare.blocked is None) == (day != "2030-07-20")
        assert bare.days == pytest.approx(told.days, nan_ok=True)
