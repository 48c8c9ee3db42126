"""Which claims of the register a scenario touches: those of the same voyage, and those on passages that it closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sim.claims.evaluate import evaluate
from sim.claims.register import Claim, ClaimResult, SeaRoutes, load_claims
from sim.scenario.schema import Scenario

ENDS: Final = ("origin", "destination")
SETS: Final = ("origins", "destinations")  # lists of ports that a claim is also looked at for
ROUTES: Final = ("longer", "shorter", "alternative", "via", "other_vias")
PASSAGES: Final = ("must", "gates", "choke_points")


@dataclass(frozen=True)
class Touch:
    """A claim that a scenario touches: `same_ends`, either way round; or whose lists hold both ends, `among_ends`.

    `routes` are named routes that both speak of, `passages` those of the claim that the scenario closes. `result` is
    what computing says without ice; None where it was not computed: what is about passages alone may take long.
    """

    claim: Claim
    same_ends: bool
    among_ends: bool
    routes: tuple[str, ...]
    passages: tuple[str, ...]
    result: ClaimResult | None = None


def touched(scenario: Scenario, origin: str, destination: str, net: SeaRoutes | None = None) -> tuple[Touch, ...]:
    """The claims that a scenario between two ports touches, in the order of the register.

    With a network those on these ends are computed, without ice. Raises DataError for a bad register.
    """
    own_routes = [a.route for a in scenario.alternatives]
    shut = [c.passage for c in scenario.closures]
    out = []
    for claim in load_claims():
        same = _ends(claim) in ((origin, destination), (destination, origin))
        among = not same and _among(claim, origin, destination)
        routes = tuple(r for r in dict.fromkeys(own_routes) if r in set(_texts(claim, ROUTES)))
        passages = tuple(p for p in dict.fromkeys(shut) if p in set(_texts(claim, PASSAGES)))
        if same or (among and routes) or passages:
            result = evaluate(claim, net) if (same or among) and net is not None else None
            out.append(Touch(claim, same, among, routes, passages, result))
    return tuple(out)


def _ends(claim: Claim) -> tuple[Any, Any]:
    return claim.parameters.get(ENDS[0]), claim.parameters.get(ENDS[1])


def _among(claim: Claim, origin: str, destination: str) -> bool:
    """Whether both ports stand in the lists of a claim, one on each side."""
    sides = [set(_texts(claim, (one, many))) for one, many in zip(ENDS, SETS, strict=True)]
    return any(a in sides[0] and b in sides[1] for a, b in ((origin, destination), (destination, origin)))


def _texts(claim: Claim, keys: Iterable[str]) -> Iterator[str]:
    """The words of some parameters of a claim, alone or in lists."""
    for key in keys:
        value = claim.parameters.get(key)
        yield from (v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))
