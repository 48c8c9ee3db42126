"""What a voyage through ice dares, and what it is offered: one model for the navigator and for a scenario."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Escort = Literal["none", "when_needed", "always"]
Risk = Literal["normal", "elevated", "special"]
Decay = Literal["standard", "decayed", "summer"]
Share = Annotated[float, Field(strict=True, ge=0, le=1, description="0 to 1")]
Hours = Annotated[float, Field(strict=True, ge=0, le=8760, description="hours")]
Under = Annotated[float, Field(strict=True, ge=0, le=20, description="metres")]
Cap = Annotated[float, Field(strict=True, ge=1, le=25, description="knots")]
Wait = Annotated[float, Field(strict=True, ge=0, le=366, description="days")]
Leader = Annotated[str, Field(strict=True, min_length=1, max_length=80)]
RISKS: tuple[Risk, ...] = ("normal", "elevated", "special")


class IcePolicy(BaseModel):
    """How a ship takes the ice, whichever ice it is and whatever the rules of admission say."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    decayed: Decay = Field("standard", description="POLARIS table 1.4 always, or from July to mid-September")
    old_ice_fraction: Share = Field(0.0, description="share of the ice that is older than a year, 0 to 1")
    max_risk: Risk = Field("elevated", description="highest POLARIS level sailed in")
    escort: Escort = Field("none", description="icebreaker: none, when_needed or always where one is offered")
    escort_wait_h: Hours = Field(12.0, description="hours of waiting for each convoy")
    convoy_cap_kn: Cap = Field(13.0, description="highest speed of a convoy in ice, whatever the icebreaker")
    icebreaker: Leader | None = Field(
        None, description="who leads, by name; the middle one of the line icebreakers in service if absent"
    )
    besetting: Literal["off", "expected"] | None = Field(
        None, description="add the expected delay of being beset; off in a run, expected in studies if absent"
    )
    wait_until_open_days: Wait = Field(
        0.0, description="days that the ship may wait in port until the ice and the rules let it through"
    )
    sailed_miles: Literal["observed", "shortest"] = Field(
        "observed",
        description="miles in ice and on NSR water: more than the shortest open way, as observed, or that way itself",
    )
    depth: Literal["shelf", "none"] = Field(
        "shelf", description="keep off shallow water where ice is possible (shelf), or sail over any depth (none)"
    )
    under_keel_m: Under | None = Field(
        None, description="water under the keel on the shelf, m; 15 % of the draft and at least 1.5 m if absent"
    )
