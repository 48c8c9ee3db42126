"""The command `report`: one page about scenarios and studies, to mail and to print. Heavy imports wait inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Every, check_every, check_once, named
from sim.cli.output import Progress, say
from sim.cli.shell import complete
from sim.cli.shell.runs import names, plain
from sim.errors import ScenarioError, UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.report.page.sections import Page, Part
    from sim.scenario.compare import Comparison
    from sim.study.calendar import Calendar as StudyCalendar

FORMATS = {"html": ".html", "markdown": ".md"}
SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="SCENARIO...",
        help="Scenario files, or folders of studies; - is standard input.",
        autocompletion=complete.scenario_files,
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR|FILE", help="A .html or .md file, or a folder; here if absent.")
]
Format = Annotated[str | None, typer.Option("--format", metavar="KIND", help="html or markdown.")]
Calendar = Annotated[
    bool, typer.Option("--calendar/--no-calendar", help="Sail a year of departures where ice is modelled.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(report)


@dataclass(frozen=True)
class Made:
    """A part of the report and, of a scenario, the comparison that it is about."""

    part: Part
    comparison: Comparison | None
    feasible: bool


def report(sources: Sources, out: Out = None, kind: Format = None, calendar: Calendar = True, every: Every = 7) -> None:
    """One file that tells of scenarios or studies: figures, map, ice, calendar, cost, sources and all inputs.

    Several stand side by side in one file; into a folder each of them is also written as a file of its own.
    """
    kind = _kind(kind, out)
    check_every(every)
    check_once(sources)
    target, slugs = _target(sources, out, kind), names(sources)
    made = [_made(source, slug, every if calendar else None) for source, slug in zip(sources, slugs, strict=True)]
    files = _files(made, slugs, target, kind, single=_is_folder(out))
    from sim.report.files import make_folder, write_all

    if _is_folder(out):
        make_folder(target.parent)
    write_all(files)
    say(f"wrote {', '.join(map(str, files))}")
    if not any(m.feasible for m in made):
        say("no alternative is feasible")
        raise typer.Exit(1)


def _kind(kind: str | None, out: Path | None) -> str:
    """The format: as asked, else by the suffix of the file, else HTML. Raises UsageError."""
    told = None if out is None else SUFFIXES.get(out.suffix.lower())
    if kind is None:
        return told or "html"
    if kind not in FORMATS:
        raise UsageError(f"--format is '{kind}'{did_you_mean(kind, FORMATS)}, allowed: {', '.join(FORMATS)}")
    if told not in (None, kind):
        raise UsageError(f"--format is {kind}, but {out} is {told}; leave one of them out")
    return kind


def _target(sources: list[Path], out: Path | None, kind: str) -> Path:
    """The file of the report. Raises UsageError where it cannot be written, before the work."""
    from sim.report.files import check_name, check_target

    if out is not None:
        check_name(out)
    name = f"{plain(sources[0])}-report" if len(sources) == 1 else "report"
    if out is not None and out.suffix.lower() not in SUFFIXES and not out.is_dir() and out.suffix:
        hint = did_you_mean(out.suffix, FORMATS.values())
        allowed = f"{', '.join(FORMATS.values())}, or a folder that is there"
        raise UsageError(f"{out}: '{out.suffix}' is no kind of report{hint}; allowed: {allowed}")
    target = out if out is not None and not _is_folder(out) else (out or Path()) / f"{name}{FORMATS[kind]}"
    if not _is_folder(out) or target.parent.is_dir():
        check_target(target)
    elif target.parent.exists():
        raise UsageError(f"{target.parent}: is a file; --out names a folder, or a file that ends in .html or .md")
    return target


def _is_folder(out: Path | None) -> bool:
    """Whether `--out` names a folder: one that is there, or a name without a suffix of a report."""
    return out is not None and (out.is_dir() or out.suffix.lower() not in SUFFIXES)


def _made(source: Path, slug: str, every: int | None) -> Made:
    """A scenario or a study as a part of the report."""
    if source.is_dir():
        return _of_study(source, slug)
    return _of_scenario(source, slug, every)


def _of_study(source: Path, slug: str) -> Made:
    from sim.plot.page.pictures import findings_pictures
    from sim.report.page.study import study_part
    from sim.study.findings.findings import findings
    from sim.study.findings.table import read_study

    found = findings(read_study(source))
    return Made(study_part(found, findings_pictures(found, slug), source), None, found.feasible)


def _of_scenario(source: Path, slug: str, every: int | None) -> Made:
    from sim.claims.touching import touched
    from sim.geo.network import SeaNetwork
    from sim.plot.page.pictures import scenario_pictures
    from sim.report.page.scenario import scenario_part
    from sim.scenario.compare import run
    from sim.scenario.load import load_scenario, ports_path

    loaded = load_scenario(source)
    net = SeaNetwork.load(ports_path(loaded, source.parent))
    try:
        comparison = run(loaded, net, source.parent)
        found = _calendar(comparison, net, source, every)
    except UsageError as error:
        raise ScenarioError([f"{named(source)}: {error}"]) from error
    pictures = scenario_pictures(comparison, slug, source.parent, found)
    touches = touched(loaded, comparison.origin.name, comparison.destination.name, net)
    part = scenario_part(comparison, pictures, touches, source.parent, found)
    return Made(part, comparison, comparison.feasible)


def _calendar(comparison: Comparison, net: SeaNetwork, source: Path, every: int | None) -> StudyCalendar | None:
    """The year of departures; None where no ice is modelled, or where it is not asked for."""
    if comparison.scenario.ice is None or every is None:
        return None
    from sim.study.calendar import calendar
    from sim.study.pool import processes

    say(f"{source}: sailing a year of departures (--no-calendar leaves it out) ...")
    how: Any = {"every_days": every, "progress": Progress("departures"), "workers": processes()}
    return calendar(comparison.scenario, net, source.parent, **how)


def _files(made: list[Made], slugs: list[str], target: Path, kind: str, single: bool) -> dict[Path, bytes]:
    """The files of the report: the page of all, its pictures where they are files, and into a folder each alone."""
    from sim.report.page.scenario import one_page
    from sim.report.page.several import several_page

    if len(made) == 1:
        return _written(one_page(made[0].part), target, kind)
    comparisons = [m.comparison for m in made if m.comparison is not None]
    files = _written(several_page([m.part for m in made], comparisons), target, kind)
    for m, slug in zip(made, slugs, strict=True) if single else ():
        files |= _written(one_page(m.part), target.with_name(f"{slug}-report{FORMATS[kind]}"), kind)
    return files


def _written(page: Page, target: Path, kind: str) -> dict[Path, bytes]:
    from sim.report.page.write.html import page_html
    from sim.report.page.write.markdown import page_images, page_markdown

    if kind == "html":
        return {target: page_html(page).encode()}
    files = {target.with_name(name): content for name, content in page_images(page).items()}
    return {target: page_markdown(page).encode()} | files
