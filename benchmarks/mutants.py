"""Would the tests notice? Changes lines of the program on purpose, one at a time, and runs the tests on each change.

python benchmarks/mutants.py [--count 60] [--seed 8] [--workers 2] [--only sim/economy] [--skip 0] [--list]

A line is drawn by the seed from the rooms geo, ice, voyage and economy; one operator, comparison, number or truth value
on it is changed. The tests that import the module run first, then those of its room and of the rooms that build on it.
A mutant that no test notices survives, and is listed with its place. Each runs in a copy: the checkout is not touched.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
ROOMS = ("sim/geo", "sim/ice", "sim/voyage", "sim/economy")
# the tests that run where those that import the module notice nothing
WIDER = {
    "sim/geo": ("tests/geo", "tests/voyage"),
    "sim/ice": ("tests/ice", "tests/voyage"),
    "sim/voyage": ("tests/voyage", "tests/scenario"),
    "sim/economy": ("tests/economy", "tests/scenario"),
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Add, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.FloorDiv: ast.Mult,
}  # fmt: skip
SECONDS = 1800  # a mutant may also make a search endless: that is noticed


@dataclass(frozen=True)
class Mutant:
    """One change: the file, its line, the line as it was and as it is, and the whole text with the change."""

    file: str
    line: int
    before: str
    after: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}: {self.before.strip()}  ->  {self.after.strip()}"


def changed(node: ast.AST) -> ast.AST | None:
    """A node with one thing in it changed, or None for a node that is left alone."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        return ast.Compare(node.left, [COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        return node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ast.Constant(not node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return ast.Constant(node.value * 1.5 if isinstance(node.value, float) and node.value else node.value + 1)
    return None


def nodes(tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions within functions that can be changed on their own line: no messages, annotations or imports."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("__"):
            continue
        stack: list[ast.AST] = list(function.body)
        while stack:
            node = stack.pop()
            if isinstance(node, ast.JoinedStr | ast.Raise | ast.FunctionDef | ast.Assert):
                continue
            if isinstance(node, ast.AnnAssign):
                stack += [node.value] if node.value else []
                continue
            stack += ast.iter_child_nodes(node)
            if isinstance(node, ast.expr) and node.lineno == node.end_lineno and changed(node) is not None:
                yield node


def mutants_of(path: Path) -> dict[int, list[Mutant]]:
    """All mutants of a module, by line."""
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines(keepends=True)
    name = str(path.relative_to(ROOT))
    out: dict[int, list[Mutant]] = {}
    for node in nodes(ast.parse(text)):
        new = changed(node)
        assert new is not None
        row = rows[node.lineno - 1]
        raw = row.encode()
        after = (raw[: node.col_offset] + f"({ast.unparse(new)})".encode() + raw[node.end_col_offset :]).decode()
        whole = "".join([*rows[: node.lineno - 1], after, *rows[node.lineno :]])
        try:
            compile(whole, name, "exec")
        except SyntaxError:
            continue
        out.setdefault(node.lineno, []).append(Mutant(name, node.lineno, row, after, whole))
    return out


def drawn(count: int, seed: int, only: str) -> list[Mutant]:
    """So many mutants, each of another line, the rooms in turn."""
    rng = random.Random(seed)
    rooms = []
    for room in ROOMS:
        lines = [m for p in sorted((ROOT / room).rglob("*.py")) for m in mutants_of(p).values() if only in str(p)]
        rng.shuffle(lines)
        rooms.append([rng.choice(same_line) for same_line in lines])
    out: list[Mutant] = []
    while len(out) < count and any(rooms):
        out += [room.pop() for room in rooms if room]
    return out[:count]


def tests_of(file: str) -> list[str]:
    """Test files that import a module."""
    module = file.removesuffix(".py").replace("/", ".")
    words = (f"from {module} import", f"import {module}", f"from {module.rsplit('.', 1)[0]} import")
    found = [
        p for p in sorted((ROOT / "tests").rglob("test_*.py")) if any(w in p.read_text("utf-8") for w in words[:2])
    ]
    return [str(p.relative_to(ROOT)) for p in found if p.parts[-2] not in ("plot", "tests")]


def outcome(mutant: Mutant, copy: Path) -> str:
    """What the tests make of the change in a copy of the checkout: noticed, SURVIVED, or timeout, which counts as
    noticed and is worth a look on a busy machine."""
    target = copy / mutant.file
    original = target.read_text(encoding="utf-8")
    target.write_text(mutant.text, encoding="utf-8")
    room = next(r for r in ROOMS if mutant.file.startswith(r))
    env = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        for tests in (tests_of(mutant.file), list(WIDER[room])):
            if not tests:
                continue
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
            try:
                done = subprocess.run(command, cwd=copy, env=env, capture_output=True, timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return "timeout"
            if done.returncode == 1:
                return "noticed"
            if done.returncode > 1:
                raise RuntimeError(
                    f"{mutant.place}: pytest ended with {done.returncode}\n{done.stdout.decode()[-500:]}"
                )
        return "SURVIVED"
    finally:
        target.write_text(original, encoding="utf-8")


def copied(folder: Path) -> Path:
    """A copy of what the tests need."""
    for name in ("sim", "geodata", "tests", "scenarios", "examples", "benchmarks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "raw"))
    for name in ("northabout.py", "pyproject.toml", "README.md", "Makefile", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def main() -> int:
    """Draw the mutants, run the tests on each, and print which survive."""
    parser = argparse.ArgumentParser(description="Change lines on purpose and see whether a test notices.")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="part of a path")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first so many of those drawn")
    parser.add_argument("--least", type=float, default=0.85, help="share that must be noticed")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    given = parser.parse_args()
    mutants = drawn(given.count, given.seed, given.only)[given.skip :]
    if given.list:
        print(*(m.place for m in mutants), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Path] = Queue()
        for k in range(given.workers):
            copies.put(copied(Path(folder) / str(k)))

        def one(mutant: Mutant) -> str:
            copy, start = copies.get(), time.monotonic()
            try:
                found = outcome(mutant, copy)
            finally:
                copies.put(copy)
            took = time.monotonic() - start
            print(f"{found:8} {took:5.0f} s  {mutant.place}", flush=True)
            return found

        with ThreadPoolExecutor(given.workers) as pool:
            found = list(pool.map(one, mutants))
    seen = sum(f != "SURVIVED" for f in found)
    share = seen / len(found)
    print(f"\n{seen} of {len(found)} noticed: {100 * share:.0f} % (wanted: {100 * given.least:.0f} %)")
    return 0 if share >= given.least else 1


if __name__ == "__main__":
    sys.exit(main())
