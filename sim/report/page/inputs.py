"""What a report rests on: the scenario whole, the ship, versions, and checksums of program and data."""

from __future__ import annotations

import io
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.report.page.sections import Cell, Section, Source, Table, number, section, told, words

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison
    from sim.scenario.schema import Scenario

PACKAGES: Final = ("numpy", "scipy", "shapely", "pyproj", "matplotlib", "pydantic", "ruamel.yaml", "openpyxl")
SHIP_FIGURES: Final = (
    ("length_m", "m", 1), ("beam_m", "m", 1), ("draft_m", "m", 1), ("air_draft_m", "m", 1), ("dwt_t", "t", 0),
    ("gt", "", 0), ("main_power_kw", "kW", 0), ("service_speed_kn", "kn", 1), ("design_speed_kn", "kn", 1),
)  # fmt: skip
SHIP_NAMES: Final = {
    "length_m": "length over all", "beam_m": "beam", "draft_m": "draft", "air_draft_m": "air draft",
    "dwt_t": "deadweight", "gt": "gross tonnage", "main_power_kw": "main power",
    "service_speed_kn": "service speed", "design_speed_kn": "design speed",
}  # fmt: skip
OWN_FILES: Final = ("file", "thickness_file")  # of the section `ice`


def scenario_yaml(scenario: Scenario) -> str:
    """A scenario as the text of a file, with every default that it rests on; read again it is the same scenario."""
    return yaml_text(scenario.model_dump(mode="json", by_alias=True, exclude_none=True))


def yaml_text(data: Mapping[str, Any]) -> str:
    """Plain data as YAML; no empty lists, no tags, and quotes where a text needs them."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    yaml.width = 100
    out = io.StringIO()
    yaml.dump(_kept(data), out)
    return out.getvalue()


def _kept(data: Any) -> Any:
    """Data without what is empty."""
    if isinstance(data, Mapping):
        return {k: _kept(v) for k, v in data.items() if v not in ([], None)}
    return [_kept(v) for v in data] if isinstance(data, list) else data


def inputs_section(comparison: Comparison) -> Section | None:
    """The scenario as YAML and the figures of its ship."""
    return section(
        "inputs",
        "Inputs",
        [
            words("The scenario with every default that it rests on; saved as a file it runs again."),
            Source(scenario_yaml(comparison.scenario)),
            ship_table(comparison),
        ],
    )


def ship_table(comparison: Comparison) -> Table | None:
    """The figures of the ship that are known."""
    ship = comparison.ship
    rows = [
        (told(SHIP_NAMES[key]), number(value, digits), told(unit))
        for key, unit, digits in SHIP_FIGURES
        if (value := getattr(ship, key)) is not None
    ]
    rows.append((told("ice class"), told(ship.ice_class), told("")))
    return Table(("of the ship", "figure", "unit"), tuple(rows), (1,), ship.name)


def made_section(scenario: Scenario | None = None, folder: Path | None = None) -> Section | None:
    """Versions of the program and its libraries, and checksums (SHA-256) of what it was computed from."""
    from importlib.metadata import version

    from sim import __version__
    from sim.study.batch.checksums import code_and_data

    sums = code_and_data()
    versions = [("northabout", __version__), ("Python", platform.python_version())]
    versions += [(name, version(name)) for name in PACKAGES]
    checksums = [("program", sums.code), ("tables and built data", sums.data), *_own_files(scenario, folder)]
    return section(
        "made",
        "Versions and checksums",
        [
            Table(("made with", "version"), tuple((told(n), told(v)) for n, v in versions)),
            Table(("made from", "SHA-256"), tuple((told(n), told(v)) for n, v in checksums)),
            raw_table(),
        ],
    )


def _own_files(scenario: Scenario | None, folder: Path | None) -> list[tuple[str, str]]:
    """Checksums of the files that a scenario names."""
    from sim.study.batch.checksums import of_file

    if scenario is None or folder is None:
        return []
    names = [scenario.ports_file] if scenario.ports_file else []
    if scenario.ice is not None:
        names += [name for key in OWN_FILES if (name := getattr(scenario.ice, key))]
        names += [scenario.ice.admission] if scenario.ice.admission.endswith(".csv") else []
    return [(name, of_file(folder / name)) for name in dict.fromkeys(names) if (folder / name).is_file()]


def raw_table() -> Table:
    """The sources that the built data was made from."""
    import json

    import geodata

    raw = json.loads((geodata.FOLDER / "sources.json").read_text(encoding="utf-8"))["raw"]
    rows = [
        (told(name), told(one.get("version")), told(one.get("what")), told(one.get("licence")), _short(one))
        for name, one in sorted(raw.items())
    ]
    header = ("source", "version", "what", "licence", "SHA-256")
    return Table(header, tuple(rows), (), "Sources of the built data")


def _short(one: Mapping[str, Any]) -> Cell:
    """The beginning of a checksum, which is enough to tell it from another."""
    return told(str(one.get("sha256", ""))[:16])
