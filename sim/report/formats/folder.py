"""A folder of results: what a command wrote into it before goes when it writes again, what others put there stays.

The list `.northabout-files.json` in the folder tells of every file which command wrote it, of what (a scenario), and
its checksum: a file that was changed since is its owner's, and stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import UsageError
from sim.report.files import json_text, make_folder, write_all

MANIFEST: Final = ".northabout-files.json"
FORMAT: Final = 1


@dataclass(frozen=True)
class Filled:
    """A folder after a command wrote into it: names of files written, of old ones removed, and of others left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    foreign: tuple[str, ...]


def digest(text: str) -> str:
    """What a result is of, as a short checksum: of a scenario's values, or the name of a study."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fill_folder(folder: Path, files: Mapping[str, bytes], command: str, source: str) -> Filled:
    """Write the files of a command into a folder, all or none, and then remove those of earlier runs.

    Removed are files that the same command wrote and now does not, and all that are of another `source`; only such as
    are listed and not changed since. What another command made of the same source stays. Raises UsageError.
    """
    make_folder(folder)
    listed = _listed(folder)
    own = {name for name, entry in listed.items() if _same(folder / name, entry["sha256"])}
    stale = {n for n in own - files.keys() if listed[n]["by"] == command or listed[n]["of"] != source}
    kept = {n: listed[n] for n in own - stale - files.keys()}
    entries = kept | {
        name: {"by": command, "of": source, "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    }
    told = json_text({"format": FORMAT, "files": dict(sorted(entries.items()))}).encode()
    write_all({**{folder / name: content for name, content in files.items()}, folder / MANIFEST: told})
    for name in sorted(stale):
        _remove(folder / name)
    there = (p.name for p in folder.iterdir() if p.is_file() and p.name != MANIFEST)
    return Filled(tuple(files), tuple(sorted(stale)), tuple(sorted(n for n in there if n not in entries)))


def _listed(folder: Path) -> dict[str, dict[str, str]]:
    """The list of a folder: of plain names with all that is told of them; nothing where it is missing or spoilt."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    files = told.get("files") if isinstance(told, dict) and told.get("format") == FORMAT else None
    return {n: e for n, e in files.items() if _is_entry(n, e)} if isinstance(files, dict) else {}


def _is_entry(name: str, entry: Any) -> bool:
    whole = isinstance(entry, dict) and all(isinstance(entry.get(k), str) for k in ("by", "of", "sha256"))
    return whole and name == Path(name).name and name not in ("", ".", "..", MANIFEST)


def _same(path: Path, checksum: str) -> bool:
    """Whether a file is there and as it was written."""
    try:
        return path.is_file() and not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == checksum
    except OSError:
        return False


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: is of an earlier run and cannot be removed ({error.strerror or error})") from error
