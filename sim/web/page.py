"""The page: a file of HTML with the program, its style and all data inside; nothing is fetched when it is opened."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim import __version__
from sim.errors import DAMAGED, DataError
from sim.geo.network import SeaNetwork
from sim.web.bill import bill_values
from sim.web.coast import add_coast
from sim.web.harbours import add_ports
from sim.web.ice_cover import OWN, Choices, add_cover, add_voyages, choices
from sim.web.mask import add_mask
from sim.web.packing import Bundle
from sim.web.queues import USUAL, closed_for_good, partly_closed, traffic
from sim.web.sea import add_sea, passage_values, route_values

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

BUILT: Final = Path(__file__).parent / "built"
ENDS: Final = ("Dalian", "Rotterdam")  # of a page without a scenario
_MARK = re.compile(r"<!--(title|style|program|map|sea|policy|served)-->")


def explore_page(
    net: SeaNetwork,
    scenario: Scenario | None = None,
    folder: Path | None = None,
    *,
    years: Sequence[int] = (),
    pathways: Sequence[str] = (),
    classes: Sequence[str] = (),
    seasons: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    served: Mapping[str, Any] | None = None,
) -> bytes:
    """The page, in UTF-8; the same for the same scenario.

    With a scenario the page begins at its ports with its ship and its closures, and has its voyages by month for each
    of some years, pathways, seasons and ice classes (its own, and the years 2030 and 2050, if absent). Files that
    it names lie in `folder`. With `served` the page has voyages on any date sailed by the server that it comes from; it
    holds the date and the words that its form begins with (see `sim.web.served.serve`). Raises UsageError,
    ScenarioError, DataError.
    """
    chosen = choices(scenario, years, pathways, classes, seasons)
    chart = _chart(net, scenario, folder or Path(), chosen, progress)
    name = "Routes over the world's seas" if scenario is None else scenario.name
    filled = {
        "title": html.escape(f"{name} - northabout"),
        "style": _built("explore.css"), "program": _built("explore.js"),
        "map": chart.text(), "sea": sea_text(net),
        "policy": "; connect-src 'self'" if served else "",
        "served": f'<meta name="northabout-served" content="{html.escape(json.dumps(served))}">' if served else "",
    }  # fmt: skip
    return _MARK.sub(lambda found: filled[found[1]], _built("explore.html")).encode()


def served_policy() -> str:
    """The Content Security Policy under which a server hands the page out: only the page's own program runs, and it
    asks only this server."""
    digest = base64.b64encode(hashlib.sha256(_built("explore.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@lru_cache(maxsize=1)
def sea_text(net: SeaNetwork) -> str:
    """The network for the page's searches, as text; made once for several pages."""
    out = Bundle()
    codes = add_sea(out, net)
    add_ports(out, net, codes)
    add_mask(out, net)
    codes.add_to(out)
    out.value("passages", [passage_values(p) for p in net.passages.all])
    out.value("routes", [route_values(r, net.passages) for r in net.passages.routes.values()])
    return out.text()


def _chart(
    net: SeaNetwork, scenario: Scenario | None, folder: Path, chosen: Choices,
    progress: Callable[[int, int], None] | None,
) -> Bundle:  # fmt: skip
    """What the first picture needs: land, ice, and what the page begins with."""
    out = Bundle()
    add_coast(out)
    add_cover(out, chosen)
    out.value("version", __version__)
    out.value("passages", [passage_values(p) for p in net.passages.all])
    out.value("classes", list(chosen.classes))
    out.value("traffic", traffic(scenario, net.passages))
    out.value("usual_traffic", USUAL)
    out.value("bill", bill_values(scenario, net))
    if scenario is None:
        season = chosen.seasons.index(OWN) if OWN in chosen.seasons else 0
        out.value("scenario", {"from": ENDS[0], "to": ENDS[1], "closed": [], "season": season})
        out.value("canal_limits", True)
        out.value("waits", {})
        return out
    from sim.scenario.convert import closed_of, plan_of, ship_of

    ship = ship_of(scenario)
    plan = plan_of(scenario, scenario.alternatives[0], ship, net.passages)
    out.value("canal_limits", plan.canal_limits)
    out.value("waits", dict(sorted(plan.waits_h.items())))
    closed = net.passages.expand(closed_of(scenario)) | closed_for_good(scenario, net.passages)
    own_season = (scenario.ice and scenario.ice.season) or OWN
    out.value("scenario", {
        "name": scenario.name, "description": scenario.description,
        "from": _end(net, scenario.voyage.from_), "to": _end(net, scenario.voyage.to),
        "closed": sorted(closed), "partly": partly_closed(scenario, net.passages),
        "alternatives": [[a.label, a.route] for a in scenario.alternatives],
        "ship": ship.name, "speed_kn": scenario.vessel.speed_kn or ship.service_speed_kn, "draft_m": ship.draft_m,
        "beam_m": ship.beam_m, "length_m": ship.length_m, "month": scenario.voyage.depart.month,
        "season": chosen.seasons.index(own_season) if own_season in chosen.seasons else 0,
    })  # fmt: skip
    if scenario.ice is not None:
        add_voyages(out, scenario, net, folder, chosen, progress)
    return out


def _end(net: SeaNetwork, what: str) -> str:
    """A port by its key; a position as "lat,lon"."""
    place = net.place(what)
    return f"{place.lat:.4f},{place.lon:.4f}" if place.port is None else place.port.key


def _built(name: str) -> str:
    try:
        return (BUILT / name).read_text(encoding="utf-8")
    except DAMAGED as error:
        raise DataError(f"{name}: cannot be read ({error}); rebuild it with 'make web'") from error
