"""Exposure of trade flows to closures as text, CSV and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text
from sim.report.layout import cut, text_table, wrapped

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.exposure import Effect, Exposure, Loss
    from sim.study.trade import ClosureSet, Flow

COUNTRIES = {"CN": "China", "EU": "Europe", "JP": "Japan", "KR": "South Korea", "IN": "India"}
NOTE = (
    "Touched: the usual laden route crosses what is closed. Cut off: no feasible sea route. More nm and days: of the "
    "laden voyage, for what is rerouted. More ships and fuel: a year, for what can still be carried, with the ballast "
    "voyage, which may cross a passage that the laden voyage does not; in brackets: ships that the cargo fills, "
    "counted with the flow of the other direction. Ice-free, at service speed; no waiting, no stocks, no other "
    "supplier, no spare pipeline."
)


def exposure_text(exposure: Exposure, importer: str | None = "CN", full: bool = False) -> str:
    """What closures do to the imports of one importer, or to all flows: by commodity, or `full`, by flow.

    Raises UsageError for an importer without flows.
    """
    who = "all flows" if importer is None else f"imports of {COUNTRIES.get(importer, importer)}"
    mine = [f for f in exposure.flows if importer in (None, f.importer)]
    lines = wrapped(f"Exposure of {who}: {len(mine)} flows, {len(exposure.closures)} closures")
    lines += _coverage(mine)
    told = [(c, [w for w in exposure.losses(c.id, importer) if _hit(w)]) for c in exposure.closures]
    money = any(w.extra_cost_usd is not None for _, losses in told for w in losses)
    header = ["closed", "commodity", "touched", "cut off", "nm", "days", "ships", "fuel kt"]
    rows = [
        [cut(c.name, 24 if money else 32) if k == 0 else "", w.commodity, *_loss_cells(w, money)]
        for c, losses in told
        for k, w in enumerate(losses)
    ]
    lines += ["", text_table([*header, *(["MUSD"] if money else [])], rows, right=range(2, 9))] if rows else []
    lines += _incomplete(told) if money else []
    untouched = [c.name for c, losses in told if not losses]
    lines += ["", *wrapped("touches nothing: " + "; ".join(untouched))] if untouched else []
    if full:
        for c, _ in told:
            lines += _flow_lines(
                [e for e in exposure.of_closure(c.id) if importer in (None, e.flow.importer)], c.name, money
            )
    return "\n".join([*lines, "", *wrapped(NOTE, rest="")])


def _incomplete(told: list[tuple[ClosureSet, list[Loss]]]) -> list[str]:
    """What the mark at a sum means."""
    gaps = dict.fromkeys(name for _, losses in told for w in losses for name in w.cost_missing)
    return ["", *wrapped(f"!: the cost is incomplete, without {', '.join(gaps)}")] if gaps else []


def _musd(one: Loss | Effect) -> str:
    """The extra cost in million USD, marked where it is incomplete."""
    cost = one.extra_cost_usd
    return _more(None if cost is None else cost / 1e6) + (" !" if cost is not None and one.cost_missing else "")


def _ships(one: Loss | Effect) -> str:
    """More ships; those of another flow in brackets, where there are no others."""
    shared = _more(one.shared_ships, 1)
    return f"({shared})" if one.shared_ships and not one.extra_ships else _more(one.extra_ships, 1)


def _hit(loss: Loss) -> bool:
    return loss.touched > 0 or abs(loss.extra_ships) >= 0.05


def _coverage(flows: list[Flow]) -> list[str]:
    """How much of each commodity the shares speak of."""
    lines = []
    for commodity, unit in dict.fromkeys((f.commodity, f.unit) for f in flows):
        these = [f for f in flows if (f.commodity, f.unit) == (commodity, unit)]
        volume = sum(f.volume for f in these)
        years = sorted({f.year for f in these})
        parts = [f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"]
        for mode, said in (("pipeline", "by pipeline"), ("other", "of origins not listed, counted as untouched")):
            share = sum(f.volume for f in these if f.mode == mode) / volume
            parts += [f"{_percent(share)} {said}"] if share else []
        low = sum(f.volume for f in these if f.confidence == "C") / volume
        parts += [f"{_percent(low)} on rows of low confidence"] if low else []
        lines += wrapped(
            f"{commodity}: {volume / 1e6:,.1f} M{unit if unit == 't' else ' ' + unit} a year ({'; '.join(parts)})"
        )
    return lines


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.01 else f"{100 * share:.1f} %"


def _more(value: float | None, digits: int = 0) -> str:
    if value is None:
        return "-"
    text = f"{value:+,.{digits}f}"
    return text if float(text.replace(",", "")) else f"{0:.{digits}f}"


def _loss_cells(loss: Loss, money: bool) -> list[str]:
    return [
        _percent(loss.touched_share), _percent(loss.unreachable_share), _more(loss.extra_nm), _more(loss.extra_days, 1),
        _ships(loss), _more(loss.extra_fuel_t / 1e3), *([_musd(loss)] if money else []),
    ]  # fmt: skip


def _flow_lines(effects: list[Effect], name: str, money: bool) -> list[str]:
    """The flows that a closure touches, and the routes that they take instead."""
    hit = [e for e in effects if e.touched_share > 0]
    if not hit:
        return []
    header = ["flow", "vessel", "touched", "cut off", "nm", "days", "ships", "fuel kt", *(["MUSD"] if money else [])]
    rows = [
        [
            cut(e.flow.name, 24 if money else 32), cut(e.flow.ship_id, 15),
            _percent(e.touched_share), _percent(e.unreachable_share),
            _more(e.extra_nm), _more(e.extra_days, 1), _ships(e), _more(e.extra_fuel_t / 1e3),
            *([_musd(e)] if money else []),
        ]
        for e in hit
    ]  # fmt: skip
    lines = ["", *wrapped(f"{name} closed:"), "", text_table(header, rows, right=range(2, 9)), ""]
    routes: dict[str, list[str]] = {}
    for e in hit:
        route = f"by {', '.join(e.passages) or 'the open sea'}" if e.extra_nm is not None else e.reason
        routes.setdefault(route, []).append(e.flow.name)
    return [
        *lines,
        *(line for route, names in routes.items() for line in wrapped(f"{'; '.join(names)}: {route}", "  ", "    ")),
    ]


HEADER = (
    "closure", "passages_closed", "flow", "importer", "commodity", "vessel_id", "volume", "unit", "touched_share",
    "unreachable_share", "extra_nm", "extra_days", "extra_ships", "extra_fuel_t", "extra_cost_usd", "passages",
    "reason", "source", "confidence", "cost_missing", "shared_ships",
)  # fmt: skip


def exposure_csv(exposure: Exposure) -> str:
    """All effects as CSV, a row a flow and closure; empty cells where nothing is rerouted or cost is not known."""
    at = HEADER.index("volume")
    return csv_text(HEADER, [[*row[:at], f"{row[at]:.0f}", *row[at + 1 :]] for row in _rows(exposure)])


def _rows(exposure: Exposure) -> list[list[Any]]:
    """The values of `HEADER`, a row an effect."""
    rows = []
    for e in exposure.effects:
        f, values = e.flow, _effect_dict(e)
        rows.append(
            [
                e.closure.id, " ".join(e.closure.passages), f.id, f.importer, f.commodity, f.ship_id, f.volume,
                f.unit, *(values.get(k) for k in HEADER[8:15]), " ".join(e.passages), e.reason, f.source, f.confidence,
                "; ".join(e.cost_missing), round(e.shared_ships, 3),
            ]
        )  # fmt: skip
    return rows


def exposure_frame(exposure: Exposure) -> DataFrame:
    """All effects, a row a flow and closure, with the columns of the CSV."""
    from pandas import DataFrame

    return DataFrame(_rows(exposure), columns=list(HEADER))


def exposure_dict(exposure: Exposure, importer: str | None = "CN") -> dict[str, Any]:
    """The JSON of `northabout exposure`: null where nothing is rerouted, no cost where it is not known."""
    ships = {t.flow.id: t for t in exposure.trades}
    flows = []
    for f in exposure.flows:
        one: dict[str, Any] = {
            "id": f.id, "name": f.name, "importer": f.importer, "commodity": f.commodity, "mode": f.mode,
            "volume": f.volume, "unit": f.unit, "year": f.year, "source": f.source, "confidence": f.confidence,
        }  # fmt: skip
        if (trade := ships.get(f.id)) is not None:
            one |= {
                "origins": list(f.origins), "destinations": list(f.destinations), "vessel_id": f.ship_id,
                "cargo": round(trade.cargo, 1), "distance_nm": round(trade.distance_nm, 1),
                "days": round(trade.days, 3), "ships": round(trade.ships, 3), "fuel_t": round(trade.fuel_t, 1),
                "passages": list(trade.passages),
            }  # fmt: skip
        flows.append(one)
    closures = [
        {
            "id": c.id, "name": c.name, "passages": list(c.passages), "note": c.note,
            "commodities": [_loss_dict(w) for w in exposure.losses(c.id, importer)],
            "flows": [
                {"id": e.flow.id, **_effect_dict(e), "passages": list(e.passages), "reason": e.reason}
                for e in exposure.of_closure(c.id)
            ],
        }
        for c in exposure.closures
    ]  # fmt: skip
    return {
        "importer": importer,
        "assumptions": {"sailing_days": exposure.sailing_days, "sea_margin": exposure.sea_margin, "note": NOTE},
        "flows": flows,
        "closures": closures,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _extras(one: Effect | Loss) -> dict[str, Any]:
    out: dict[str, Any] = {
        "extra_nm": _rounded(one.extra_nm, 1), "extra_days": _rounded(one.extra_days, 3),
        "extra_ships": round(one.extra_ships, 3), "shared_ships": round(one.shared_ships, 3),
        "extra_fuel_t": round(one.extra_fuel_t, 1),
    }  # fmt: skip
    if one.extra_cost_usd is None:
        return out
    return out | {"extra_cost_usd": round(one.extra_cost_usd, 2), "cost_missing": list(one.cost_missing)}


def _effect_dict(effect: Effect) -> dict[str, Any]:
    shares = {"touched_share": effect.touched_share, "unreachable_share": effect.unreachable_share}
    return {k: round(v, 4) for k, v in shares.items()} | _extras(effect)


def _loss_dict(loss: Loss) -> dict[str, Any]:
    return {
        "commodity": loss.commodity, "unit": loss.unit, "volume": round(loss.volume, 1),
        "touched": round(loss.touched, 1), "unreachable": round(loss.unreachable, 1),
        "touched_share": round(loss.touched_share, 4), "unreachable_share": round(loss.unreachable_share, 4),
        **_extras(loss),
    }  # fmt: skip
