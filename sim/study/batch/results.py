"""The results of a study, read back from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import DataError
from sim.study.batch.store import PARTS, VOYAGES, read_manifest

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class StudyResults:
    """A finished study: its `folder`, and its `manifest`, in which `study` tells what was varied and how."""

    folder: Path
    manifest: dict[str, Any]

    def table(self) -> Any:
        """All rows as a `pyarrow.Table`, one a draw and alternative, in the order of the draws."""
        from pyarrow.parquet import read_table

        return read_table(self.folder / VOYAGES)

    def frame(self) -> DataFrame:
        """The same as a pandas frame."""
        return self.table().to_pandas()

    @property
    def varied(self) -> tuple[str, ...]:
        """The dotted keys that vary: columns of the table."""
        return tuple(v["key"] for v in self.manifest["study"]["vary"])


def load(folder: str | Path) -> StudyResults:
    """The results of a folder. Raises DataError where there are none, or where the study is not finished."""
    folder = Path(folder)
    manifest = read_manifest(folder)
    path = folder / VOYAGES
    if not path.is_file():
        count = len(list((folder / PARTS).glob("part-*.parquet")))
        of = manifest["parts"]["count"]
        raise DataError(f"{folder}: the study is not finished ({count} of {of} parts); run it again, it goes on")
    return StudyResults(folder, checked(manifest, path))


def checked(manifest: dict[str, Any], path: Path) -> dict[str, Any]:
    """The manifest, if the file has its columns and rows. Raises DataError."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        found = read_metadata(path)
    except (ArrowException, OSError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    names, rows = [c["name"] for c in manifest["schema"]], manifest["study"]["voyages"]
    if found.schema.names != names or found.num_rows != rows:
        raise DataError(f"{path}: does not fit its manifest: {found.num_rows:,} rows, wanted are {rows:,}")
    return manifest
