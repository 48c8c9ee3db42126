"""The house: who may import whom, how long things may be, and what a start may load."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(p for folder in ("sim", "geodata") for p in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# From left to right; a room may import from itself and from the rooms to its left. Equal numbers stand side by side.
ROOMS = {
    "sim.synonyms": -2, "sim.errors": -1, "geodata": 0, "sim.units": 0, "sim.values": 0, "sim.result": 0,
    "sim.tables": 0, "sim.geo": 1, "sim.geo.network": 2, "sim.ice": 3, "sim.ship": 3, "sim.voyage": 4,
    "sim.economy": 5, "sim.scenario": 6, "sim.study": 7, "sim.claims": 8, "sim.report": 9, "sim.plot": 10,
    "sim.web": 10, "sim.api": 11, "sim.cli": 11,
}  # fmt: skip
SIDE_BY_SIDE = {"sim.ice", "sim.ship"}
PUBLIC = {"sim"}  # hands out names from inside functions, so that `import sim` stays light
HEAVY = {
    "numpy", "scipy", "shapely", "pyproj", "pandas", "geopandas", "matplotlib", "xarray", "numba", "pydantic", "ruamel",
    "rich", "dask", "bokeh", "PIL", "pyarrow", "openpyxl", "starlette", "uvicorn",
}  # fmt: skip
PARSER = {"pydantic"}  # newer typer reads the arguments of a command with it
MAX_LINES, MAX_FUNCTION_LINES = 400, 60
MAX_MODULES, MAX_FOLDER_LINES = 13, 2700


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    if module.startswith("geodata.build"):
        return "geodata.build"
    rooms = [room for room in ROOMS if module == room or module.startswith(room + ".")]
    return max(rooms, key=len, default=None)


def imports(path: Path) -> Iterator[str]:
    """All modules that a module imports anywhere, also inside functions and for type checking."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def may_import(importer: str, imported: str) -> bool:
    """Whether the order of the rooms allows an import."""
    if importer == imported or imported not in {*ROOMS, "geodata.build"}:
        return True
    if importer == "geodata.build":
        return imported in {"geodata", "sim.errors", "sim.units", "sim.tables", "sim.geo", "sim.geo.network", "sim.ice"}
    if imported == "geodata.build":
        return False
    beside = importer in SIDE_BY_SIDE and imported in SIDE_BY_SIDE
    return beside or ROOMS[imported] < ROOMS[importer]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_imports_from_a_room_to_its_right(path: Path) -> None:
    module = name_of(path)
    if module in PUBLIC:
        return
    room = room_of(module)
    assert room, f"{module} stands in no room"
    wrong = {i for i in imports(path) if (there := room_of(i)) and not may_import(room, there)}
    assert not wrong


def test_the_rules_of_the_rooms() -> None:
    assert may_import("sim.report", "sim.scenario")
    assert may_import("geodata.build", "sim.geo")
    assert may_import("sim.geo", "geodata")
    for importer, imported in [
        ("sim.scenario", "sim.report"), ("sim.geo", "sim.scenario"), ("sim.geo", "sim.geo.network"),
        ("sim.geo", "sim.voyage"), ("sim.study", "sim.claims"), ("sim.report", "sim.plot"),
        ("sim.voyage", "sim.economy"), ("sim.cli", "geodata.build"), ("geodata", "sim.geo"),
        ("geodata.build", "sim.report"),
    ]:  # fmt: skip
        assert not may_import(importer, imported), (importer, imported)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= MAX_FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("folder", sorted({p.parent for p in MODULES}), ids=lambda f: str(f.relative_to(ROOT)))
def test_no_folder_is_an_attic(folder: Path) -> None:
    modules = sorted(folder.glob("*.py"))
    assert len(modules) <= MAX_MODULES, [m.name for m in modules]
    assert sum(m.read_text(encoding="utf-8").count("\n") for m in modules) <= MAX_FOLDER_LINES


def test_no_circle_of_modules() -> None:
    """Imports for type checking count too: two modules that need each other's types are one module, or need a third."""
    known = {name_of(p): p for p in MODULES}
    # a package that only hands out the names of its modules is read through
    handed = {name for name, p in known.items() if p.name == "__init__.py"}
    arrows = {
        name: {i for i in imports(path) if i in known and i != name and i not in handed} for name, path in known.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in sorted(arrows[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(known):
        if name not in handed:
            visit(name, ())


def test_test_modules_stand_where_their_modules_stand() -> None:
    rooms = {p.name for p in (ROOT / "sim").iterdir() if p.is_dir()} | {"geodata"}
    assert {p.relative_to(ROOT / "tests").parts[0] for p in TESTS if p.parent.name != "tests"} <= rooms


def loaded_by(code: str) -> set[str]:
    """Heavy packages that are in memory after some code, in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    return HEAVY & set(done.stderr.splitlines()[-1].split())


def command(*arguments: str) -> str:
    """Code that runs the command and goes on."""
    return (
        f"import sys\nsys.argv = ['northabout', *{arguments!r}]\nimport sim.cli\n"
        "try:\n    sim.cli.main()\nexcept SystemExit:\n    pass"
    )


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import sim", set()),
        ("import geodata", set()),
        ("import sim.cli", set()),
        (command("--help"), set()),
        (command("run", "--help"), PARSER),
        (command("--version"), set()),
        (command("no-such-command"), PARSER),
        (command("passages"), {"numpy"} | PARSER),
        (command("ports", "Rotterdam"), {"numpy"} | PARSER),
        (command("schema"), {"pydantic"}),
        (command("check", "scenarios/01-nsr-summer.yaml"), {"pydantic", "ruamel", "numpy"}),
        (command("route", "Dalian", "Rotterdam"), {"numpy", "scipy", "pyproj", "shapely"} | PARSER),
        (command("run", "scenarios/01-nsr-summer.yaml"), {"numpy", "scipy", "pyproj", "shapely", "pydantic", "ruamel"}),
    ],
    ids=lambda value: "" if isinstance(value, set) else value.splitlines()[0 if value.count("\n") == 0 else 1],
)
def test_a_start_loads_nothing_that_it_does_not_need(code: str, allowed: set[str]) -> None:
    assert loaded_by(code) <= allowed


PROGRAMS = sorted(p for folder in ("benchmarks", "examples") for p in (ROOT / folder).glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_programs_beside_the_package_import_names_that_are_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in {"sim", "geodata"}:
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                there = hasattr(module, alias.name) or importlib.util.find_spec(f"{node.module}.{alias.name}")
                assert there, f"{node.module} has no {alias.name}"
