"""The documentation site: what its pages hold is what the program has. `make docs` builds it; here are its parts."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

from northabout_docs import api, checks, commands, gallery, keys, printed, stage  # noqa: E402

NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))
PAGES = sorted(p for p in DOCS.rglob("*.md"))


# -- the scenario reference


@cache
def hand_rows() -> dict[str, tuple[str, str]]:
    """Default and what is allowed of each key of the page that is written by hand, by the path of the key."""
    text = (DOCS / "scenario-file.md").read_text(encoding="utf-8")
    found, section, heading_of_three = {}, "-", False
    for line in text.splitlines():
        heading = re.match(r"#+ (?:`(\w+)`(,)?)?", line)
        if heading:
            heading_of_three = bool(heading[2])  # `closures`, `waits`, `speeds`: the rows name the section themselves
            section = "" if heading_of_three or "Top level" in line else heading[1] or "-"
        row = re.match(r"\| `([\w\[\].]+)` \|[^|]*\| ([^|]*) \| (.*) \|$", line)
        if row and section != "-":
            path = row[1] if heading_of_three else f"{section}.{row[1]}".strip(".")
            path = path.replace("alternatives.", "alternatives[].")
            found[path] = (row[2].strip(), row[3])
    return found


@cache
def schema_rows() -> dict[str, keys.Key]:
    return {f"{part.path}.{key.name}".strip("."): key for part in keys.parts() for key in part.keys}


def test_the_page_written_by_hand_has_the_keys_of_the_schema() -> None:
    assert set(hand_rows()) == set(schema_rows())


def test_the_page_written_by_hand_has_the_defaults_of_the_schema() -> None:
    for path, (default, _) in hand_rows().items():
        of_schema = schema_rows()[path].default
        if of_schema == keys.NO_DEFAULT or default == keys.NO_DEFAULT:
            assert default == of_schema, path
        elif of_schema != "none" and re.fullmatch(r"`?[\w.]+`?", default):
            assert default.strip("`") == of_schema.strip("`"), path


def test_the_page_written_by_hand_has_the_bounds_and_words_of_the_schema() -> None:
    checked = 0
    for path, (_, allowed) in hand_rows().items():
        key = schema_rows()[path]
        bounds = re.fullmatch(r"([\d.,]+) to ([\d.,e]+)", key.allowed)
        if bounds and key.kind in ("number", "whole number") and path != "ice.seed":
            told = re.search(r"([\d.,]+) to ([\d,]*\d(?:\.\d+|e\d+)?)", allowed)
            assert told, path
            assert [_number(x) for x in told.groups()] == [_number(x) for x in bounds.groups()], path
            checked += 1
        if key.kind == "word":
            assert set(re.findall(r"`([\w%]+)`", key.allowed)) <= set(re.findall(r"`([\w%]+)`", allowed)), path
            checked += 1
    assert checked > 40


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def test_every_key_says_what_it_is_in_the_reference_and_in_the_schema() -> None:
    for part in keys.parts():
        assert part.meaning, part.path
        assert not [key.name for key in part.keys if not key.meaning and not key.section], part.path
    page = keys.keys_page()
    assert "| `speed_kn` | number | none | 0.1 to 60 |" in page
    assert "| `season` | word | none | `mild`, `normal`, `severe`, `own`, `random` |" in page


def test_the_reference_has_every_key_of_the_json_schema() -> None:
    from sim.scenario.load import schema

    made: dict[str, Any] = schema()
    named = {name for part in [made, *made["$defs"].values()] for name in part.get("properties", {})}
    assert named == {path.rpartition(".")[2] for path in keys.key_paths()}


# -- the other references


def test_the_commands_page_has_every_command_and_option() -> None:
    from typer.main import get_command

    from sim.cli.app import app

    group: Any = get_command(app)
    page = commands.commands_page()
    for name, command in group.commands.items():
        for one in getattr(command, "commands", {"": command}).values():
            for param in one.params:
                flags = [flag for flag in param.opts if flag.startswith("-") and param.name != "help"]
                assert all(re.search(rf"`{flag}[` ]", page) for flag in flags), (name, flags)
        assert f"`northabout {name}" in page


def test_the_python_pages_have_every_public_name() -> None:
    import northabout

    text = "\n".join(api.api_pages().values())
    for name in northabout.__all__:
        if name == "polaris":
            assert ".. automodule:: sim.ice.polaris\n" in text
        elif not name.startswith("_"):
            assert re.search(rf"\.\. auto\w+:: northabout\.{name}\n", text), name


# -- pages


def test_a_block_is_replaced_by_what_its_commands_print(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    file, run = "```yaml file=a.yaml\nformat: 1\n```", "```console run exit=3 head=3\n$ northabout check a.yaml\n```"
    text = f"# T\n\n{file}\n\n{run}\nend\n"
    printer = printed.Printer(tmp_path / "kept")
    printer.run_all(printed.blocks_of(text))
    filled = printer.filled(text, page)
    assert "```yaml\nformat: 1\n```" in filled
    assert re.search(r"```console\n\$ northabout check a.yaml\n.*a\.yaml:1", filled)
    assert filled.endswith("\n...\n```\nend\n")
    assert len(list((tmp_path / "kept").iterdir())) == 1
    printer.run_all([])
    assert not list((tmp_path / "kept").iterdir()), "answers that no page asks for are forgotten"


def test_a_block_that_ends_otherwise_than_told_is_a_fault(tmp_path: Path) -> None:
    (block,) = printed.blocks_of("```console run\n$ northabout rout\n```\n")
    with pytest.raises(ValueError, match=r"'northabout rout' ended with 2"):
        printed.Printer(tmp_path).run_all([block])


@pytest.mark.parametrize("words", ["rows=3", "head"])
def test_an_unknown_option_of_a_block_is_named(words: str) -> None:
    with pytest.raises(ValueError, match=f"p.md: '{words}' is no option.*allowed: head"):
        printed.blocks_of(f"```console run {words}\n$ northabout ports\n```\n", "p.md")


def test_every_page_begins_its_answer_with_a_command_that_exists() -> None:
    from typer.main import get_command

    from sim.cli.app import app

    known: Any = get_command(app)
    for page in sorted((DOCS / "questions").glob("*.md")):
        blocks = printed.blocks_of(page.read_text(encoding="utf-8"), page.name)
        assert blocks, f"{page.name} answers nothing"
        for block in blocks:
            assert {command.split()[1] for command in block.commands} <= set(known.commands), page.name
            assert not block.picture or block.option("alt"), f"{page.name}: a picture without words"


def test_every_page_is_in_the_side_bar_and_links_lead_somewhere() -> None:
    named = {name for pages in stage.sections(DOCS).values() for name in pages}
    for page in PAGES:
        name = page.relative_to(DOCS).with_suffix("").as_posix()
        assert name in named or name == "index" or name.startswith("decisions/"), name
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{name}: {link}"
    assert not [p for p in stage.ORDER["questions"] if not (DOCS / "questions" / f"{p}.md").is_file()]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<script src="https://cdn.org/a.js"></script>', "fetches https://cdn.org/a.js"),
        ('<link rel="stylesheet" href="//fonts.org/a.css">', "fetches //fonts.org/a.css"),
        ('<p style="background: url(http://a.org/b.png)">', "fetches http://a.org/b.png"),
        ('<a href="https://no host/x">', "'https://no host/x' is no address"),
        ('<a href="other.html">', "'other.html' leads nowhere"),
        ('<a href="#there">', "'#there' has no such anchor"),
        ('<a href="ftp://a.org">', "is of an unknown kind"),
        ('<a href="https://a.org/x#y"><a href="#here"><i id="here">', ""),
    ],
)
def test_faults_of_a_page_are_found(tmp_path: Path, html: str, fault: str) -> None:
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    found = checks.faults(tmp_path)
    assert [fault in said for said in found] == [True] * bool(fault)


def test_archives_hold_no_time_of_the_build(tmp_path: Path) -> None:
    made = []
    for year in (1999, 2020):
        path = tmp_path / f"{year}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.py", (year, 1, 1, 0, 0, 0)), "print()\n")
        gallery.undated(tmp_path)
        made.append(path.read_bytes())
        assert zipfile.ZipFile(path).read("a.py") == b"print()\n"
    assert made[0] == made[1]


# -- notebooks


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown" and cells[0]["source"][0].startswith("# ")
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) >= 3
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    """A kernel for all notebooks."""
    from northabout_docs.notebooks import kernel

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with kernel(NOTEBOOKS[0].parent) as manager:
            yield manager


def test_a_notebook_knows_no_name_of_the_one_before(running: Any, tmp_path: Path) -> None:
    from nbclient.exceptions import CellExecutionError
    from northabout_docs.notebooks import executed

    for number, source in enumerate(("name = 1", "name")):
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        written = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (tmp_path / f"{number}.ipynb").write_text(json.dumps(written), encoding="utf-8")
    executed(tmp_path / "0.ipynb", running)
    with pytest.raises(CellExecutionError, match="NameError"):
        executed(tmp_path / "1.ipynb", running)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_and_becomes_a_page(path: Path, running: Any, tmp_path: Path) -> None:
    from northabout_docs.notebooks import executed, page_of

    page = page_of(executed(path, running), path, tmp_path / "pictures")
    pictures = list((tmp_path / "pictures").glob("*.png"))
    assert pictures and all(f"](pictures/{p.name})" in page for p in pictures)
    assert page.startswith("# ")
    told = {"01_first_route": "unreachable", "02_claims": "does_not_hold", "03_ice_season": "<td>closed</td>"}
    assert told.get(path.stem, "") in page


def test_there_are_three_notebooks() -> None:
    assert [p.stem for p in NOTEBOOKS][:3] == ["01_first_route", "02_claims", "03_ice_season"]
