"""What callers give: one thing or several, places of a list of which some may be bad, and what a route must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, Literal

import numpy as np

from sim.errors import PlaceError, UsageError
from sim.geo.network.places import Place
from sim.geo.passages import NamedRoute
from sim.geo.waters import inside_water

Locatable = str | tuple[float, float] | Place
OnError = Literal["raise", "nan"]


def several(words: str | Iterable[str] | None, name: str) -> tuple[str, ...]:
    """One word or several as several; none where None is given. Raises UsageError, with the name of the argument."""
    if words is None:
        return ()
    listed = (words,) if isinstance(words, str) or not isinstance(words, Iterable) else tuple(words)
    for word in listed:
        if not isinstance(word, str):
            raise UsageError(f"{name} has {word!r}, allowed are words for passages, one or several")
    return listed


def several_places(given: Any) -> list[Any]:
    """One place or several as several: a text, a Place or a pair of numbers is one."""
    if isinstance(given, str | Place) or not isinstance(given, Iterable):
        return [given]
    listed = list(given)
    pair = len(listed) == 2 and all(isinstance(v, Real) for v in listed)
    return [tuple(listed)] if pair else listed


def located(place: Callable[[Any], Place], given: Any, errors: OnError) -> tuple[list[Place | None], dict[str, str]]:
    """The places that are meant, and the problem of each that cannot be used, by the place as text.

    Raises PlaceError for such a place; where `errors` is "nan" it is None.
    """
    if errors not in ("raise", "nan"):
        raise UsageError(f"errors is {errors!r}, allowed: raise, nan")
    out: list[Place | None] = []
    problems: dict[str, str] = {}
    for one in several_places(given):
        try:
            out.append(place(one))
        except PlaceError as error:
            if errors == "raise":
                raise
            out.append(None)
            problems[str(one)] = str(error)
    return out, problems


@dataclass(frozen=True)
class Demand:
    """What a route must do: passages barred as bits, and groups of which one passage must be crossed."""

    route: NamedRoute
    barred: np.uint64  # by the named route itself
    closed: np.uint64  # the route's, and all other closures
    groups: tuple[np.uint64, ...]
    off: str = ""  # a named water that it keeps off

    def between(self, *places: Place) -> Demand:
        """What is demanded between some places: a water in which one of them lies is not kept off."""
        lies_in = self.off and inside_water(self.off, np.array([p.sea for p in places])).any()
        return replace(self, off="") if lies_in else self

    @property
    def key(self) -> str:
        """What is asked for when nothing is closed, as `route_key`."""
        return route_key(self.barred, self.groups)


def route_key(barred: np.uint64, groups: Sequence[np.uint64]) -> str:
    """Passages barred and groups of which one must be crossed, as text: by it a reduced graph knows for what it was
    made, which a name alone does not tell when the table of routes changes."""
    return " ".join(f"{bits:x}" for bits in (int(barred), *sorted(int(g) for g in groups)))
