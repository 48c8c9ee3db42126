"""KML 2.2: a folder for each route with its line, passages and waypoints, and one for what is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from sim.report.export.formats.xml import add, document, utc
from sim.report.formats.lines import styles_of

if TYPE_CHECKING:
    from sim.report.export.layers import Layer
    from sim.report.export.record import Exported

KML: Final = "http://www.opengis.net/kml/2.2"
SPANS: Final = (("depart_utc", "arrive_utc"), ("start_utc", "end_utc"), ("from_utc", "until_utc"))
MOMENTS: Final = ("arrive_utc", "leave_utc")
FOLDERS: Final = {"route": "Line", "legs": "Legs", "waypoints": "Waypoints", "passages": "Passages"}
HIDDEN: Final = ("legs", "waypoints")  # folders that are not shown until they are ticked
CLOSED: Final = "#C0142C"


def kml(told: Exported, given: Sequence[Layer]) -> bytes:
    """The layers as one document. Lines lie on the sea (`clampToGround`) and are cut at 180 degrees."""
    root = ElementTree.Element("kml", {"xmlns": KML})
    top = add(root, "Document")
    add(top, "name", told.name)
    add(top, "open", "1")
    add(top, "description", escape(told.description))
    for k, style in enumerate(styles_of([t.label for t in told.tracks], [t.named or t.label for t in told.tracks]), 1):
        _style(top, f"route{k}", style.colour)
    _style(top, "closed", CLOSED)
    for k, track in enumerate(told.tracks, 1):
        folder = add(top, "Folder")
        add(folder, "name", track.title)
        for layer in given:
            if layer.name in FOLDERS:
                _folder(folder, layer, f"#route{k}", track.label)
    shut = next(layer for layer in given if layer.name == "closures")
    if shut.rows:
        _folder(top, shut, "#closed", None)
    return document(root)


def _style(top: ElementTree.Element, name: str, colour: str) -> None:
    """Lines and marks in a colour; KML has its parts the other way round, with the opacity first."""
    turned = f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()
    style = add(top, "Style", id=name)
    icon = add(style, "IconStyle")
    add(icon, "color", turned)
    add(icon, "scale", "0.6")
    add(add(style, "LabelStyle"), "scale", "0.8")
    line = add(style, "LineStyle")
    add(line, "color", turned)
    add(line, "width", "3")


def _folder(parent: ElementTree.Element, layer: Layer, style: str, label: str | None) -> None:
    """The rows of a layer that belong to a route, or all of them."""
    folder = add(parent, "Folder")
    add(folder, "name", FOLDERS.get(layer.name, "Closed passages"))
    shown = "0" if layer.name in HIDDEN else "1"
    add(folder, "visibility", shown)
    for row, geometry in zip(layer.rows, layer.geometries, strict=True):
        values = dict(zip(layer.columns, row, strict=True))
        if geometry is not None and label in (None, values["route"]):
            _placemark(folder, values, geometry, style, shown)


def _placemark(
    folder: ElementTree.Element, values: Mapping[str, Any], geometry: dict[str, Any], style: str, shown: str
) -> None:
    """A row; the elements of a placemark have a fixed order. Readers take a description for HTML."""
    mark = add(folder, "Placemark")
    add(mark, "name", str(values.get("name") or f"{values['route']}, leg {values['leg']}"))
    add(mark, "visibility", shown)
    told = {k: utc(v) if isinstance(v, datetime) else str(v) for k, v in values.items() if v is not None}
    if shown == "1":  # of the others readers show the data as a table
        add(mark, "description", "<br>".join(f"{k}: {escape(v)}" for k, v in told.items()))
    _time(mark, values)
    add(mark, "styleUrl", style)
    data = add(mark, "ExtendedData")
    for key, value in told.items():
        add(add(data, "Data", name=key), "value", value)
    _geometry(mark, geometry)


def _time(mark: ElementTree.Element, values: Mapping[str, Any]) -> None:
    for begin, end in SPANS:
        if values.get(begin) is not None:
            span = add(mark, "TimeSpan")
            add(span, "begin", utc(values[begin]))
            if values[end] is not None:
                add(span, "end", utc(values[end]))
            return
    reached = values.get("arrive_utc")
    if reached is not None:
        add(add(mark, "TimeStamp"), "when", utc(reached))


def _geometry(mark: ElementTree.Element, geometry: dict[str, Any]) -> None:
    at = geometry["coordinates"]
    if geometry["type"] == "Point":
        add(add(mark, "Point"), "coordinates", f"{at[0]},{at[1]}")
        return
    pieces = at if geometry["type"] == "MultiLineString" else [at]
    parent = mark if len(pieces) == 1 else add(mark, "MultiGeometry")
    for piece in pieces:
        line = add(parent, "LineString")
        add(line, "tessellate", "1")
        add(line, "altitudeMode", "clampToGround")
        add(line, "coordinates", " ".join(f"{lon},{lat}" for lon, lat in piece))
