"""The section `ice` of a scenario file: which ice, which rules, which escort."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.dates import ICE_YEARS, MAX_WORD
from sim.voyage.policy import Escort, IcePolicy

Word = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_WORD)]
Year = Annotated[int, Field(strict=True, ge=ICE_YEARS[0], le=ICE_YEARS[1])]
__all__ = ["Escort", "Ice"]
OF_CLIMATE = ("year", "pathway", "epoch", "season", "seed")
OF_FILE = (
    "variable",
    "select",
    "units",
    "thickness_file",
    "thickness_variable",
    "thickness_kind",
    "repeat_yearly",
    "any_date",
)


class Ice(IcePolicy):
    """The ice that the ship meets. Without a file it is the built-in climate of the voyage's year."""

    year: Year | None = Field(None, description="year of the ice climate, 1979 to 2100; the voyage's own if absent")
    pathway: Word | None = Field(None, description="SSP1-1.9, SSP1-2.6, SSP2-4.5, SSP3-7.0 or SSP5-8.5")
    epoch: Word | None = Field(None, description="a decade such as 2030s, in place of a year")
    season: Literal["mild", "normal", "severe", "own", "random"] | None = Field(
        None, description="own is a past year's own anomaly (the default of past years), else normal"
    )
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = Field(None, description="of a random season")
    field: Literal["single_year", "mean"] = Field(
        "single_year", description="a typical single year has more ice in the way than the mean of many"
    )
    file: Word | None = Field(None, description="NetCDF with ice concentration, beside the scenario file")
    variable: Word | None = Field(None, description="name of the concentration in the file")
    select: dict[Word, Word | Annotated[int, Field(strict=True)]] | None = Field(
        None, max_length=6, description="labels of further dimensions, or a date where the file has several years"
    )
    units: Literal["1", "%"] | None = Field(None, description="of the concentration, where the file says nothing right")
    thickness_file: Word | None = Field(None, description="NetCDF with ice thickness, if another")
    thickness_variable: Word | None = Field(None, description="name of the thickness in its file")
    thickness_kind: Literal["floe", "grid_mean"] | None = Field(None, description="what the thickness is a mean of")
    repeat_yearly: Annotated[bool, Field(strict=True)] = Field(False, description="a file of one year serves all years")
    any_date: Annotated[bool, Field(strict=True)] = Field(False, description="a file of one date serves all dates")
    admission: Word = Field("nsr", description="nsr, none, or an own CSV beside the scenario file")

    @model_validator(mode="before")
    @classmethod
    def _fitting(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        faults = []
        if data.get("file") is not None:
            faults += [
                f"{k} goes with the built-in climate, not with a file" for k in OF_CLIMATE if data.get(k) is not None
            ]
        else:
            faults += [f"{k} goes with a file" for k in OF_FILE if data.get(k) not in (None, False)]
            if data.get("year") is not None and data.get("epoch") is not None:
                faults.append("give a year or an epoch, not both")
            if (data.get("season") == "random") != (data.get("seed") is not None):
                faults.append("a random season needs a seed, and a seed a random season")
        if faults:
            raise PydanticCustomError("ice_keys", "{said}", {"said": "; ".join(faults)})
        return data
