"""The reference of the keys of a scenario file, from the models that check it."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

NO_DEFAULT = "-"
UNIT_IS_TOLD = re.compile(r"\b(knots|hours|days|metres|ships|m|USD)\b")
HEAD = """# Keys of the scenario file

Made from the models that check a scenario, so that no key is missing here and none is too many; [the scenario
file](../scenario-file.md) explains what they do, with examples. "-" in the column *default* means that the key is
required; "none" that it may be left out. `northabout schema` prints the same as JSON Schema, from which editors
complete: {download}`scenario.schema.json`.

"""


@dataclass(frozen=True)
class Key:
    """One key of a section: its name in the file, kind of value, default, what is allowed, and what it is."""

    name: str
    kind: str
    default: str
    allowed: str
    meaning: str
    section: str | None = None  # the section, or the list of sections, that it holds


@dataclass(frozen=True)
class Part:
    """A section: its path in the file ("" for the top level, `closures[]` for an item of a list), and its keys."""

    path: str
    meaning: str
    keys: tuple[Key, ...]


def parts() -> list[Part]:
    """All sections of a scenario file, outer ones before inner ones."""
    from sim.scenario.schema import Scenario

    return list(_parts(Scenario, ""))


def key_paths() -> set[str]:
    """Every key by its path, such as `vessel.speed_kn` and `closures[].passage`."""
    return {f"{part.path}.{key.name}".removeprefix(".") for part in parts() for key in part.keys}


def keys_page() -> str:
    """Markdown: a table of keys for each section."""
    out = [HEAD]
    for part in parts():
        rows = [
            f"| `{k.name}` | {k.kind} | {k.default} | {k.allowed} | {_cell(k.meaning) or _see(k)} |" for k in part.keys
        ]
        title = f"`{part.path}`" if part.path else "Top level"
        head = "| key | kind | default | allowed | meaning |\n|---|---|---|---|---|"
        out.append("\n".join([f"## {title}\n", f"{part.meaning}\n", head, *rows, ""]))
    return "\n".join(out)


def _see(key: Key) -> str:
    what = "a list of" if key.kind == "list" else "the section"
    return f"{what} `{key.section}`, below" if key.section else ""


def _parts(model: Any, path: str) -> Iterator[Part]:
    keys, below = [], []
    for name, info in model.model_fields.items():
        shown = info.alias or name
        inner, many = _model_of(info.annotation)
        where = f"{path}.{shown}".removeprefix(".") + ("[]" if many else "")
        if inner is not None:
            below.append((inner, where))
        keys.append(_key(shown, info, where if inner is not None else None, many))
    meaning = (model.__doc__ or "").strip().split("\n\n")[0]
    yield Part(path, " ".join(meaning.split()), tuple(keys))
    for inner, where in below:
        yield from _parts(inner, where)


def _key(name: str, info: Any, section: str | None, many: bool) -> Key:
    default = NO_DEFAULT if info.is_required() else _value(info.default)
    told = [*info.metadata, *_metadata(info.annotation)]
    kind = ("list" if many else "section") if section else _kind(info.annotation)
    meaning = info.description or ""
    unit = next((d for d in _descriptions(info.annotation) if d != meaning), "")
    if unit and not unit[0].isdigit() and not UNIT_IS_TOLD.search(meaning):
        meaning = f"{meaning}; {unit}" if meaning else unit
    return Key(name, kind, default, _allowed(info.annotation, told, kind), meaning, section)


def _model_of(annotation: Any) -> tuple[Any, bool]:
    """The model that a value holds, if any, and whether it is a list of them."""
    from pydantic import BaseModel

    for kind in _members(annotation):
        if get_origin(kind) is tuple:
            inner, _ = _model_of(get_args(kind)[0])
            return inner, inner is not None
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind, False
    return None, False


def _members(annotation: Any) -> list[Any]:
    """The kinds of value of an annotation, without None and without what is said about them."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [kind for one in get_args(annotation) for kind in _members(one) if kind is not type(None)]
    return [annotation]


def _metadata(annotation: Any) -> list[Any]:
    """What is said about the kinds of value: bounds, and fields that hold bounds."""
    if get_origin(annotation) is Annotated:
        said = [m for item in get_args(annotation)[1:] for m in (item, *getattr(item, "metadata", ()))]
        return [*said, *_metadata(get_args(annotation)[0])]
    if get_origin(annotation) in (Union, types.UnionType):
        return [m for one in get_args(annotation) for m in _metadata(one)]
    return []


def _descriptions(annotation: Any) -> list[str]:
    return [str(m.description) for m in _metadata(annotation) if getattr(m, "description", None)]


def _kind(annotation: Any) -> str:
    words = {str: "text", float: "number", int: "whole number", bool: "true or false", dict: "mapping"}
    out = []
    for kind in _members(annotation):
        origin = get_origin(kind)
        if origin is Literal:
            values = get_args(kind)
            out.append("whole number" if all(isinstance(v, int) for v in values) else "word")
        elif origin is tuple:
            out.append("list of texts")
        else:
            out.append(words.get(origin or kind, getattr(kind, "__name__", str(kind)).lower()))
    return ", ".join(dict.fromkeys("date" if word == "datetime" else word for word in out))


def _allowed(annotation: Any, told: list[Any], kind: str) -> str:
    words = [f"`{v}`" for one in _members(annotation) if get_origin(one) is Literal for v in get_args(one)]
    if words:
        return ", ".join(words)
    found = {name: value for m in told for name in _BOUNDS if (value := getattr(m, name, None)) is not None}
    low, high = found.get("ge"), found.get("le")
    many = kind.startswith("list")
    counts = [found.get("min_length") if many else None, found.get("max_length")]
    text = ""
    if low is not None and high is not None:
        text = f"{_number(low)} to {_number(high)}"
    elif found.get("gt") is not None:
        text = f"more than {_number(found['gt'])}" + (f", at most {_number(high)}" if high is not None else "")
    elif counts[1] is not None:
        what = " items" if many else " characters" if kind == "text" else " entries"
        text = f"{counts[0]} to {counts[1]}{what}" if counts[0] else f"up to {counts[1]}{what}"
    return text


_BOUNDS = ("ge", "le", "gt", "lt", "min_length", "max_length")


def _number(value: float) -> str:
    if abs(value) >= 1e15:
        return f"2^{int(value).bit_length()} - 1"
    if not float(value).is_integer() or abs(value) >= 1e10:
        return f"{value:g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"


def _value(value: Any) -> str:
    if value is None or value in ((), ""):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")
