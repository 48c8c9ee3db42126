"""What every result can do: `to_dict`, `to_frame` and `html`, each written once for each kind of result.

The writers of a kind are registered when the first result of that kind is asked for, so that a route needs neither the
scenarios nor the studies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from sim.report.layout import table_html

if TYPE_CHECKING:
    from pandas import DataFrame

ROWS = 12  # of a frame in HTML


@singledispatch
def to_dict(result: Any) -> dict[str, Any]:
    """A result as JSON values: the document that `--json` prints. Raises TypeError for what is no result."""
    return dict(_writer(to_dict, result)(result))


@singledispatch
def to_frame(result: Any) -> DataFrame:
    """A result as a pandas DataFrame, or a GeoDataFrame (EPSG:4326) where it has places.

    Figures are not rounded where the result holds them; what does not exist is NaN, NaT or None and never 0. Raises
    TypeError for what is no result.
    """
    return _writer(to_frame, result)(result)


@singledispatch
def html(result: Any) -> str:
    """A result as HTML for a notebook, with everything in it escaped; its first rows unless it has its own form."""
    _register(result)
    kind = html.dispatch(type(result))
    return frame_html(to_frame(result)) if kind is html.dispatch(object) else kind(result)


def frame_html(frame: DataFrame) -> str:
    """The first rows of a frame as an HTML table, without geometry."""
    shown = frame.drop(columns="geometry", errors="ignore")
    rows = [[_cell(v) for v in row] for row in shown.head(ROWS).itertuples(index=False)]
    more = f"<p>{len(shown) - ROWS} more rows</p>" if len(shown) > ROWS else ""
    return table_html([str(c) for c in shown.columns], rows) + more


def _cell(value: Any) -> str:
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)[:200]


def _writer(function: Any, result: Any) -> Callable[[Any], Any]:
    """The function that is registered for a result."""
    _register(result)
    found = function.dispatch(type(result))
    if found is function.dispatch(object):
        raise TypeError(f"{type(result).__name__} is no result of northabout")
    return found  # type: ignore[no-any-return]


def _register(result: Any) -> None:
    for one in type(result).__mro__:
        if one.__module__ in _HOMES:
            _HOMES[one.__module__]()


def _add(kind: type, as_dict: Any, as_frame: Any, as_html: Any = None) -> None:
    to_dict.register(kind, as_dict)
    to_frame.register(kind, as_frame)
    if as_html is not None:
        html.register(kind, as_html)


def _comparison() -> None:
    from sim.report.comparison import comparison_dict, comparison_frame, outcome_dict, outcomes_frame
    from sim.scenario.compare import Comparison, Outcome

    _add(Comparison, comparison_dict, comparison_frame)
    _add(Outcome, outcome_dict, lambda o: outcomes_frame([o]))


def _route() -> None:
    from sim.geo.route import Route
    from sim.report.listings import route_dict, routes_frame

    _add(Route, route_dict, lambda route: routes_frame({"route": route}))


def _port() -> None:
    from sim.geo.ports import Port
    from sim.report.listings import port_dict, ports_frame

    _add(Port, port_dict, lambda port: ports_frame([port]))


def _passage() -> None:
    from sim.geo.passages import Passage
    from sim.report.listings import passage_dict, passages_frame

    _add(Passage, passage_dict, lambda passage: passages_frame([passage]))


def _vessel() -> None:
    from sim.report.listings import vessel_dict, vessels_frame
    from sim.ship.vessel import Ship

    _add(Ship, vessel_dict, lambda ship: vessels_frame([ship]))


def _voyage() -> None:
    from sim.report.voyages import legs_frame, voyage_dict
    from sim.voyage.voyage import Voyage

    _add(Voyage, voyage_dict, lambda voyage: legs_frame(voyage.legs))


def _ledger() -> None:
    from sim.economy.ledger import Ledger
    from sim.report.voyages import ledger_dict, ledger_frame

    _add(Ledger, ledger_dict, ledger_frame)


def _calendar() -> None:
    from sim.report import calendar as writers
    from sim.study.calendar import Calendar

    _add(Calendar, writers.calendar_dict, writers.calendar_frame)


def _calendar_years() -> None:
    from sim.report.years.calendars import calendars_dict, calendars_frame
    from sim.study.sailing.calendars import CalendarYears

    _add(CalendarYears, calendars_dict, calendars_frame)


def _breakeven_years() -> None:
    from sim.report.years.breakevens import breakevens_dict, breakevens_frame
    from sim.study.sailing.breakevens import BreakEvenYears

    _add(BreakEvenYears, breakevens_dict, breakevens_frame)


def _seasons() -> None:
    from sim.report.calendar import seasons_dict, seasons_frame
    from sim.study.seasons import SeasonTable

    _add(SeasonTable, seasons_dict, seasons_frame)


def _breakeven() -> None:
    from sim.report.studies import breakeven_dict, breakeven_frame
    from sim.study.breakeven import BreakEven

    _add(BreakEven, breakeven_dict, breakeven_frame)


def _equidistance() -> None:
    from sim.report.studies import nearer_dict, nearer_frame
    from sim.study.equidistance import Nearer

    _add(Nearer, nearer_dict, nearer_frame)


def _ice() -> None:
    from sim.report.studies import ice_dict, ice_frame
    from sim.study.ice_summary import IceState

    _add(IceState, ice_dict, ice_frame)


def _chokepoints() -> None:
    from sim.report.trade.chokepoints import chokepoints_dict, chokepoints_frame
    from sim.study.straits.chokepoints import Chokepoints

    _add(Chokepoints, chokepoints_dict, chokepoints_frame)


def _exposure() -> None:
    from sim.report.trade.exposure import exposure_dict, exposure_frame
    from sim.study.exposure import Exposure

    _add(Exposure, exposure_dict, exposure_frame)


def _findings() -> None:
    from sim.report.study.files import findings_dict, findings_frame
    from sim.study.findings.findings import Findings

    _add(Findings, findings_dict, findings_frame)


def _service() -> None:
    from sim.report.study.service import service_dict, service_frame
    from sim.study.service import Service

    _add(Service, service_dict, service_frame)


def _relay() -> None:
    from sim.report.study.service import relay_dict, relay_frame
    from sim.study.relay import Relay

    _add(Relay, relay_dict, relay_frame)


def _claim() -> None:
    from sim.claims.register import ClaimResult
    from sim.report.claims import claim_dict, claims_frame

    _add(ClaimResult, claim_dict, lambda result: claims_frame([result]))


def _stability() -> None:
    from sim.report.years.stability import corridor_dict, corridor_frame
    from sim.study.sailing.stability import StabilityCorridor

    _add(StabilityCorridor, corridor_dict, corridor_frame)


# Where a kind of result lives, and what registers its writers
_HOMES: dict[str, Callable[[], None]] = {
    "sim.scenario.compare": _comparison, "sim.geo.route": _route, "sim.geo.ports": _port,
    "sim.geo.passages": _passage, "sim.ship.vessel": _vessel, "sim.voyage.voyage": _voyage,
    "sim.economy.ledger": _ledger, "sim.study.calendar": _calendar, "sim.study.seasons": _seasons,
    "sim.study.breakeven": _breakeven, "sim.study.equidistance": _equidistance, "sim.study.ice_summary": _ice,
    "sim.study.exposure": _exposure, "sim.study.service": _service, "sim.study.findings.findings": _findings,
    "sim.study.relay": _relay, "sim.claims.register": _claim,
    "sim.study.straits.chokepoints": _chokepoints, "sim.study.sailing.calendars": _calendar_years,
    "sim.study.sailing.breakevens": _breakeven_years, "sim.study.sailing.stability": _stability,
}  # fmt: skip
