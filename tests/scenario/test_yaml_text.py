"""The reader of YAML text: YAML 1.2 as data, bounded, with the line of everything; every fault is a message."""

from __future__ import annotations

import io
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import DataError, NorthaboutError, ScenarioError
from sim.scenario.yaml_text import MAX_BYTES, brief, entries, parse_document, plain_value, read_document


def data_of(text: str) -> Any:
    document = parse_document(text, "x.yaml")
    assert not document.problems
    return document.data


def refused(text: str) -> list[str]:
    """All problems of a text, also those that did not stop the reading."""
    try:
        document = parse_document(text, "x.yaml")
    except ScenarioError as error:
        return error.problems
    return [f"x.yaml:{line}: {what}" for line, what in document.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("12:30", "12:30"), ("2025-08-15", "2025-08-15"),
        ("1_000", "1_000"),
        ("true", True), ("FALSE", False), ("tRUE", "tRUE"), ("~", None), ("", None), ("null", None), ("nil", "nil"),
        ("12", 12), ("-3", -3), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0),
        ("1e3", 1000.0), ("1e400", math.inf), (".inf", math.inf), ("-.INF", -math.inf), ("e3", "e3"), ("1e", "1e"),
        ("٣", "٣"), ("nan", "nan"),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text: str, value: Any) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)


def test_not_a_number_is_read_as_such() -> None:
    assert math.isnan(plain_value(".nan"))


def test_quoted_scalars_are_text() -> None:
    assert data_of("a: '12'\nb: \"true\"\nc: |\n  1\n") == {"a": "12", "b": "true", "c": "1\n"}


def test_escapes_in_pairs_are_one_character() -> None:
    assert data_of('{"\\ud83d\\udea2": "\\ud83d\\udea2"}') == {"\U0001f6a2": "\U0001f6a2"}
    assert "x.yaml:1: 'a\\ud800' holds half a character" in refused('b: "a\\ud800"')[0]


