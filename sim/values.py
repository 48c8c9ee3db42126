"""Results as values: equal where all they hold is equal, arrays included, and fit for sets and keys of dicts."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def key_of(value: object) -> Any:
    """A hashable stand-in for a value: two values are equal where their keys are. NaN equals NaN here."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        compared = (f.name for f in dataclasses.fields(value) if f.compare)
        return type(value).__qualname__, *(key_of(getattr(value, name)) for name in compared)
    if hasattr(value, "model_dump"):  # a section of a scenario
        return type(value).__qualname__, key_of(value.model_dump())
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value
    if isinstance(value, Mapping):
        return frozenset((key, key_of(item)) for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(map(key_of, value))
    numpy = sys.modules.get("numpy")  # where it was never imported there is no array
    if numpy is not None and isinstance(value, numpy.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    return value


class Valued:
    """A mixin for frozen dataclasses, made with `eq=False`, that may hold arrays and mappings."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return bool(key_of(self) == key_of(other))

    def __hash__(self) -> int:
        return hash(key_of(self))
