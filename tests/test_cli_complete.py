"""The tab key: what is offered goes on from what is typed, means something, and comes without heavy packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim.cli
from sim.cli.shell import complete
from sim.errors import PlaceError, UsageError
from sim.geo.passages import PassageTable
from sim.geo.ports import PortTable
from sim.ice.classes import ice_class
from sim.ice.pathways import pathways
from sim.ship.vessel import VesselTable
from sim.units import MONTH_NAMES, month_of

ROOT = Path(__file__).parents[1]


def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str) -> list[str]:
    """What bash is told for a line whose last word is being typed."""
    monkeypatch.setenv("_NORTHABOUT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"northabout {line}")
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" "))))
    monkeypatch.setattr(sys, "argv", ["northabout"])
    with pytest.raises(SystemExit) as ended:
        sim.cli.main()
    assert ended.value.code == 0
    return [word for word in capsys.readouterr().out.split("\n") if word]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("rou", {"route"}), ("new --", {"--out"}), ("route Rott", {"Rotterdam"}), ("route rott", {"rotterdam"}),
        ("route Dalian NLRT", {"NLRTM"}), ("route Abu-D", {"Abu-Dhabi"}),
        ("distances --from Dalian,Shangh", {"Dalian,Shanghai"}),
        ("route Dalian Rotterdam --via n", {"nsr", "nwp"}), ("route A B --close suez", {"suez_canal"}),
        ("exposure --close horm", {"hormuz"}), ("ice --month M", {"March", "May"}),
        ("ice --pathway ssp5", {"ssp5-8.5"}),
        ("vessels bulk_p", {"bulk_panamax", "bulk_panamax_1a"}), ("explore --classes Arc4,PC", {"Arc4,PC7"}),
        ("export x --format g", {"gpkg", "gpx", "geojson"}), ("export x --route c", {"cape"}),
        ("new --like 08", {"08-yong-sheng-2013"}),
        ("nearer Dalian --than s", {"suez"}), ("map x --projection p", {"polar"}),
    ],
)  # fmt: skip
def test_the_tab_key_offers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, some: set[str]
) -> None:
    found = offered(monkeypatch, capsys, line)
    assert some <= set(found)
    assert all(word.startswith(line.split(" ")[-1]) for word in found)


def test_files_and_the_only_folder_on_the_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases").mkdir()
    for name in ("cases/a.yaml", "cases/b.yml", "cases/notes.txt", ".hidden.yaml", "old.json"):
        (tmp_path / name).touch()
    assert offered(monkeypatch, capsys, "run ") == ["cases/a.yaml", "cases/b.yml"]
    assert offered(monkeypatch, capsys, "map o") == ["old.json"]
    assert offered(monkeypatch, capsys, "check cases/b") == ["cases/b.yml"]
    assert offered(monkeypatch, capsys, "check nowhere/b") == []


def refusal(ports: PortTable, word: str) -> str:
    try:
        ports.find(word)
    except PlaceError as error:
        return str(error)
    return ""


def test_every_word_that_is_offered_is_taken() -> None:
    ports = PortTable.load()
    refused = [told for word in complete.ports("") if (told := refusal(ports, word))]
    assert all("is named" in told for told in refused)  # by the name of several ports, of which one is asked for
    assert len(refused) < 20
    passages = PassageTable.load()
    assert set(complete.passages("")) == set(passages.ids)
    assert set(complete.routes("")) == set(passages.routes)
    assert complete.pathways("") == list(pathways())
    assert complete.ships("") == [s.id for s in VesselTable.load().all]
    assert all(ice_class(word) for word in complete.ice_classes(""))
    assert [month_of(word) for word in complete.months("")] == list(range(1, 13))


def test_completion_loads_nothing_heavy() -> None:
    code = "import sys, sim.cli.app; print(*{'numpy', 'pandas', 'scipy', 'shapely', 'rich'} & {*sys.modules})"
    code = f"from sim.cli.shell import complete; complete.ports('Rot'); complete.passages(''); {code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "\n"


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_by_the_script_that_is_installed(tmp_path: Path) -> None:
    command = tmp_path / "northabout"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m northabout "$@"\n')
    command.chmod(0o755)
    script = (
        'source <(_NORTHABOUT_COMPLETE=source_bash northabout); COMP_WORDS=(northabout route Rott); COMP_CWORD=2\n'
        '_northabout_completion northabout; echo "${COMPREPLY[@]}"'
    )  # fmt: skip
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, env={**os.environ, **path})
    assert done.stdout == "Rotterdam\n"


# -- months


def test_a_month_is_a_number_or_a_name() -> None:
    for k, name in enumerate(MONTH_NAMES, 1):
        for word in (k, str(k), f"{k:02}", name, name.upper(), name[:3], f" {name[:3].lower()}.", name[:4]):
            assert month_of(word) == k


@pytest.mark.parametrize("word", ["0", "13", "M", "Ma", "Jly", "", "3.0", "-3", "003", "٣", "Marches", True, None, 3.0])
def test_what_is_no_month_is_told_with_what_is_allowed(word: object) -> None:
    with pytest.raises(
        UsageError, match=r"--month is .*: no month.*; allowed: 1 to 12, or a name such as March or Mar"
    ):
        month_of(word, "--month")