def test_lines_are_known_of_keys_and_items() -> None:
    document = parse_document("a: 1\nb:\n  - x\n  - c: 2\n    d: [3,\n      4]\n", "x")
    assert document.data == {"a": 1, "b": ["x", {"c": 2, "d": [3, 4]}]}
    assert [document.line(at) for at in (("a",), ("b",), ("b", 1, "d"), ("b", 1, "d", 1))] == [1, 2, 5, 6]
    assert document.line(("b", 1, "nothing", "here")) == 4


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    document = read_document(file)
    assert document.data == {"a": 1, "b": "x"}
    assert document.lines[("b",)] == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.yaml:1: is empty"),
        ("# only\n# comments\n", "x.yaml:1: is empty"),
        ("---\n...\n", "x.yaml:1: is empty"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: key 'a' is duplicated (first on line 1)"),
        ("a:\n  b: 1\n\n  b: 2\n", "x.yaml:4: key 'b' is duplicated (first on line 2)"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: a second document begins here"),
        ("a: 1\nb: *c\n", "x.yaml:2: aliases (*c) are not allowed"),
        ("a: !!python/object/apply:os.system [ls]\n", "x.yaml:1: tag 'tag:yaml.org,2002:python/object/apply"),
        ("a: !own x\n", "x.yaml:1: tag '!own' is not allowed"),
        ("a: 1\n2: x\n", "x.yaml:2: a key must be a word, here it is '2'"),
        ("true: x\n", "x.yaml:1: a key must be a word, here it is 'true'"),
        ("? [a, b]\n: x\n", "x.yaml:1: a key must be a word, here it is a list"),
        ("? {a: b}\n: x\n", "x.yaml:1: a key must be a word, here it is a section"),
        ("a:\n\t- b\n", "x.yaml:2: is not YAML: while scanning for the next token found character '\\\\t'"),
        ("a:\n\t- b\n", "indent with spaces, not with tabs"),
        ("a: 1\n  b: 2\n", "x.yaml:2: is not YAML: mapping values are not allowed here"),
        ("a: [1, 2\n", "x.yaml:2: is not YAML: while parsing a flow sequence"),
        ('a: "\\UFFFFFFFF"\n', "x.yaml:1: is not YAML"),
        ("a: \x00\n", "x.yaml:1: is not YAML: unacceptable character"),
        ("%YAML 1.1\n---\na: NO\n", "asks for another YAML than 1.2"),
        ("%YAML 1.9\n---\na: NO\n", "is not YAML"),
        ("a: " + "9" * 5000, "x.yaml:1: a: the number 99999"),
        ("a: " + "[" * 1000, "x.yaml:1: nested deeper than 12 levels"),
        ("a: " + "{b: " * 1000, "x.yaml:1: nested deeper than 12 levels"),
        ("- " * 1000 + "a", "x.yaml:1: nested deeper than 12 levels"),
        ("[" + "1, " * 30_000 + "]", "more than 20,000 values"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_line(text: str, said: str) -> None:
    said = said.replace("\\\\t", "\\t")
    assert any(said in problem for problem in refused(text)), refused(text)


def test_all_duplicates_and_odd_keys_are_told_at_once() -> None:
    text = "a: 1\n1: x\na: {k: 1, l: 2}\na: {k: 1}\nb: 2\n[q]: {k: 3}\n"
    document = parse_document(text, "x")
    assert document.data == {"a": 1, "b": 2}
    assert [line for line, _ in document.problems] == [2, 3, 4, 6]


def test_problems_before_a_broken_line_are_not_lost() -> None:
    assert [p.split(": ")[0] for p in refused("a: 1\nb: !x 2\nc: [\n")] == ["x.yaml:2", "x.yaml:4"]


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"{c}: &{c} [{', '.join(['*' + b] * 9)}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True))
    assert "x.yaml:2: aliases (*a) are not allowed" in refused(bomb)[0]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? "])
def test_deep_nesting_is_refused_at_once(opening: str) -> None:
    assert "nested deeper" in refused(opening * 100_000)[-1]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text (byte 0x89)"), (b"a: 1\nb: \xe9\n", ":2: is not UTF-8 text")],
)
def test_binary_files_are_no_text(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read_document(file)
    assert said in str(caught.value)


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(100_000_000)
    with pytest.raises(ScenarioError, match=f"longer than a scenario can be; at most {MAX_BYTES:,} bytes are read"):
        read_document(file)


def test_what_is_no_file_is_missing_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(DataError, match="is a folder"):
        read_document(tmp_path)
    with pytest.raises(DataError):
        read_document(tmp_path / ("x" * 5000))
    with pytest.raises(DataError):
        read_document(Path("a\0b"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ScenarioError, match="is empty"):  # nobody writes to it: no reason to wait
            read_document(tmp_path / "pipe")
        with pytest.raises(DataError, match="not a regular file"):
            read_document(Path("/dev/null"))


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="the system has no /dev/fd")
def test_a_pipe_with_a_writer_is_read() -> None:
    """What a shell hands over as <(...)."""
    reader, writer = os.pipe()
    os.write(writer, b"a: 1\n")
    os.close(writer)
    try:
        assert read_document(Path(f"/dev/fd/{reader}")).data == {"a": 1}
    finally:
        os.close(reader)


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a:\n  b: 2\n")))
    document = read_document(Path("-"))
    assert (document.data, document.name, document.line(("a", "b"))) == ({"a": {"b": 2}}, "standard input", 2)


def test_values_in_messages_are_short_and_printable() -> None:
    assert brief("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert len(brief("x" * 1000)) == 60
    assert brief(3.5) == "3.5"


def test_entries_walk_any_data() -> None:
    data = {"a": [{"b": "x"}, 3, {"b": 4}, {"b": "y"}], "c": "z"}
    assert list(entries(data, "a", "*", "b")) == [(("a", 0, "b"), "x"), (("a", 3, "b"), "y")]
    assert list(entries(data, "c", "*", "b")) == []
    assert list(entries(3, "a")) == []


PIECES = st.sampled_from(
    [
        "a", "b: ", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ", ", ": ", "? ", "'", '"', "|", ">", "&x ", "*x",
        "!t ",
        "!!str ", "---\n", "...\n", "%YAML 1.2\n", "%TAG ! x\n", "#", "1", ".nan", "~", "<<: ", "\\x", "\\ud800",
        "\ufeff",
        "\x85", "\u2028", "\x00", "\r", "`", "@", "%", "0x", "é", "\U0001f6a2", "\ud800",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60)))
@example("? a\n? b\n: [c]\n")
@example("[a: b, ? c : d]: e")
def test_any_text_is_data_or_a_message(text: str) -> None:
    told = ""
    try:
        document = parse_document(text, "x")
    except NorthaboutError as error:
        told = str(error)
    else:
        assert () in document.lines
        assert all(what.isprintable() for _, what in document.problems)
    assert all(line.startswith("x:") for line in told.splitlines())
