"""Positions as people write them: "lat,lon" in degrees."""

from __future__ import annotations

import math
import re

from sim.errors import PlaceError

_POSITION = re.compile(r"^\s*([+-]?\d+(?:\.\d*)?)\s*[,; ]\s*([+-]?\d+(?:\.\d*)?)\s*$")


def parse_position(text: str) -> tuple[float, float] | None:
    """(lon, lat) of a text "lat,lon"; None where the text is no position. Raises PlaceError out of range."""
    match = _POSITION.match(text)
    if not match:
        return None
    lat, lon = float(match[1]), float(match[2])
    check_position(lon, lat, f"'{text}'")
    return lon, lat


def check_position(lon: float, lat: float, what: str) -> None:
    """Raise PlaceError for degrees out of range, naming a likely swap."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise PlaceError(f"position {what}: latitude {lat} and longitude {lon} must be finite numbers")
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        raise PlaceError(
            f"position {what}: latitude {lat:g} is outside -90 to 90; swapped? As latitude {lon:g}, longitude {lat:g} "
            "it would be valid"
        )
    if abs(lat) > 90 or abs(lon) > 360:
        raise PlaceError(f"position {what}: latitude {lat:g} or longitude {lon:g} is outside -90 to 90, -180 to 180")
