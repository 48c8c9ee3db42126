"""From the text of `vary:` to variations: each way of writing one, with what is wrong with it and where."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from sim.errors import did_you_mean
from sim.scenario.yaml_text import At, brief
from sim.study.batch.vary.keys import Kind, Value
from sim.study.batch.vary.variation import Form, Variation, date_text, minutes, plain

MAX_CHOICES = 100_000  # values of one key
DAY = 1440.0  # minutes
RANGE_KEYS = {
    "moment": ("from", "to", "every_days"),
    "integer": ("from", "to", "step"),
    "number": ("from", "to", "step"),
}
ORDERED: tuple[Kind, ...] = ("moment", "integer", "number")
SHAPES: dict[str, str] = {
    "range": "{range: {from: A, to: B, step: C}}, of dates {range: {from: A, to: B, every_days: C}}",
    "uniform": "{uniform: [low, high]}",
    "triangular": "{triangular: [low, mode, high]}",
    "normal": "{normal: [mean, sd], within: [low, high]}",
    "choice": "{choice: {value: weight}} or {choice: [{value: V, weight: W}]}",
}


class Fault(Exception):
    """What is wrong with a variation, and where below its key."""

    def __init__(self, text: str, at: At = ()) -> None:
        super().__init__(text)
        self.text, self.at = text, at


def variation(key: str, kind: Kind, raw: Any) -> Variation:
    """The variation that a value of `vary:` means. Raises Fault."""
    if key == "ice.seed" and raw == "random":
        return Variation(key, kind, "seed")
    if isinstance(raw, list):
        return Variation(key, kind, "list", _several(kind, raw))
    if not isinstance(raw, dict) or not raw:
        more = ", or the word 'random'" if key == "ice.seed" else ""
        raise Fault(f"must be a list of values, or one of {', '.join(SHAPES)}{more}; not '{brief(raw)}'")
    form = next(iter(raw))
    if form not in SHAPES:
        raise Fault(f"'{brief(form)}' is not known{did_you_mean(form, SHAPES)}; allowed: a list, {', '.join(SHAPES)}")
    extra = [k for k in raw if k != form and not (form == "normal" and k == "within")]
    if extra:
        raise Fault(f"'{brief(extra[0])}' does not go with '{form}'; write {SHAPES[form]}", (extra[0],))
    if form == "choice":
        return _choice(key, kind, raw[form])
    if kind not in ORDERED:
        raise Fault(f"'{form}' is for numbers and dates; '{key}' holds {_said(kind)}: give a list or a choice")
    readers: dict[str, Callable[[str, Kind, Mapping[str, Any]], Variation]] = {
        "range": _range, "uniform": _bounded, "triangular": _bounded, "normal": _normal,
    }  # fmt: skip
    return readers[form](key, kind, raw)


def _said(kind: Kind) -> str:
    return {"boolean": "true or false", "text": "text"}.get(kind, kind)


def _value(kind: Kind, raw: Any, at: At) -> Value:
    try:
        return plain(kind, raw)
    except ValueError as error:
        said = str(error)
        raise Fault(said if f"'{brief(raw)}'" in said else f"{said}, not '{brief(raw)}'", at) from None


def _several(kind: Kind, raw: list[Any], at: At = ()) -> tuple[Value, ...]:
    if not raw:
        raise Fault("the list is empty; at least one value must be there", at)
    out = tuple(_value(kind, item, (*at, k)) for k, item in enumerate(raw))
    for k, value in enumerate(out):
        if value in out[:k] and any(type(value) is type(x) and value == x for x in out[:k]):
            raise Fault(
                f"'{brief(raw[k])}' is duplicated (also #{out.index(value) + 1}); weights go with 'choice'", (*at, k)
            )
    return out


def _number(kind: Kind, raw: Any, at: At) -> float:
    """A value of an ordered key as a number: a date in minutes."""
    value = _value(kind, raw, at)
    if value is None:
        raise Fault("value is empty", at)
    return minutes(value) if kind == "moment" else float(value)


def _numbers(kind: Kind, raw: Any, names: tuple[str, ...], form: str) -> list[float]:
    if not isinstance(raw, list) or len(raw) != len(names):
        raise Fault(f"must be [{', '.join(names)}], not '{brief(raw)}'", (form,))
    return [_number(kind, item, (form, k)) for k, item in enumerate(raw)]


def _range(key: str, kind: Kind, raw: Mapping[str, Any]) -> Variation:
    given, wanted = raw["range"], RANGE_KEYS[kind]
    if not isinstance(given, dict):
        raise Fault(f"must be a section of {', '.join(wanted)}; not '{brief(given)}'", ("range",))
    for name in given:
        if name not in wanted:
            hint = did_you_mean(name, wanted)
            raise Fault(f"unknown key '{brief(name)}'{hint}; allowed here: {', '.join(wanted)}", ("range", name))
    if kind != "number":
        given = {wanted[2]: 1, **given}
    for name in wanted:
        if name not in given:
            raise Fault(f"key '{name}' is missing", ("range",))
    first, last = (_number(kind, given[name], ("range", name)) for name in wanted[:2])
    step = _number("number" if kind == "moment" else kind, given[wanted[2]], ("range", wanted[2]))
    if last < first:
        raise Fault(f"'to' is {brief(given['to'])}, before 'from' ({brief(given['from'])})", ("range", "to"))
    step *= DAY if kind == "moment" else 1
    if step < (1 if kind == "moment" else 1e-12):
        raise Fault(f"is {brief(given[wanted[2]])}, allowed is more than 0", ("range", wanted[2]))
    count = math.floor((last - first) / step * (1 + 1e-12) + 1e-9) + 1
    if count > MAX_CHOICES:
        raise Fault(f"has {count:,} values, at most {MAX_CHOICES:,} are allowed", ("range",))
    steps = [first + k * step for k in range(count)]
    values: list[Value] = [
        date_text(x) if kind == "moment" else int(x) if kind == "integer" else round(x, 12) for x in steps
    ]
    return Variation(key, kind, "range", tuple(dict.fromkeys(values)))


def _bounded(key: str, kind: Kind, raw: Mapping[str, Any]) -> Variation:
    """A uniform or a triangular distribution."""
    form: Form = "uniform" if "uniform" in raw else "triangular"
    names = ("low", "high") if form == "uniform" else ("low", "mode", "high")
    given = _numbers(kind, raw[form], names, form)
    low, high = given[0], given[-1]
    if not low < high:
        raise Fault(f"low is {brief(raw[form][0])} and high {brief(raw[form][-1])}: low must be less", (form,))
    if not low <= given[1] <= high:
        raise Fault(f"the mode {brief(raw[form][1])} does not lie between low and high", (form, 1))
    return Variation(key, kind, form, low=low, high=high, middle=given[1] if form == "triangular" else 0.0)


def _normal(key: str, kind: Kind, raw: Mapping[str, Any]) -> Variation:
    """A normal distribution, cut at bounds that must be given: without them no end could be checked."""
    form = "normal"
    if not isinstance(raw[form], list) or len(raw[form]) != 2:
        raise Fault(f"must be [mean, sd], not '{brief(raw[form])}'", (form,))
    if "within" not in raw:
        raise Fault(f"needs 'within', so that its ends can be checked; write {SHAPES[form]}")
    mean = _number(kind if kind == "moment" else "number", raw[form][0], (form, 0))
    sd = _number("number", raw[form][1], (form, 1)) * (DAY if kind == "moment" else 1)
    low, high = _numbers(kind, raw["within"], ("low", "high"), "within")
    if sd <= 0:
        raise Fault(f"the standard deviation is {brief(raw[form][1])}, allowed is more than 0", (form, 1))
    if not low < high:
        raise Fault(
            f"low is {brief(raw['within'][0])} and high {brief(raw['within'][1])}: low must be less", ("within",)
        )
    if mean + 6 * sd < low or mean - 6 * sd > high:
        raise Fault("the mean lies more than 6 standard deviations outside 'within'", ("within",))
    return Variation(key, kind, "normal", low=low, high=high, middle=mean, sd=sd)


def _choice(key: str, kind: Kind, raw: Any) -> Variation:
    """Values with weights: of words a mapping, of anything a list of value and weight."""
    pairs: list[tuple[Any, Any, At]] = []
    if isinstance(raw, dict):
        pairs = [(value, weight, ("choice", value)) for value, weight in raw.items()]
    elif isinstance(raw, list):
        for k, item in enumerate(raw):
            if not isinstance(item, dict) or set(item) != {"value", "weight"}:
                raise Fault("each entry must be {value: V, weight: W}", ("choice", k))
            pairs.append((item["value"], item["weight"], ("choice", k)))
    if not pairs:
        raise Fault(f"must be values with weights; write {SHAPES['choice']}", ("choice",))
    values = _several(kind, [_unquoted(kind, v) for v, _, _ in pairs], ("choice",))
    weights = [_number("number", weight, at) for _, weight, at in pairs]
    for weight, (value, _, at) in zip(weights, pairs, strict=True):
        if weight < 0:
            raise Fault(f"the weight of '{brief(value)}' is {weight:g}, allowed is 0 and more", at)
    if not math.fsum(weights) > 0:
        raise Fault("all weights are 0", ("choice",))
    return Variation(key, kind, "choice", values, tuple(weights))


def _unquoted(kind: Kind, value: Any) -> Any:
    """A quoted key of a mapping as the number that it stands for: keys of YAML here are words."""
    if kind in ("integer", "number") and isinstance(value, str):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            return value
    return value
