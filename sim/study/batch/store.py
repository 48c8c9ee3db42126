"""The folder of a study: its manifest first, then parts, each whole or not there, at the end one Parquet file.

    DIR/manifest.json          what is sailed, by which program and data
    DIR/parts/part-00000.parquet ...
    DIR/voyages.parquet        all parts in order; then the parts go

Every file is written beside its place, flushed to the disk and put there under its name, so that a run that is ended
at any moment leaves nothing half-written and the next one goes on with the parts that are missing.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from sim import __version__
from sim.errors import DataError, UsageError
from sim.study.batch.checksums import code_and_data, of_file
from sim.study.batch.plan import Plan
from sim.study.batch.rows import columns
from sim.study.batch.spec import OWN_FILES, Study
from sim.study.batch.vary.keys import value_at

MANIFEST, VOYAGES, PARTS, LOCK = "manifest.json", "voyages.parquet", "parts", ".lock"
MADE_BY = "northabout study"
GROUP_ROWS = 20_000  # rows of a row group of the final file, at least
SHOWN = 6  # differences between manifests that are told
VERSIONS = ("numpy", "scipy", "shapely", "pyproj", "pyarrow")


def manifest_of(study: Study, plan: Plan) -> dict[str, Any]:
    """What a study's results depend on, as JSON values."""
    from importlib.metadata import version

    sums, draws = code_and_data(), study.draws
    versions = {"northabout": __version__, "python": platform.python_version(), **{p: version(p) for p in VERSIONS}}
    steps = {"one_at_a_time": draws.steps_told()} if draws.method == "one_at_a_time" else {}
    sampled = draws.method in ("monte_carlo", "sobol")
    return {
        "format": 1,
        "made_by": MADE_BY,
        "study": {
            "name": study.name, "description": study.description, "method": draws.method,
            "samples": draws.samples if sampled else None, "seed": draws.seed, "draws": plan.draws,
            "voyages": plan.voyages, "baseline": study.baseline, "alternatives": list(study.labels),
            "vary": [v.told() for v in study.variations], **steps, "base": dict(study.base),
        },
        "checksums": {"code": sums.code, "data": sums.data, "files": _files(study)},
        "versions": versions,
        "schema": [{"name": name, "type": kind} for name, kind in columns(study.variations).items()],
        "parts": {"count": plan.parts, "draws": plan.part_draws},
    }  # fmt: skip


def _files(study: Study) -> dict[str, str]:
    """Checksums of the files that the scenario names."""
    out = {}
    for key in OWN_FILES:
        values = {value_at(study.base, key), *(x for v in study.variations if v.key == key for x in v.values)}
        for name in sorted(x for x in values if isinstance(x, str)):
            if (study.folder / name).is_file():
                out[name] = of_file(study.folder / name)
    return out


