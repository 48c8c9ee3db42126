"""Blocks of a page that are run: ```console run with lines `$ northabout ...` become what these commands print.

Words after `run` are options: `head=30` shows the first lines only, `from=TEXT` begins at the line that starts with
TEXT, `picture=NAME` shows a file that the command writes, `alt=TEXT` describes it,
`exit=1` is the exit code of the last command, `width=80` the columns of the terminal. A block ```yaml file=NAME of the
same page is a file that the commands can read.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"^```yaml file=(?P<name>[\w.-]+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```console run(?P<options>[^\n]*)\n(?P<body>.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
OPTIONS = ("head", "from", "picture", "alt", "exit", "width")
RUN = ("picture", "exit", "width")  # those that change the run and not only what is shown of it
SOURCES = ("sim", "geodata", "scenarios")  # what the answers depend on, with northabout.py
LONGEST_S = 600


@dataclass(frozen=True)
class Block:
    """Commands of a page, run one after another in one empty folder, and how their answer is shown."""

    commands: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # names and texts

    def option(self, name: str, absent: str = "") -> str:
        """The text of an option."""
        return dict(self.options).get(name, absent)

    @property
    def picture(self) -> str:
        """Name of the picture that is shown, or an empty text."""
        return self.option("picture")


def blocks_of(text: str, page: str = "page") -> list[Block]:
    """The blocks of a page in their order. Raises ValueError for an option or a line that is not understood."""
    files = tuple((m["name"], m["text"]) for m in FILE.finditer(text))
    return [_block(match, page, files) for match in FENCE.finditer(text)]


def _block(match: re.Match[str], page: str, files: tuple[tuple[str, str], ...]) -> Block:
    options = []
    for word in shlex.split(match["options"]):
        name, equals, value = word.partition("=")
        if name not in OPTIONS or not equals:
            raise ValueError(f"{page}: '{word}' is no option of a block that is run; allowed: {', '.join(OPTIONS)}")
        options.append((name, value))
    lines = match["body"].splitlines()
    if not lines or not all(line.startswith("$ northabout ") for line in lines):
        raise ValueError(f"{page}: a block that is run holds lines '$ northabout ...', not {match['body']!r}")
    return Block(tuple(line[2:] for line in lines), tuple(options), files)


def version_of_the_program(root: Path = ROOT) -> str:
    """A checksum of all files that an answer depends on."""
    files = [root / "northabout.py", *(p for name in SOURCES for p in (root / name).rglob("*") if p.is_file())]
    total = hashlib.sha256()
    for path in sorted(p for p in files if "__pycache__" not in p.parts and "node_modules" not in p.parts):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


class Printer:
    """Runs blocks and keeps the answers in a folder, as long as the program stays the same."""

    def __init__(self, kept: Path, jobs: int = 1) -> None:
        self.kept, self.jobs = kept, jobs
        self.version = version_of_the_program()

    def folder(self, block: Block) -> Path:
        """Where the answer of a block is kept."""
        run = [f"{name}={value}" for name, value in block.options if name in RUN]
        asked = "\n".join([self.version, sys.version, repr(block.commands), repr(block.files), *run])
        return self.kept / hashlib.sha256(asked.encode()).hexdigest()[:20]

    def run_all(self, blocks: Iterable[Block]) -> None:
        """Run those that have no answer yet, several at a time, and forget the answers of other versions."""
        wanted = {self.folder(block): block for block in blocks}
        for old in self.kept.glob("*") if self.kept.is_dir() else ():
            if old not in wanted:
                shutil.rmtree(old)
        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(self._run, [b for folder, b in wanted.items() if not folder.is_dir()]))

    def _run(self, block: Block) -> None:
        env = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": block.option("width", "100"), "NO_COLOR": "1"}
        env |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        self.kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.kept, prefix="running-") as name:
            work = Path(name) / "work"
            work.mkdir()
            (work / "scenarios").symlink_to(ROOT / "scenarios")
            for file, text in block.files:
                (work / file).write_text(text, encoding="utf-8")
            codes = [0] * (len(block.commands) - 1) + [int(block.option("exit", "0"))]
            parts = [_said(command, code, work, env) for command, code in zip(block.commands, codes, strict=True)]
            answer = Path(name) / "answer"
            answer.mkdir()
            (answer / "answer.txt").write_text("\n".join(parts), encoding="utf-8")
            if block.picture:
                shutil.copyfile(work / block.picture, answer / Path(block.picture).name)
            answer.rename(self.folder(block))

    def answer(self, block: Block) -> str:
        """What is shown of a block: the commands, and what they printed."""
        text = (self.folder(block) / "answer.txt").read_text(encoding="utf-8")
        if block.option("from"):
            asked, _, rest = text.partition("\n")
            start = block.option("from")
            lines = rest.splitlines()
            at = next(k for k, line in enumerate(lines) if line.startswith(start))
            text = "\n".join([asked, "..." * (at > 0), *lines[at:]])
        head, lines = int(block.option("head", "0")), text.rstrip().splitlines()
        return "\n".join([*lines[:head], "..."] if 0 < head < len(lines) else lines)

    def filled(self, text: str, page: Path) -> str:
        """A page with the answers of its blocks in their place; pictures are put beside the page."""

        blocks = iter(blocks_of(text, page.name))

        def shown(_: re.Match[str]) -> str:
            block = next(blocks)
            out = f"```console\n{self.answer(block)}\n```"
            if block.picture:
                made = self.folder(block) / Path(block.picture).name
                target = page.parent / "printed" / f"{page.stem}-{made.name}"
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(made, target)
                out += f"\n\n![{block.option('alt')}](printed/{target.name})"
            return out

        return FILE.sub(lambda m: f"```yaml\n{m['text']}```", FENCE.sub(shown, text))


def _said(command: str, expected: int, folder: Path, env: dict[str, str]) -> str:
    """A command and what it prints; messages too where it prints nothing else. Raises ValueError for another end."""
    print(f"  {command}", file=sys.stderr)
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != expected:
        raise ValueError(f"'{command}' ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return f"$ {command}\n{(done.stdout or done.stderr).rstrip()}\n"
