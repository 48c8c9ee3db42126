"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

from sim.errors import UsageError

LONGEST_NAME = 60  # characters of a part of the name of a file


def plain_name(text: str, otherwise: str) -> str:
    """A text in letters, digits and hyphens, for the name of a file; `otherwise` where nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:LONGEST_NAME].strip("-") or otherwise


def told_apart(names: Iterable[str]) -> list[str]:
    """The names, each another: those that were there before have a number behind them."""
    out: list[str] = []
    for name in names:
        out.append(next(n for n in chain([name], (f"{name}-{k}" for k in count(2))) if n not in out))
    return out


def write_whole(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it. Raises UsageError where that is not possible."""
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write several files: all of them whole, or none of them. Raises UsageError.

    All are written beside their places and flushed to the disk first, so that a full disk leaves nothing. Then all are
    put in place; where one cannot be, those before it are taken back and what they replaced is put there again.
    """
    umask = os.umask(0)
    os.umask(umask)
    parts: dict[Path, Path] = {}
    done: dict[Path, Path | None] = {}  # what stands in its place, with what stood there before
    path = Path()
    try:
        for path, content in contents.items():
            check_target(path)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".northabout-", suffix=".part")
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            parts[path].chmod(0o666 & ~umask)
        for path, part in parts.items():
            before = _kept(path) if len(parts) > 1 else None
            done[path] = before
            part.replace(path)
        _sync_folders(parts)
    except (OSError, ValueError) as error:
        _take_back(done, parts)
        raise UsageError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error
    except BaseException:
        _take_back(done, parts)
        raise
    finally:
        for left in (*parts.values(), *done.values()):
            if left is not None:
                left.unlink(missing_ok=True)


def _kept(path: Path) -> Path | None:
    """A second name for a file that is to be replaced, or a copy where the disk knows no second names."""
    if not path.exists():
        return None
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".northabout-", suffix=".part")
    os.close(handle)
    kept = Path(name)
    kept.unlink()
    try:
        os.link(path, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        try:
            shutil.copy2(path, kept, follow_symlinks=False)
        except OSError:
            kept.unlink(missing_ok=True)
            raise
    return kept


def _take_back(done: Mapping[Path, Path | None], parts: Mapping[Path, Path]) -> None:
    """Undo: files that were put in place go, and what stood there comes back."""
    for path, before in done.items():
        if parts[path].exists():
            continue  # it was not put in place
        with contextlib.suppress(OSError):
            path.unlink() if before is None else before.replace(path)


def _sync_folders(paths: Iterable[Path]) -> None:
    """Flush the names of files to the disk, on systems where folders can be opened."""
    for folder in {path.parent for path in paths}:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def check_target(path: Path) -> None:
    """Raise UsageError where no file can be put: early, before the work that fills it."""
    check_name(path)
    try:
        if path.is_dir():
            raise UsageError(f"{path}: is a folder, name a file in it")
        if path.exists() and not path.is_file():
            raise UsageError(f"{path}: is no regular file, it would be replaced")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: cannot be written, there is no folder '{path.parent}'")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error


def check_folder(path: Path) -> None:
    """Raise UsageError where results cannot go into a folder: early, before the work that fills it."""
    check_name(path)
    try:
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path}: is a file; --out names a folder, which is made if it is not there")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be made a folder ({getattr(error, 'strerror', None) or error})") from error


def check_name(path: Path) -> None:
    """Raise UsageError for the name that elsewhere means standard input or output."""
    if str(path) == "-":
        raise UsageError("'-' is no name of a file or a folder here: nothing of this goes to standard output")


def make_folder(path: Path) -> None:
    """Make a folder for results. Raises UsageError."""
    check_folder(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be made a folder ({getattr(error, 'strerror', None) or error})") from error


def json_text(value: Any) -> str:
    """One JSON document; infinity and NaN are refused rather than written as no JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a header row; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if v is None else v for v in row] for row in rows])
    return out.getvalue()
