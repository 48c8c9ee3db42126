"""NetCDF files of ice: opening them, with what is no such file told apart, and their attributes as text."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import DataError, UsageError, did_you_mean

if TYPE_CHECKING:
    import xarray as xr

Attributes = Mapping[Any, Any]

MAX_CELLS: Final = 10_000_000  # of a grid
MAX_VALUES: Final = 200_000_000  # unpacked at once
# what the libraries under xarray raise for damaged files
FOREIGN = (
    OSError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    MemoryError,
    EOFError,
)
LOOKS = {
    b"GRIB": "a GRIB file; convert it, for instance with 'cdo -f nc copy'",
    b"\x0e\x03\x13\x01": "an HDF4 file; take the NetCDF version of the product, or convert it",
    b"\x1f\x8b": "packed with gzip; unpack it first",
    b"PK": "a zip archive; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"<": "a web page; the download was refused, perhaps for a missing login",
    b"version https://git-lfs": "a pointer of git-lfs; fetch the file itself",
}


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the warnings of the libraries to itself: what matters in a file is said by this program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def opened(path: Path, check: bool = True) -> Iterator[xr.Dataset]:
    """The file with its numbers as stored: no scaling, no masks, no dates; nothing is read before it is asked for.

    `check` leaves out what need not be looked at twice. Raises UsageError for a path that is no file, DataError for a
    file that is not NetCDF, empty or cut off.
    """
    if check:
        check_file(path)
    with quiet():
        try:
            import xarray as xr

            dataset = xr.open_dataset(path, engine="netcdf4", decode_cf=False, cache=False)
        except FOREIGN as error:
            raise damaged(path, error) from error
    try:
        if not dataset.variables:
            raise DataError(f"{path.name}: holds no variables (groups within a file are not read)")
        yield dataset
    finally:
        dataset.close()


def damaged(path: Path, error: Exception) -> DataError:
    """The error for a file that a library gave up on."""
    text = " ".join(str(error).split())[:200]
    return DataError(f"{path.name}: cannot be read as NetCDF, it is cut off or damaged ({text}); fetch it again")


def check_file(path: Path) -> None:
    """Whether a path is a file that begins, and for NetCDF 3 ends, as NetCDF does. Raises UsageError, DataError."""
    if path.is_dir():
        raise UsageError(f"ice file '{path}': is a folder; name one NetCDF file in it")
    if not path.is_file():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise UsageError(f"ice file '{path}': no such file{did_you_mean(path.name, there)}")
    try:
        with path.open("rb") as file:
            head = file.read(2056)
    except OSError as error:
        raise UsageError(f"ice file '{path}': cannot be opened ({error.strerror})") from error
    if not head:
        raise DataError(f"{path.name}: is empty (0 bytes); fetch it again")
    hdf5 = any(head[at : at + 8] == b"\x89HDF\r\n\x1a\n" for at in (0, 512, 1024, 2048))
    if not hdf5 and (head[:3] != b"CDF" or head[3:4] not in (b"\1", b"\2", b"\5")):
        looks = next((text for start, text in LOOKS.items() if head.lstrip().startswith(start)), "something else")
        raise DataError(f"{path.name}: is not NetCDF but {looks}; it should begin with 'CDF' or the mark of HDF5")
    try:
        with quiet():
            _check_parts(path, 4 if hdf5 else head[3])
    except FOREIGN as error:
        raise damaged(path, error) from error


def _check_parts(path: Path, version: int) -> None:
    """Refuse what must not be opened: coordinates that fill the memory, and NetCDF 3 files that are cut off.

    Where those end their library reads zeros, which would be open water; that of HDF5 notices by itself. scipy looks
    first, since a damaged head of NetCDF 3 can keep the library busy for ever.
    """
    if version in (1, 2):
        from scipy.io import netcdf_file

        netcdf_file(path, "r", mmap=True).close()
    import netCDF4

    with netCDF4.Dataset(path) as data:
        for name, variable in data.variables.items():
            if variable.dimensions == (name,) and variable.size > MAX_CELLS:
                raise DataError(f"{path.name}: '{name}' has {variable.size:,} values, at most {MAX_CELLS:,} are read")
        least = sum(v.size * np.dtype(v.dtype).itemsize for v in data.variables.values()) if version == 5 else 0
    if path.stat().st_size < least:  # the header is left out
        raise EOFError(f"{path.stat().st_size} bytes, at least {least} expected")


def named(attributes: Attributes, key: str) -> str:
    """An attribute as stripped text; empty where it is missing."""
    return str(attributes.get(key, "")).strip()


def listed(names: Iterable[Hashable], most: int = 12) -> str:
    """Names for a message, not too many."""
    all_names = sorted(map(str, names))
    more = f" and {len(all_names) - most} more" if len(all_names) > most else ""
    return (", ".join(all_names[:most]) or "none") + more
