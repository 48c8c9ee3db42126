"""Arrays and a header as one stream of bytes, compressed, as text: the form in which a page carries its data.

The stream is the length of the header (4 bytes, little-endian), the header (JSON in UTF-8) and the arrays, each from a
multiple of 8 bytes on. The header's `arrays` tell of each its type, where it begins and how many numbers it has.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

TYPES: Final = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64", "uint64"}
_ALIGN = 8


class Bundle:
    """Named arrays and values for a page."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._values: dict[str, Any] = {}

    def array(self, name: str, values: NDArray[Any], kind: str) -> None:
        """Enter an array as numbers of a type of `TYPES`. Raises ValueError where it does not hold them."""
        assert kind in TYPES and name not in self._arrays
        stored = np.ascontiguousarray(values).astype(np.dtype(kind).newbyteorder("<"))
        if np.dtype(kind).kind in "ui" and not np.array_equal(stored, values):
            raise ValueError(f"{name}: numbers outside {kind}")
        self._arrays[name] = stored

    def steps(self, name: str, values: NDArray[Any], kind: str) -> None:
        """Enter whole numbers (n,) or (n, 2) as differences along the first axis, which compress better; columns follow
        each other."""
        whole = np.atleast_2d(np.asarray(values, dtype=np.int64).T)
        self.array(name, np.diff(whole, axis=1, prepend=0).ravel(), kind)

    def value(self, name: str, value: Any) -> None:
        """Enter what JSON can hold."""
        self._values[name] = value

    def bytes(self) -> bytes:
        """The stream."""
        at, told, parts = 0, {}, []
        for name, values in self._arrays.items():
            raw = values.tobytes()
            told[name] = [values.dtype.newbyteorder("=").name, at, values.size]
            parts.append(raw + b"\0" * (-len(raw) % _ALIGN))
            at += len(parts[-1])
        head = json.dumps({"arrays": told, **self._values}, ensure_ascii=False, separators=(",", ":")).encode()
        head += b" " * (-(len(head) + 4) % _ALIGN)
        return len(head).to_bytes(4, "little") + head + b"".join(parts)

    def text(self) -> str:
        """The stream, compressed, in base64; the same for the same contents."""
        return base64.b64encode(gzip.compress(self.bytes(), compresslevel=9, mtime=0)).decode("ascii")
