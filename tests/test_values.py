"""Results are values: they compare and hash by what they hold."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim import SeaNetwork
from sim.values import Valued


@dataclass(frozen=True, eq=False)
class Sample(Valued):
    name: str
    figures: np.ndarray
    more: dict[str, float]


def sample(name: str = "a", last: float = 3.0, more: float = 1.0) -> Sample:
    return Sample(name, np.array([1.0, 2.0, last]), {"x": more, "y": float("nan")})


def test_equal_contents_are_equal_and_hash_alike() -> None:
    assert sample() == sample()
    assert hash(sample()) == hash(sample())
    assert len({sample(), sample(), sample("b")}) == 2


@pytest.mark.parametrize("other", [sample("b"), sample(last=4.0), sample(more=2.0), "a", None])
def test_another_content_or_type_is_not_equal(other: object) -> None:
    assert sample() != other


def test_arrays_of_another_shape_are_not_equal() -> None:
    assert replace(sample(), figures=np.zeros(3)) != replace(sample(), figures=np.zeros((3, 1)))


def test_routes_and_places_compare_hash_and_print_short() -> None:
    net = SeaNetwork.load()
    one, same, other = net.route("Dalian", "Busan"), net.route("Dalian", "Busan"), net.route("Dalian", "Shanghai")
    assert one == same == copy.deepcopy(one)
    assert one != other
    assert len({one, same, other}) == 2
    assert net.place("Dalian") == net.place("CNDLC")
    assert net.place("Dalian") != net.place("Busan")
    assert len(repr(net.route("Dalian", "Rotterdam"))) < 200
    assert repr(net.place("Dalian")).startswith("Place(Dalian, ")
