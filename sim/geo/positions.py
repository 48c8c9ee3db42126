"""Positions as people write them: "lat,lon" in degrees, or degrees and minutes with N, S, E and W."""

from __future__ import annotations

import math
import re

from sim.errors import PlaceError

_SIGNS = {  # for each sign those that people write in its place
    "°": "\u00ba\u02da",
    "'": "\u2032\u2019\u2018\u00b4\u0060\u02b9",
    '"': "\u2033\u201d\u201c\u02ba",
    "-": "\u2212\u2013",
    " ": "\u00a0\u202f\u2009",
}
_ALIKE = {ord(other): sign for sign, others in _SIGNS.items() for other in others}
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_PLAIN = re.compile(rf"([+-]?{_NUMBER})\s*[,; ]\s*([+-]?{_NUMBER})")
# degrees, perhaps minutes, perhaps seconds: 51.955  51 57.3  51°57'18"  51-57.3
_ONE = rf"[+-]?\s*°?\s*{_NUMBER}"
_ANGLE = (
    rf"{_ONE}(?:\s*[°-]\s*|\s+){_NUMBER}(?:(?:\s*'\s*|\s+){_NUMBER}\s*\"?|\s*')?"  # with minutes and seconds
    rf"|{_ONE}\s*°?"
)
_BETWEEN = r"[\s,;/]*"
_AFTER = re.compile(rf"(?P<a>{_ANGLE})\s*(?P<A>[NSEW]){_BETWEEN}(?P<b>{_ANGLE})\s*(?P<B>[NSEW])", re.IGNORECASE)
_BEFORE = re.compile(rf"(?P<A>[NSEW])\s*(?P<a>{_ANGLE}){_BETWEEN}(?P<B>[NSEW])\s*(?P<b>{_ANGLE})", re.IGNORECASE)
_MARKED = re.compile(rf"(?P<a>{_ANGLE})\s*[,;/\s]\s*(?P<b>{_ANGLE})")  # latitude first, a ° in both
_LIKE_ONE = re.compile(
    r"(?:[NSEW]\s*)?[+-]?[\s°]*[\d.][\d\s.,;/°'\"+-]*(?:[NSEW][\d\s.,;/°'\"+-]*){0,3}", re.IGNORECASE
)
HOW = "allowed are 'lat,lon' in degrees, 51.955 N 4.1417 E, 51 57.3 N 4 8.5 E and 51°57'18\"N 4°8'30\"E"


def parse_position(text: str) -> tuple[float, float] | None:
    """(lon, lat) degrees of a text; None where the text is no position.

    Read are "lat,lon" in degrees, and degrees, minutes and seconds with the letters N, S, E and W after or before them,
    in either order. Raises PlaceError for what looks like a position and is none.
    """
    usual = text.translate(_ALIKE).replace("''", '"').strip()
    plain = _PLAIN.fullmatch(usual)
    if plain:
        lat, lon = float(plain[1]), float(plain[2])
    else:
        found = _with_marks(usual, text)
        if found is None:
            return None
        lon, lat = found
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


def _with_marks(plain: str, text: str) -> tuple[float, float] | None:
    """(lon, lat) of a text, in the usual signs, with letters or degree signs; None where it is no position."""
    found = _AFTER.fullmatch(plain) or _BEFORE.fullmatch(plain)
    if found:
        one, other = found["A"].upper(), found["B"].upper()
        if (one in "NS") == (other in "NS"):
            raise PlaceError(f"position '{text}': {one} and {other} are not a latitude and a longitude; {HOW}")
        a, b = _degrees(found["a"], one, text), _degrees(found["b"], other, text)
        return (b, a) if one in "NS" else (a, b)
    found = _MARKED.fullmatch(plain)
    if found and "°" in found["a"] and "°" in found["b"]:
        return _degrees(found["b"], "", text), _degrees(found["a"], "", text)
    if _LIKE_ONE.fullmatch(plain) and len(re.findall(_NUMBER, plain)) > 1 and re.search(r"[\s,;/°'\"]", plain):
        raise PlaceError(f"position '{text}' cannot be read; {HOW}")
    return None


def _degrees(angle: str, letter: str, text: str) -> float:
    """Degrees of an angle in degrees, minutes and seconds; south and west are negative. Raises PlaceError."""
    sign = -1.0 if letter and letter in "SW" else 1.0
    if angle.lstrip()[0] in "+-":
        if letter:
            raise PlaceError(f"position '{text}': '{angle.strip()}' has a sign and the letter {letter}; leave one out")
        sign = -1.0 if angle.lstrip()[0] == "-" else 1.0
    parts = re.findall(_NUMBER, angle)
    if any("." in part for part in parts[:-1]):
        raise PlaceError(f"position '{text}': only the last of degrees, minutes and seconds can have decimals; {HOW}")
    values = [float(part) for part in parts]
    for value, what in zip(values[1:], ("minutes", "seconds"), strict=False):
        if value >= 60:
            raise PlaceError(f"position '{text}': {value:g} {what}, allowed is less than 60")
    degrees = sum((value / (1, 60, 3600)[k] for k, value in enumerate(values)), 0.0)
    most = 90 if letter and letter in "NS" else 180
    if letter and degrees > most:
        raise PlaceError(f"position '{text}': {degrees:g} degrees {letter}, allowed is at most {most}")
    return sign * degrees + 0.0  # no zero with a sign
