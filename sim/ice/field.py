"""What an ice field is: concentration and floe thickness at places and days, whatever it comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Protocol

from sim.geo.geodesy import Floats

SECONDS_PER_DAY = 86400.0
# a typical single year or the mean of many of the built-in climate, another use of it, or a file
FieldKind = Literal["single_year", "mean", "climate", "file"]


class IceSampler(Protocol):
    """An ice field bound to places, so that asking for many days is cheap."""

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        """Concentration (n,) 0 to 1 and floe thickness (n,) in m, on days since 1970-01-01 UTC: one for all, or (n,).

        Where the field knows nothing (outside a file's grid or dates) both are nan. Where there is no ice both are 0.
        """


class IceField(Protocol):
    """Ice anywhere. `kind` tells what the field is, `label` says so in one line, `sources` where it is from."""

    kind: FieldKind
    label: str
    sources: tuple[str, ...]

    def sampler(self, lonlat: Floats) -> IceSampler:
        """The field bound to places (n, 2) of lon, lat degrees."""


def day_number(moment: datetime) -> float:
    """Days since 1970-01-01 UTC, with the share of the day."""
    return moment.timestamp() / SECONDS_PER_DAY


def moment_of(day: float) -> datetime:
    """The moment of a day number, in UTC."""
    return datetime.fromtimestamp(day * SECONDS_PER_DAY, tz=UTC)
