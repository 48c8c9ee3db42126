"""The dotted keys of a scenario: what each may hold, and how a value is put there. `closures.0.from` is one.

One more key is a study's own: `closures.0.lasts_days` sets `until` so many days after `from`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, timedelta
from functools import lru_cache
from typing import Any, Literal

from sim.errors import ScenarioError, did_you_mean, nearest
from sim.scenario.load import schema
from sim.scenario.schema import moment

Kind = Literal["moment", "integer", "number", "boolean", "text"]
Value = str | int | float | bool | None
LASTS = "lasts_days"  # of a closure: days from its beginning to its end
SECTIONS = {"ice": "ice", "costs": "costs"}  # sections that a scenario may lack
# what a study cannot vary: it names or holds together the rows of all draws
FIXED = {
    "format": "is always 1", "name": "names the scenario", "description": "describes the scenario",
    "baseline": "is what every row is compared with", "ports_file": "is read once for all voyages",
}  # fmt: skip


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return schema()


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A node of the JSON Schema without references and without its null."""
    while True:
        if "$ref" in node:
            node = _schema()["$defs"][str(node["$ref"]).rsplit("/", 1)[1]]
        elif "anyOf" in node:
            node = next(n for n in node["anyOf"] if n.get("type") != "null")
        elif "allOf" in node:
            node = node["allOf"][0]
        else:
            return node


def _kind(node: Mapping[str, Any]) -> Kind | None:
    """What a leaf of the schema holds; None for a section or a list."""
    kinds: dict[str, Kind] = {"integer": "integer", "number": "number", "boolean": "boolean", "string": "text"}
    if str(node.get("pattern", "")).startswith(r"^\d{4}-"):
        return "moment"
    if "const" in node or "enum" in node:
        return "integer" if isinstance(node.get("const"), int) else "text"
    return kinds.get(str(node.get("type")))


def leaves(base: Mapping[str, Any]) -> Iterator[str]:
    """All dotted keys of single values that the schema allows in a base scenario, lists by their own entries."""

    def walk(node: Mapping[str, Any], data: Any, at: str) -> Iterator[str]:
        node = _resolved(node)
        if _kind(node) is not None:
            yield at
        elif node.get("type") == "array":
            for k, item in enumerate(data if isinstance(data, list) else []):
                yield from walk(node["items"], item, f"{at}.{k}")
        else:
            for key, below in node.get("properties", {}).items():
                if at or key not in SECTIONS or isinstance(data.get(key), dict):
                    within = data.get(key) if isinstance(data, dict) else None
                    yield from walk(below, within, f"{at}.{key}" if at else key)

    yield from (key for key in walk(_schema(), base, "") if key not in FIXED)


def kind_of(key: str, base: Mapping[str, Any]) -> Kind:
    """What a dotted key of a base scenario holds.

    Raises ScenarioError for a key that does not exist or is no single value, with the nearest that are.
    """
    if key in FIXED:
        raise ScenarioError([f"cannot be varied: '{key}' {FIXED[key]}"])
    node, done = _resolved(_schema()), ""
    data: Any = base
    for part in key.split("."):
        if node.get("type") == "array":
            entries: list[Any] = data if isinstance(data, list) else []
            if not part.isascii() or not part.isdecimal() or int(part) >= len(entries):
                raise ScenarioError([_no_entry(done, part, len(entries))])
            node, data = _resolved(node["items"]), entries[int(part)]
        elif part == LASTS and done.startswith("closures."):
            return "number"
        elif part in node.get("properties", {}):
            node, data = _resolved(node["properties"][part]), data.get(part) if isinstance(data, dict) else None
        else:
            raise ScenarioError([f"unknown key '{key}'{_near(key, base)}"])
        done = f"{done}.{part}" if done else part
        if done in SECTIONS and not isinstance(data, dict):
            raise ScenarioError([f"the base has no section '{done}'; write 'base.{done}' first"])
    found = _kind(node)
    if found is None:
        what = "list" if node.get("type") == "array" else "section"
        within = [k for k in leaves(base) if k.startswith(f"{key}.")]
        hint = f": {', '.join(within[:8])}" if within else ""
        raise ScenarioError([f"'{key}' is a {what}; vary single values of it{hint}"])
    return found


def _no_entry(key: str, part: str, count: int) -> str:
    allowed = "it is empty" if count == 0 else f"allowed: {key}.0" + (f" to {key}.{count - 1}" if count > 1 else "")
    word = f"'{key}.{part}' is no entry of the base's list '{key}', which has {count}"
    return f"{word}; entries count from 0, {allowed}"


def _near(key: str, base: Mapping[str, Any]) -> str:
    """A hint at the nearest keys: by the whole name, else by the last part."""
    known = list(leaves(base))
    last = key.rsplit(".", 1)[-1]
    ends: dict[str, list[str]] = {}
    for name in known:
        ends.setdefault(name.rsplit(".", 1)[-1], []).append(name)
    if last not in ends and (hint := did_you_mean(key, known)):
        return hint
    found = [name for word in nearest(last, ends) for name in ends[word]]
    return f" (did you mean {', '.join(found[:3])}?)" if found else "; 'northabout schema' lists the keys"


def value_at(data: Any, key: str) -> Any:
    """What a mapping holds under a dotted key; None where it has no such key."""
    for part in key.split("."):
        if isinstance(data, list):
            data = data[int(part)] if part.isdecimal() and int(part) < len(data) else None
        elif part == LASTS and isinstance(data, Mapping):
            begin, end = data.get("from"), data.get("until")
            data = None if begin is None or end is None else (moment(end) - moment(begin)) / timedelta(days=1)
        elif isinstance(data, Mapping):
            data = data.get(part)
        else:
            return None
    return data


def with_values(base: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """A copy of a scenario's data with other values; None takes the key out, so that its default holds."""
    out = deepcopy(dict(base))
    for key, value in sorted(values.items(), key=lambda item: item[0].endswith(f".{LASTS}")):  # after its beginning
        *way, last = key.split(".")
        place: Any = out
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place[part]
        if last == LASTS:
            _last(place, value)
        elif isinstance(place, list):
            place[int(last) : int(last) + 1] = [] if value is None else [value]
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return out


def _last(closure: dict[str, Any], days: Value) -> None:
    """Let a closure end so many days after its beginning, to the second; None is for good."""
    closure.pop("until", None)
    if isinstance(days, int | float):
        begin = closure.get("from")
        end = None if begin is None else moment(begin).astimezone(UTC) + timedelta(seconds=round(days * 86400))
        # without a beginning there is no end: the schema tells that 'until' goes with 'from'
        closure["until"] = "2000-01-01" if end is None else end.strftime("%Y-%m-%dT%H:%M:%SZ")
