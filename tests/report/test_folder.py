"""Folders of results: never the files of two runs mixed, never a file that is not ours touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.report.formats.folder import MANIFEST, Filled, fill_folder

NAMES = st.sets(st.sampled_from(["a.csv", "b.json", "c.md", "d.png"]), min_size=1)
RUN = st.tuples(st.sampled_from(["run", "calendar"]), st.sampled_from(["here", "there"]), NAMES, st.binary(max_size=3))


def held(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()} - {MANIFEST}


@settings(max_examples=15)
@given(runs=st.lists(RUN, min_size=1, max_size=5))
def test_a_folder_holds_files_of_one_source_and_of_each_command_the_last(
    runs: list[tuple[str, str, set[str], bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("out")
    (folder / "mine.txt").write_text("mine")
    expected: dict[str, tuple[str, str, bytes]] = {}
    for command, source, names, content in runs:
        done = fill_folder(folder, dict.fromkeys(names, content), command, source)
        assert set(done.written) == names
        assert done.foreign == ("mine.txt",)
        expected = {n: e for n, e in expected.items() if e[0] != command and e[1] == source}
        expected |= dict.fromkeys(names, (command, source, content))
        assert held(folder) == {*expected, "mine.txt"}
    for name, (_, _, content) in expected.items():
        assert (folder / name).read_bytes() == content
    told = json.loads((folder / MANIFEST).read_text())["files"]
    assert {n: (e["by"], e["of"]) for n, e in told.items()} == {n: e[:2] for n, e in expected.items()}


def test_the_same_run_leaves_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        fill_folder(tmp_path / folder, {"x.csv": b"1", "y.csv": b"2"}, "run", "s")
    again = fill_folder(tmp_path / "a", {"y.csv": b"2", "x.csv": b"1"}, "run", "s")
    assert again == Filled(("y.csv", "x.csv"), (), ())
    assert (tmp_path / "a" / MANIFEST).read_bytes() == (tmp_path / "b" / MANIFEST).read_bytes()


def test_a_file_that_its_owner_changed_is_his(tmp_path: Path) -> None:
    fill_folder(tmp_path, {"old.md": b"ours", "new.md": b"ours"}, "run", "s")
    (tmp_path / "old.md").write_text("my notes")
    done = fill_folder(tmp_path, {"other.md": b"x"}, "run", "t")
    assert done == Filled(("other.md",), ("new.md",), ("old.md",))
    assert (tmp_path / "old.md").read_text() == "my notes"


@pytest.mark.parametrize("name", ["../victim.txt", "sub/victim.txt", ".", "..", "", "/etc/victim", MANIFEST])
def test_a_spoilt_list_reaches_no_other_file(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    (folder / "sub").mkdir(parents=True)
    for victim in (tmp_path / "victim.txt", folder / "sub" / "victim.txt"):
        victim.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    entry = {"by": "run", "of": "x", "sha256": empty}
    (folder / MANIFEST).write_text(json.dumps({"format": 1, "files": {name: entry}}))
    assert fill_folder(folder, {"a.csv": b"1"}, "run", "s").removed == ()
    assert (tmp_path / "victim.txt").exists()
    assert (folder / "sub" / "victim.txt").exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 2}', '{"format": 1, "files": [1]}', "[" * 100_000, "\0"])
def test_a_list_that_is_none_is_no_list(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    (tmp_path / "old.csv").write_text("1")
    assert fill_folder(tmp_path, {"a.csv": b"1"}, "run", "s") == Filled(("a.csv",), (), ("old.csv",))


def test_nothing_is_removed_where_the_new_files_cannot_be_written(tmp_path: Path) -> None:
    fill_folder(tmp_path, {"old.csv": b"1"}, "run", "s")
    before = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        fill_folder(tmp_path, {"a.csv": b"1", "b.csv": b"2"}, "run", "t")
    assert held(tmp_path) == {"old.csv", "b.csv"}
    assert (tmp_path / MANIFEST).read_bytes() == before
