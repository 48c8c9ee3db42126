"""Ice classes: spellings, equals and order."""

from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.ice.classes import ADMISSION_ROWS, ice_class, ice_classes

# IMO MSC.1/Circ.1519: rows from the strongest down, PC7 and IA Super side by side
STRENGTH = {
    "PC1": 0, "PC2": 1, "PC3": 2, "PC4": 3, "PC5": 4, "PC6": 5, "PC7": 6, "IA Super": 6, "IA": 7, "IB": 8, "IC": 9,
    "Not ice strengthened": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Arc4", "Arc4"), ("arc 4", "Arc4"), ("ARC-4", "Arc4"), ("LU4", "Arc4"), ("L1", "Arc4"),
        ("\u041b\u0423 4", "Arc4"),
        ("UL", "Arc5"), ("ULA", "Arc7"), ("LU7", "Arc7"), ("\u0423\u041b\u0410", "Arc7"), ("RS Arc5", "Arc5"),
        ("Ice1", "Ice1"), ("ICE 2", "Ice2"), ("L4", "Ice1"), ("L2", "Ice3"), ("IA", "IA"), ("1A", "IA"),
        ("ice class 1a", "IA"),
        ("ICE-1A", "IA"), ("IA Super", "IA Super"), ("1A Super", "IA Super"), ("1ASUPER", "IA Super"),
        ("1A*", "IA Super"),
        ("IAS", "IA Super"), ("1B", "IB"), ("fsicr ic", "IC"), ("1C", "IC"), ("1D", "II"), ("II", "II"),
        ("PC7", "PC7"), ("pc-3", "PC3"), ("Polar Class 1", "PC1"), ("none", "none"), ("No ice class", "none"),
        ("Not ice strengthened", "none"), ("-", "none"),
    ],
)  # fmt: skip
def test_spellings(text: str, name: str) -> None:
    assert ice_class(text).name == name


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("IA Super", ("ICE-1A*", "DNV ICE-1A*", "CCS B1*", "B1*", "1AS FS", "LR 1AS FS", "GL E4")),
        ("IA", ("ICE-1A", "CCS B1", "B1", "1A FS", "LR 1A FS", "GL E3", "BV Ice Class IA", "NK IA")),
        ("IB", ("ICE-1B", "DNV GL ICE-1B", "B2", "1B FS", "E2")),
        ("IC", ("ICE-1C", "B3", "1C FS", "E1")),
        ("II", ("ICE-C", "CCS B", "GL E", "BV ID")),
        ("Icebreaker6", ("Icebreaker6", "icebreaker 6", "LL6", "LL4", "RS Icebreaker6")),
        ("Icebreaker9", ("Icebreaker9", "LL9", "\u041b\u041b9", "LL1")),
    ],
)  # fmt: skip
def test_marks_of_the_societies(name: str, spellings: tuple[str, ...]) -> None:
    for text in spellings:
        assert ice_class(text).name == name, text


@pytest.mark.parametrize("text", ["ICE-E", "DNV ICE-E", "ice e", "Ice B"])
def test_the_mark_for_light_ice_is_not_taken_for_a_single_letter_of_another_society(text: str) -> None:
    with pytest.raises(UsageError, match="unknown ice class"):
        ice_class(text)


def test_icebreakers_rank_with_the_arctic_class_of_their_number() -> None:
    for n in (6, 7, 8, 9):
        breaker, arctic = ice_class(f"Icebreaker{n}"), ice_class(f"Arc{n}")
        assert (breaker.rank, breaker.polaris_row) == (arctic.rank, arctic.polaris_row)


@pytest.mark.parametrize(
    ("text", "near"),
    [("Icebraker7", "Icebreaker7"), ("DNV ICE-1X", "I"), ("CCS B9", "I"), ("LL5", "L"), ("1AA FS", "1A FS")],
)
def test_a_misspelt_mark_gets_the_nearest(text: str, near: str) -> None:
    with pytest.raises(UsageError, match=rf"did you mean [^?]*{near}"):
        ice_class(text)


