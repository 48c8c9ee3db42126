"""The README shows what the commands print."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """The script that fills the README."""
    spec = importlib.util.spec_from_file_location("readme", ROOT / "benchmarks" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _hold(made: ModuleType, parts: dict[str, str]) -> None:
    assert made.filled(README, parts) == README, "run 'make readme'"
    for marker in parts:
        assert f"<!-- {marker} -->" in README


def test_printed_parts_are_what_the_program_prints(made: ModuleType) -> None:
    _hold(made, made.blocks())


@pytest.mark.slow
def test_calendar_and_days_saved_are_what_the_program_prints(made: ModuleType) -> None:
    _hold(made, made.slow_blocks())


def test_every_marker_is_filled(made: ModuleType) -> None:
    source = (ROOT / "benchmarks" / "readme.py").read_text(encoding="utf-8")
    markers = re.findall(r"<!-- (\w+) -->", README)
    assert markers
    assert all(f'"{marker}": ' in source for marker in markers)


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_links_into_a_page_lead_to_a_heading() -> None:
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            text = (page.parent / target if target else page).read_text(encoding="utf-8")
            heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
            assert anchor in slugs, f"{page.name}: {target}#{anchor}"