class Store:
    """The folder of one study, open for one run: a second one at the same time is refused.

    Raises UsageError for a folder that cannot be used, DataError for one that holds another study.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], plan: Plan) -> None:
        self.folder, self.manifest, self.plan = folder, manifest, plan
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Store:
        try:
            (self.folder / PARTS).mkdir(parents=True, exist_ok=True)
            self._take()
            self._begin()
        except OSError as error:
            self.close()
            raise UsageError(f"{self.folder}: cannot be written ({error.strerror or error})") from error
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the folder free."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take(self) -> None:
        self._lock = (self.folder / LOCK).open("wb")
        try:
            import fcntl
        except ImportError:  # a system without such locks
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{self.folder}: another run of this study is writing there; wait for its end") from None

    def _begin(self) -> None:
        """The manifest, written or compared."""
        path = self.folder / MANIFEST
        for left in self.folder.rglob("*.tmp"):
            left.unlink(missing_ok=True)
        if path.exists():
            there = read_manifest(self.folder)
            told = differences(there, json.loads(json.dumps(self.manifest)))
            if told:
                more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
                said = f"{path}: is of another study: {'; '.join(told[:SHOWN])}{more}; --out names another folder"
                raise UsageError(said)
            return
        if (self.folder / VOYAGES).exists() or any((self.folder / PARTS).iterdir()):
            raise UsageError(f"{self.folder}: holds results without a manifest; --out names another folder")
        _put(path, lambda file: file.write(json_bytes(self.manifest)))

    @property
    def finished(self) -> bool:
        """Whether the final file is there."""
        return (self.folder / VOYAGES).is_file()

    def part_path(self, number: int) -> Path:
        return self.folder / PARTS / f"part-{number:05d}.parquet"

    def missing(self) -> list[int]:
        """Numbers of the parts that are still to be done; a damaged one is."""
        if self.finished:
            return []
        return [k for k in range(self.plan.parts) if not self._whole(k)]

    def _whole(self, number: int) -> bool:
        from pyarrow import ArrowException
        from pyarrow.parquet import read_metadata

        path = self.part_path(number)
        try:
            return path.is_file() and read_metadata(path).num_rows == self.plan.rows_of(number)
        except (ArrowException, OSError):
            return False

    def write(self, number: int, found: Mapping[str, list[Any]]) -> None:
        """Keep a part. Raises UsageError where the disk refuses."""
        table = table_of(self.manifest, found)
        self._guarded(self.part_path(number), lambda file: file.write(_parquet(table)))

    def finish(self) -> Path:
        """Put all parts into the final file, in order; then they go."""
        path = self.folder / VOYAGES
        if not self.finished:
            self._guarded(path, self._merged)
        for number in range(self.plan.parts):
            self.part_path(number).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.folder / PARTS).rmdir()
        return path

    def _guarded(self, path: Path, write: Callable[[IO[bytes]], Any]) -> None:
        try:
            _put(path, write)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror or error}); what is done is kept") from error

    def _merged(self, file: IO[bytes]) -> None:
        """All parts, row group by row group: no more than one group is in memory."""
        from pyarrow import concat_tables
        from pyarrow.parquet import ParquetWriter

        with ParquetWriter(file, arrow_schema(self.manifest), compression="zstd") as writer:
            held: list[Any] = []
            for table in self._tables():
                held.append(table)
                if sum(t.num_rows for t in held) >= GROUP_ROWS:
                    writer.write_table(concat_tables(held).combine_chunks(), row_group_size=1 << 30)
                    held = []
            if held:
                writer.write_table(concat_tables(held).combine_chunks(), row_group_size=1 << 30)

    def _tables(self) -> Iterator[Any]:
        from pyarrow.parquet import ParquetFile

        for number in range(self.plan.parts):
            with ParquetFile(self.part_path(number)) as file:
                yield file.read()


def _put(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write a file beside its place, flush it to the disk, and put it there."""
    part = path.with_name(path.name + ".tmp")
    try:
        with part.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # the name itself, on systems where folders can be opened
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _parquet(table: Any) -> bytes:
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(table, out, compression="zstd")
    return out.getvalue()


def arrow_schema(manifest: Mapping[str, Any]) -> Any:
    """The Arrow schema of the columns of a manifest."""
    import pyarrow as pa

    types = {
        "int64": pa.int64(), "int16": pa.int16(), "int8": pa.int8(), "double": pa.float64(), "bool": pa.bool_(),
        "string": pa.string(), "timestamp[ms, tz=UTC]": pa.timestamp("ms", tz="UTC"),
    }  # fmt: skip
    return pa.schema([pa.field(c["name"], types[c["type"]]) for c in manifest["schema"]])


def table_of(manifest: Mapping[str, Any], found: Mapping[str, list[Any]]) -> Any:
    """Columns as an Arrow table of the manifest's schema; a moment keeps whole milliseconds."""
    import pyarrow as pa

    schema = arrow_schema(manifest)
    arrays = [pa.array(found[f.name], type=f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def statuses_of(path: Path) -> dict[str, int]:
    """How many voyages of a file ended in each status, by name."""
    from pyarrow.parquet import read_table

    counts = read_table(path, columns=["status"])["status"].value_counts().to_pylist()
    return dict(sorted((c["values"], c["counts"]) for c in counts))


def json_bytes(value: Any) -> bytes:
    """One JSON document; NaN and infinity are refused."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder. Raises DataError where there is none that can be read."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; 'northabout study STUDY.yaml --out {folder}' makes it") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    if not isinstance(found, dict) or found.get("made_by") != MADE_BY:
        raise DataError(f"{path}: is no manifest of a study; --out names another folder")
    return found


def differences(there: Any, here: Any, at: str = "") -> list[str]:
    """What differs between two manifests: key paths with both values."""
    if isinstance(there, dict) and isinstance(here, dict):
        keys = dict.fromkeys((*here, *there))
        return [d for k in keys for d in differences(there.get(k), here.get(k), f"{at}.{k}" if at else k)]
    if there == here and type(there) is type(here):
        return []
    long = isinstance(there, list | dict) or isinstance(here, list | dict)
    if long and isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        return [d for k, pair in enumerate(zip(there, here, strict=True)) for d in differences(*pair, f"{at}.{k}")]
    return [f"{at} differs" if long else f"{at} is {_short(there)} there and {_short(here)} here"]


def _short(value: object) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= 24 else text[:12] + "..."
