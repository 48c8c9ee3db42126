"""Reasons in words: each cause names what a reader needs, and says it with the figures of the block."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sim.ice.admission import AdmissionTable
from sim.report.reasons import CHOICES, block_text, place_text, ruling_text
from sim.voyage.voyage import Block, Cause, Choice

MOMENT = datetime(2018, 8, 1, 12, tzinfo=UTC)
DAY = MOMENT.timestamp() / 86400
LIGHT, MEDIUM, HEAVY = range(3)
TABLE = AdmissionTable.load()
SHIP = {"concentration": 0.93, "thickness_m": 1.2, "rio": -12.5, "ice_class": "Arc4", "max_risk": "elevated"}
KARA = ("kara_sea", 75.0, 74.96, MOMENT)
THERE = "Kara Sea at 75.0 N, 75.0 E on 2018-08-01"


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Block(Cause.NO_ICE_DATA, *KARA), f"the ice file says nothing of {THERE}"),
        (Block(Cause.BESET, *KARA, **SHIP),
         f"{THERE}: 9.3/10 of ice 1.20 m thick stops the ship (less than 2 kn at full power)"),
        (Block(Cause.TOO_MUCH_RISK, *KARA, **SHIP),
         f"{THERE}: 9.3/10 of ice 1.20 m thick gives Arc4 a RIO of -12.5, over the risk that is accepted (elevated)"),
        (Block(Cause.NOT_ADMITTED, *KARA, **SHIP, ruling=TABLE.ruling("Arc4", DAY, "Kara NE", HEAVY)),
         f"{THERE}: Arc4 without icebreaker in heavy ice of Kara NE, 1 Jul - 30 Nov: not admitted "
         "(2013 Rules, Annex 2; low confidence) (9.3/10 of ice 1.20 m thick)"),
        (Block(Cause.PASSAGE_CLOSED, "", 32.0, 30.0, MOMENT, passage="suez_canal", closed_from=MOMENT),
         "suez_canal is closed from 2018-08-01, and no other route leads on"),
        (Block(Cause.BESET, "", -0.04, -60.0, MOMENT, 1.0, 2.0),
         "open sea at 60.0 S, 0.0 W on 2018-08-01: 10.0/10 of ice 2.00 m thick stops the ship "
         "(less than 2 kn at full power)"),
    ],
    ids=lambda v: v.cause.name if isinstance(v, Block) else "",
)  # fmt: skip
def test_a_block_in_words(block: Block, text: str) -> None:
    assert block_text(block) == text
    assert block.reason == text


def test_a_ruling_in_words() -> None:
    assert ruling_text(TABLE.ruling("Ice2", DAY, 1, MEDIUM, "icebreaker")) == (
        "Ice2 with icebreaker in medium ice of Kara NE, 1 Jul - 15 Nov: admitted (2013 Rules, Annex 2; verified)"
    )
    january = datetime(2025, 1, 5, tzinfo=UTC).timestamp() / 86400
    assert ruling_text(TABLE.ruling("Arc7", january, 6, HEAVY, double_acting=True)) == (
        "Arc7 double-acting without icebreaker in heavy ice of Chukchi, 1 Jun - 31 Jan: admitted "
        "(2020 Rules, amendment of February 2024; verified)"
    )
    winter = datetime(2019, 1, 5, tzinfo=UTC).timestamp() / 86400
    assert ruling_text(TABLE.ruling("none", winter, 0, LIGHT, ice_free=True)) == (
        "no ice class without icebreaker in ice-free water of Kara SW, 16 Nov - 30 Jun: not admitted "
        "(2013 Rules, Annex 2; verified)"
    )
    assert "IA (as Arc4)" in ruling_text(TABLE.ruling("1A", winter, 0, LIGHT))
    assert ruling_text(TABLE.ruling("1A", winter, -1, LIGHT)) == "outside the NSR water area: no admission rule"
    assert ruling_text(None) == ""


def test_every_choice_has_words() -> None:
    assert set(CHOICES) == set(Choice)


def test_a_position_in_words() -> None:
    assert place_text(104.21, 77.94) == "77.9 N, 104.2 E"
    assert place_text(-170.0, -3.0) == "3.0 S, 170.0 W"
