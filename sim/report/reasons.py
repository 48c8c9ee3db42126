"""Why a voyage ends, what a rule says and what a ship chose, in words: made here, of values, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.voyage.blocks import CREEP_KN
from sim.voyage.navigation import HEADWAY_KN
from sim.voyage.voyage import Cause, Choice, ClosedBy

if TYPE_CHECKING:
    from sim.ice.admission import Ruling
    from sim.voyage.shelf import Shoal
    from sim.voyage.voyage import Block, Creep

OPEN_SEA = "open sea"
CHOICES = {
    Choice.WAITS: "waits",
    Choice.DIVERTS: "diverts",
    Choice.WAITS_THEN_DIVERTS: "waits, then diverts",
    Choice.STUCK: "finds no other route",
}


CLOSERS = {
    ClosedBy.ICE: "by the ice",
    ClosedBy.RULE: "by the rules, the ice would allow it",
    ClosedBy.BOTH: "by the rules and by the ice",
}


def closer_text(closer: ClosedBy) -> str:
    """Which of ice and rules shuts a way: "closed ..."."""
    return CLOSERS[closer]


def block_text(block: Block) -> str:
    """Why a voyage ends where it does, in a sentence; of ice and rules the one that ends it comes first."""
    closer = "" if block.closed_by is None else f"closed {closer_text(block.closed_by)}: "
    return closer + _block_text(block)


def _block_text(block: Block) -> str:
    if block.cause == Cause.PASSAGE_CLOSED:
        since = "" if block.closed_from is None else f" from {block.closed_from:%Y-%m-%d}"
        return f"{block.passage} is closed{since}, and no other route leads on"
    place = f"{sea_text(block.sea)} at {place_text(block.lon, block.lat)}"
    if block.shoal is not None:
        return shoal_text(block.shoal)
    where = f"{place} on {block.moment:%Y-%m-%d}"
    if block.cause == Cause.NO_ICE_DATA or block.concentration is None or block.thickness_m is None:
        return f"the ice file says nothing of {where}"
    ice = f"{block.concentration * 10:.1f}/10 of ice {block.thickness_m:.2f} m thick"
    if block.cause == Cause.NOT_ADMITTED:
        return f"{where}: {ruling_text(block.ruling)} ({ice})"
    if block.cause == Cause.TOO_MUCH_RISK:
        return (
            f"{where}: {ice} gives {block.ice_class} a RIO of {block.rio:.1f}, "
            f"over the risk that is accepted ({block.max_risk})"
        )
    if block.creep is not None:
        return f"{where}: the ice holds the ship ({ice}); {creep_text(block.creep)}"
    return f"{where}: {ice} stops the ship (less than {HEADWAY_KN:g} kn at full power)"


def creep_text(creep: Creep) -> str:
    """How a ship creeps through ice: "from ... on it makes ..."."""
    return (
        f"from {creep.begin:%Y-%m-%d} on, {sea_text(creep.sea)} at {place_text(creep.lon, creep.lat)}, it makes "
        f"{creep.nm:,.0f} nm in {creep.days:.1f} days at less than {CREEP_KN:g} kn"
    )


def shoal_text(shoal: Shoal) -> str:
    """Water that is too shallow for a ship, in a sentence."""
    return (
        f"{sea_text(shoal.sea)} at {place_text(shoal.lon, shoal.lat)}: {shoal.depth_m:.0f} m of water is too shallow "
        f"for a draft of {shoal.draft_m:g} m and {shoal.under_keel_m:.1f} m under the keel"
    )


def ruling_text(ruling: Ruling | None) -> str:
    """A ruling in a sentence: ship, ice, sea, period, verdict, rule and confidence; empty where no rule is applied."""
    if ruling is None:
        return ""
    if not ruling.area:
        return "outside the NSR water area: no admission rule"
    kind = ruling.ice_class
    ship = kind.name if kind.name == kind.admission_row else f"{kind.name} (as {kind.admission_row})"
    ship = "no ice class" if kind.name == "none" else ship + (" double-acting" if ruling.double_acting else "")
    ice = "ice-free water" if ruling.ice_free else f"{ruling.severity} ice"
    period = f", {ruling.period}" if ruling.period else ""
    grounds = f"{ruling.rule}; " if ruling.rule else ""
    escort = "with" if ruling.mode == "icebreaker" else "without"
    verdict = "admitted" if ruling.admitted else "not admitted"
    where = f"{ship} {escort} icebreaker in {ice} of {ruling.area}{period}"
    return f"{where}: {verdict} ({grounds}{ruling.confidence})"


def choice_text(choice: Choice) -> str:
    """What a ship did about a closure: "the ship ..."."""
    return CHOICES[choice]


def sailed_text(label: str, sailed_by: str) -> str:
    """An alternative by the route that it took in the end: "suez, then cape" where it turned."""
    return f"{label}, then {sailed_by}" if sailed_by and sailed_by != label else label


def sea_text(sea: str) -> str:
    """A sea by its id, for readers: "Kara Sea"; "open sea" for none."""
    return sea.replace("_", " ").title() or OPEN_SEA


def place_text(lon: float, lat: float) -> str:
    """A position for readers: 77.9 N, 104.2 E."""
    return f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}, {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
