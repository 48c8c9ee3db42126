"""XML documents of elements: text is escaped by the library, and no name can be markup."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from sim.report.export.record import one_line


def add(parent: ElementTree.Element, tag: str, text: str | None = None, /, **attributes: str) -> ElementTree.Element:
    """A new last child of an element, with text on one line."""
    made = ElementTree.SubElement(parent, tag, attributes)
    if text is not None:
        made.text = one_line(text)
    return made


def document(root: ElementTree.Element) -> bytes:
    """A document in UTF-8, indented, with its declaration."""
    ElementTree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def utc(moment: datetime) -> str:
    """A moment to the second, as 2025-08-15T06:00:00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def guid(*parts: object) -> str:
    """An identifier made of what it names: the same for the same result, another for another."""
    return str(uuid5(NAMESPACE_URL, "northabout:" + "|".join(map(str, parts))))
