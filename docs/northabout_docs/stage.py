"""The sources of the site: the pages of `docs` as they stand, and those that are made of the program.

A page of `docs` needs nothing to be on the site: one that `SECTIONS` does not name is put among the guides.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from northabout_docs.api import api_pages
from northabout_docs.commands import commands_page
from northabout_docs.keys import keys_page
from northabout_docs.notebooks import executed, kernel, page_of
from northabout_docs.printed import ROOT, Printer, blocks_of

DOCS = ROOT / "docs"
FROM_ROOT = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
REPOSITORY_LINK = re.compile(r"\]\((?:\.\./)*docs/")
GUIDES = "Guides"
SECTIONS: Mapping[str, tuple[str, ...]] = {  # captions of the side bar, and the pages beneath
    "Start": ("start",),
    "Questions": ("questions/*",),
    "Examples": ("gallery/index", "notebooks/index"),
    GUIDES: (
        "scenario-file",
        "study-file",
        "study-report",
        "calendar",
        "chokepoints",
        "pictures",
        "explore",
        "report",
        "export",
        "shell",
        "ice-files",
    ),
    "Reference": ("reference/*", "nomenclature"),
    "Background": ("method", "validation", "validation-ice", "decisions/index"),
    "Project": ("contributing", "changelog"),
}  # fmt: skip
ORDER = {  # of pages that a star stands for; others follow by name
    "questions": (
        "how-much-shorter", "when-is-it-open", "ten-days", "what-does-it-cost", "strait-closed", "which-straits",
        "where-is-it-shorter", "how-much-ice", "how-probable", "how-many-ships",
    ),
    "reference": ("commands", "scenario-keys", "functions", "classes", "modules"),
}  # fmt: skip


@dataclass(frozen=True)
class Folders:
    """Where a build lies: the sources of Sphinx, the examples that it runs, the answers that are kept, the pages."""

    out: Path

    @property
    def source(self) -> Path:
        return self.out / "source"

    @property
    def examples(self) -> Path:
        return self.out / "examples"

    @property
    def kept(self) -> Path:
        return self.out / "answers"

    @property
    def html(self) -> Path:
        return self.out / "html"


def stage(folders: Folders, jobs: int = 1) -> None:
    """Make the sources anew. Raises where a command, a notebook or a block of a page fails."""
    for old in (folders.source, folders.examples):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(DOCS, folders.source, ignore=shutil.ignore_patterns("northabout_docs", "conf.py", "__pycache__"))
    for name, target in FROM_ROOT.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        (folders.source / target).write_text(REPOSITORY_LINK.sub("](", text), encoding="utf-8")
    _references(folders.source / "reference")
    _decisions(folders.source / "decisions")
    _examples(folders)
    _notebooks(folders.source / "notebooks")
    _run_blocks(folders, jobs)
    _side_bar(folders.source)


def _references(folder: Path) -> None:
    from sim.scenario.load import schema

    folder.mkdir()
    pages = {"commands.md": commands_page(), "scenario-keys.md": keys_page(), **api_pages()}
    pages["scenario.schema.json"] = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def title_of(page: Path) -> str:
    """The first heading of a Markdown page."""
    return next(line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("# "))[2:].strip()


def _decisions(folder: Path) -> None:
    """A page that lists the records, with the side bar's entries beneath it."""
    pages = sorted(folder.glob("[0-9]*.md"))
    rows = [f"- [{title_of(page)}]({page.name})" for page in pages]
    text = "# Decisions\n\nWhy the program is as it is: choices between alternatives that were weighed.\n\n"
    (folder / "index.md").write_text(text + "\n".join(rows) + _toctree([p.stem for p in pages]), encoding="utf-8")


def _examples(folders: Folders) -> None:
    """The scripts, in a folder of the build: they write beside themselves."""
    ignored = shutil.ignore_patterns("notebooks", "__pycache__")
    shutil.copytree(ROOT / "examples", folders.examples, ignore=ignored)


def _notebooks(folder: Path) -> None:
    folder.mkdir()
    rows, names = [], []
    source = ROOT / "examples" / "notebooks"
    with kernel(source) as running:
        for path in sorted(source.glob("*.ipynb")):
            print(f"  {path.name}", file=sys.stderr)
            shutil.copyfile(path, folder / path.name)
            page = folder / f"{path.stem}.md"
            page.write_text(page_of(executed(path, running), path, folder / "pictures"), encoding="utf-8")
            names.append(path.stem)
            rows.append(f"- [{title_of(page)}]({page.name})")
    text = (
        "# Notebooks\n\nThe notebooks of `examples/notebooks`, as they come out when they are run. `pip install "
        "jupyterlab` and open them from a copy of the repository.\n\n"
    )
    (folder / "index.md").write_text(text + "\n".join(rows) + _toctree(names), encoding="utf-8")


def _run_blocks(folders: Folders, jobs: int) -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in sorted(folders.source.rglob("*.md"))}
    printer = Printer(folders.kept, jobs)
    printer.run_all(block for page, text in pages.items() for block in blocks_of(text, page.name))
    for page, text in pages.items():
        if blocks_of(text, page.name):
            page.write_text(printer.filled(text, page), encoding="utf-8")


def _toctree(names: list[str], caption: str = "", hidden: bool = True) -> str:
    options = [f":caption: {caption}"] if caption else []
    options += [":hidden:"] if hidden else []
    return "\n".join(["\n\n```{toctree}", *options, "", *names, "```\n"])


def sections(source: Path) -> dict[str, list[str]]:
    """The pages of each section; pages of the top folder that none names go among the guides."""
    out: dict[str, list[str]] = {}
    for caption, names in SECTIONS.items():
        out[caption] = [page for name in names for page in (_starred(source, name) if "*" in name else [name])]
    named = {page for pages in out.values() for page in pages} | {"index"}
    out[GUIDES] += [page.stem for page in sorted(source.glob("*.md")) if page.stem not in named]
    return out


def _starred(source: Path, name: str) -> list[str]:
    folder = name.partition("/")[0]
    found = sorted(page.stem for page in (source / folder).glob("*.md"))
    first = [stem for stem in ORDER[folder] if stem in found]
    return [f"{folder}/{stem}" for stem in [*first, *(stem for stem in found if stem not in first)]]


def _side_bar(source: Path) -> None:
    """Append what Sphinx needs to the first page; in the repository it is plain Markdown."""
    index = source / "index.md"
    trees = [_toctree(pages, caption) for caption, pages in sections(source).items()]
    index.write_text(index.read_text(encoding="utf-8") + "".join(trees), encoding="utf-8")
