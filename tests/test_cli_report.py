"""The command `report` as a user calls it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.cli import main
from tests.study import study_results as made

PLAIN, CLOSED = "scenarios/01-nsr-summer.yaml", "scenarios/03-suez-closed.yaml"


def called(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["northabout", "report", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.write(tmp_path_factory.mktemp("a-study"), made.voyages(made.monte_carlo(60)), description="<i>")


def test_one_scenario_is_one_file_and_the_same_bytes_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert called(monkeypatch, PLAIN, "--out", tmp_path) == 0
    assert called(monkeypatch, PLAIN, "--out", tmp_path / "b.html") == 0
    first, second = tmp_path / "01-nsr-summer-report.html", tmp_path / "b.html"
    assert sorted(p.name for p in tmp_path.iterdir()) == [first.name, second.name]
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path) not in first.read_text(encoding="utf-8")


def test_several_go_into_one_page_and_into_a_folder_each_alone_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert called(monkeypatch, PLAIN, CLOSED, "--format", "markdown", "--out", tmp_path / "new") == 0
    pages = sorted(p.name for p in (tmp_path / "new").glob("*.md"))
    assert pages == ["01-nsr-summer-report.md", "03-suez-closed-report.md", "report.md"]
    text = (tmp_path / "new" / "report.md").read_text(encoding="utf-8")
    assert text.index("Alternatives by scenario") < text.index("## nsr-summer") < text.index("## suez-closed")
    assert "](01-nsr-summer-map.png)" in text
    assert (tmp_path / "new" / "01-nsr-summer-map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_study_stands_beside_a_scenario(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, study: Path) -> None:
    assert called(monkeypatch, PLAIN, study, "--out", tmp_path / "a.html") == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert text.count("<article") == 2
    assert "&lt;i&gt;" in text
    assert "Alternatives by scenario" not in text  # there is one scenario only
    assert text.count("data:image/png") > 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([PLAIN, "--format", "htm"], 2, "--format is 'htm' (did you mean html?), allowed: html, markdown"),
        ([PLAIN, "--format", "html", "--out", "a.md"], 2, "--format is html, but a.md is markdown"),
        ([PLAIN, "--out", "a.htlm"], 2, "'.htlm' is no kind of report (did you mean .html"),
        ([PLAIN, "--out", "absent/a.html"], 2, "there is no folder 'absent'"),
        ([PLAIN, "--every", "0"], 2, "--every is 0, allowed is 1 to 92 days"),
        (["absent.yaml"], 4, "absent.yaml: no such file"),
        (["tests"], 4, "is no folder of a study"),
        (["pyproject.toml"], 3, "pyproject.toml:"),
        ([], 2, "Missing argument"),
    ],
    ids=str,
)
def test_a_wrong_call_ends_with_its_code_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    before = sorted(Path().iterdir())
    assert called(monkeypatch, *arguments) == code
    assert said in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before


def test_where_ice_is_modelled_the_year_is_sailed_unless_it_is_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ice.yaml"
    file.write_text(
        "format: 1\nname: ice\ndescription: a short way through ice\n"
        "voyage: {from: Murmansk, to: Sabetta, depart: 2030-02-10}\nvessel: {type: lng_yamalmax}\n"
        "alternatives: [{route: nsr}]\nice: {year: 2030, pathway: SSP2-4.5}\n",
        encoding="utf-8",
    )
    assert called(monkeypatch, file, "--no-calendar", "--out", tmp_path / "a.html") in (0, 1)
    assert "Departures through a year" not in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "sailing" not in capsys.readouterr().err
    assert called(monkeypatch, file, "--every", 92, "--out", tmp_path / "b.html") in (0, 1)
    assert "sailing a year of departures" in capsys.readouterr().err
    text = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "When each alternative is open" in text
    assert text.count("data:image/svg+xml") >= 1


def test_a_report_in_which_nothing_arrives_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shut.yaml"
    file.write_text(
        "format: 1\nname: shut\ndescription: no way out\n"
        "voyage: {from: Ras Tanura, to: Rotterdam, depart: 2025-02-10}\nvessel: {speed_kn: 12}\n"
        "alternatives: [{route: suez}]\nclosures: [{passage: hormuz, reason: <b>}]\n",
        encoding="utf-8",
    )
    assert called(monkeypatch, file, "--out", tmp_path / "a.html") == 1
    assert "no alternative is feasible" in capsys.readouterr().err
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "No alternative is feasible" in text
    assert "&lt;b&gt;" in text