def test_no_spelling_means_two_classes() -> None:
    seen: dict[str, str] = {}
    for c in ice_classes().values():
        for text in (c.name, *c.rs_old, *c.aliases):
            key = text.casefold().replace(" ", "").replace("-", "")
            assert seen.setdefault(key, c.name) == c.name, text


@pytest.mark.parametrize(
    ("text", "hint"),
    [("Arc10", "Arc1|Arc"), ("PC8", "PC"), ("IA Supr", "IA Super"), ("Ice4", "Ice"), ("nonne", "none")],
)
def test_an_unknown_class_names_what_is_near_and_what_is_known(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=rf"unknown ice class '{text}' \(did you mean .*({hint})") as found:
        ice_class(text)
    assert "known: none, Ice1, Ice2" in str(found.value)


@pytest.mark.parametrize("text", ["", "ice", "class", "*", "---"])
def test_no_class_hides_behind_an_empty_name(text: str) -> None:
    with pytest.raises(UsageError, match="unknown ice class"):
        ice_class(text)


def test_the_order_of_the_russian_classes() -> None:
    names = ["none", "Ice1", "Ice2", "Ice3", "Arc4", "Arc5", "Arc6", "Arc7", "Arc8", "Arc9"]
    assert [ice_class(n).rank for n in names] == list(range(10))
    assert list(ADMISSION_ROWS) == names


@pytest.mark.parametrize("system", ["RS", "PC", "FSICR"])
def test_within_a_system_a_stronger_class_is_stronger_in_both_rules(system: str) -> None:
    family = [c for c in ice_classes().values() if c.system == system]
    family.sort(key=lambda c: (STRENGTH[c.polaris_row], -c.rank))
    ranks = [c.rank for c in family]
    assert len(family) >= 5
    assert ranks == sorted(ranks, reverse=True)


# columns: old RS marks, FSICR, PC (about), of the table of equivalents: ASSPPR SOR/2017-286 Sched. 2, IMO guidelines
@pytest.mark.parametrize(
    ("name", "old", "fsicr", "pc"),
    [
        ("Ice1", {"L4"}, "II", ""), ("Ice2", {"L3"}, "IC", ""), ("Ice3", {"L2"}, "IB", ""),
        ("Arc4", {"L1", "LU4"}, "IA", "PC7"), ("Arc5", {"UL", "LU5"}, "IA Super", "PC6"),
        ("Arc6", {"LU6"}, "IA Super", "PC5-PC6"),
        ("Arc7", {"LU7", "ULA"}, "IA Super", "PC3-PC4"), ("Arc8", {"LU8"}, "", "PC2-PC3"),
        ("Arc9", {"LU9"}, "", "PC1-PC2"),
    ],
)  # fmt: skip
def test_equivalents(name: str, old: set[str], fsicr: str, pc: str) -> None:
    c = ice_class(name)
    assert old <= set(c.rs_old)
    assert (c.fsicr, c.pc) == (fsicr, pc)
    if pc:  # of a range the weaker one is used
        assert c.polaris_row == pc.split("-")[-1]


def test_foreign_classes_are_admitted_as_no_stronger_than_their_equals() -> None:
    for c in ice_classes().values():
        if c.system in {"PC", "FSICR"}:
            equal = ice_class(c.admission_row)
            assert c.confidence == "C"
            assert STRENGTH[c.polaris_row] <= STRENGTH[equal.polaris_row] + (0 if c.system == "PC" else 1)


def test_only_polar_classes_and_their_equals_may_run_an_elevated_risk() -> None:
    polar = {c.name for c in ice_classes().values() if c.is_polar}
    assert polar == {f"PC{k}" for k in range(1, 8)} | {f"Arc{k}" for k in range(4, 10)} | {
        f"Icebreaker{k}" for k in range(6, 10)
    }


def test_each_row_has_a_source_and_a_grade() -> None:
    for c in ice_classes().values():
        assert c.source
        assert c.confidence in {"A", "B", "C"}
        if "from memory" in c.source:
            assert c.confidence == "C"
