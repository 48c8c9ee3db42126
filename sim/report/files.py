"""Files written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import UsageError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it. Raises UsageError where that is not possible."""
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write several files, each whole; none of them where one cannot be written. Raises UsageError."""
    umask = os.umask(0)
    os.umask(umask)
    parts: dict[Path, str] = {}
    path = Path()
    try:
        for path, content in contents.items():
            check_target(path)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".northabout-", suffix=".part")
            parts[path] = name
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o666 & ~umask)
        for path, name in parts.items():
            Path(name).replace(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error
    finally:
        for name in parts.values():
            Path(name).unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Raise UsageError where no file can be put: early, before the work that fills it."""
    try:
        if path.is_dir():
            raise UsageError(f"{path}: is a folder, name a file in it")
        if path.exists() and not path.is_file():
            raise UsageError(f"{path}: is no regular file, it would be replaced")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: cannot be written, there is no folder '{path.parent}'")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from error


def make_folder(path: Path) -> None:
    """Make a folder for results. Raises UsageError."""
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


def cut(text: str, width: int) -> str:
    """A text that is at most `width` characters long, with '...' where something is left out."""
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table of aligned columns; columns in `right` are aligned to the right."""
    widths = [max(len(str(line[k])) for line in [header, *rows]) for k in range(len(header))]

    def one(line: Sequence[str]) -> str:
        padded = zip(line, widths, strict=True)
        cells = [str(v).rjust(w) if k in right else str(v).ljust(w) for k, (v, w) in enumerate(padded)]
        return "  ".join(cells).rstrip()

    return "\n".join([one(header), one(["-" * w for w in widths]), *[one(r) for r in rows]])
