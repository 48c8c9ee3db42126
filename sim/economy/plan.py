"""What a voyage is costed with: the section `costs` of a scenario file; what it leaves out comes from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from sim.geo.passages import PassageTable

MAX_WORD = 200  # characters
Case = Literal["low", "base", "high"]
Hire = Literal["charter", "owned", "none"]
Prices = Literal["nearest", "strict"]
Word = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_WORD)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, description="0 to 1")]
Price = Annotated[float, Field(strict=True, ge=0, le=10_000, description="0 to 10,000")]
Daily = Annotated[float, Field(strict=True, ge=0, le=2_000_000, description="USD a day")]
Sum = Annotated[float, Field(strict=True, ge=0, le=1e11, description="USD")]


class WarRisk(BaseModel):
    """An extra premium for a passage, as a share of the hull's value for each crossing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    passage: Word = Field(description="a passage, by id, name or alias: 'northabout passages' lists them")
    hull_share: Share = Field(description="share of the hull's value for each crossing")


class Costs(BaseModel):
    """What the voyage is costed with; what is absent comes from the tables."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    fuel: Word | None = Field(None, description="HFO, VLSFO, MGO, LNG and so on; the ship's own if absent")
    fuel_usd_t: Price | None = Field(None, description="price of the fuel, USD a tonne")
    fuel_usd_mmbtu: Annotated[float, Field(strict=True, ge=0, le=190)] | None = Field(
        None, description="price of LNG by its higher heating value, USD per MMBtu; 52 MMBtu are a tonne"
    )
    arctic_fuel_usd_t: Price | None = Field(None, description="price of the fuel for Arctic waters, USD a tonne")
    eca_fuel_usd_t: Price | None = Field(
        None, description="price of the gas oil for emission control areas, USD a tonne"
    )
    scrubber: Annotated[bool, Field(strict=True)] | None = Field(
        None, description="whether exhaust is cleaned; if absent, of ships that burn more than 0.5 % sulphur from 2020"
    )
    price_case: Case = Field("base", description="which of the tables' prices and rates")
    hfo_exempt: Annotated[bool, Field(strict=True)] = Field(False, description="protected tanks: heavy fuel to 2029")
    hire: Hire = Field("charter", description="charter, or opex and capital, or none")
    charter_usd_day: Daily | None = Field(None, description="time charter, USD a day")
    opex_usd_day: Daily | None = Field(None, description="operating cost of an owned ship, USD a day")
    newbuild_usd: Sum | None = Field(None, description="price of the ship, for capital and insurance, USD")
    capital_interest: Share = Field(0.07, description="interest a year on the price of the ship")
    capital_years: Annotated[float, Field(strict=True, ge=1, le=60)] = Field(15.0, description="years of the annuity")
    laden: Annotated[bool, Field(strict=True)] = Field(True, description="false in ballast, for canal tolls")
    suez_type: Word | None = Field(None, description="kind of ship of the Suez tariff; the type's own if absent")
    suez_surcharge_share: Share | None = Field(None, description="surcharge on the Suez dues, share of them")
    suez_rebate_share: Share | None = Field(None, description="rebate on the Suez dues, share of them")
    panama_size: Sum | None = Field(None, description="size in the unit of the Panama tariff of the ship's type")
    escort_index: Annotated[float, Field(strict=True, ge=0, le=100)] = Field(
        1.0, description="factor on the escort tariff of 2014"
    )
    escort_usd: Sum | None = Field(None, description="price of the escort in place of the tariff, USD")
    ice_pilots: Annotated[bool, Field(strict=True)] = Field(True, description="whether ice pilots are paid")
    rub_per_usd: Annotated[float, Field(strict=True, ge=1, le=10_000)] | None = Field(
        None, description="exchange rate of the escort tariff"
    )
    usd_per_sdr: Annotated[float, Field(strict=True, ge=0.5, le=3)] | None = Field(
        None, description="exchange rate of the Suez dues"
    )
    usd_per_eur: Annotated[float, Field(strict=True, ge=0.3, le=3)] | None = Field(
        None, description="exchange rate of EU allowances"
    )
    carbon: Annotated[bool, Field(strict=True)] = Field(True, description="EU ETS and FuelEU where they hold")
    eua_eur_t: Annotated[float, Field(strict=True, ge=0, le=2000)] | None = Field(
        None, description="price of an EU allowance, EUR a tonne"
    )
    calls: tuple[Word, ...] = Field((), max_length=20, description="ports of call on the way, UN/LOCODEs")
    war_risk: tuple[WarRisk, ...] = Field((), max_length=20)
    arctic_premium_usd: Sum = Field(0.0, description="extra premium for each voyage by the NSR, USD")
    arctic_hull_share: Share = Field(0.003, description="extra premium of the NSR, share of the hull's value a year")
    cargo_value_usd: Sum = Field(0.0, description="its interest is the in-transit inventory cost, USD")
    cargo_interest: Share = Field(0.08, description="yearly interest on the cargo's value")
    port_usd: Sum = Field(0.0, description="all ports of the voyage together, USD")
    prices: Prices = Field("nearest", description="strict refuses a month without a price or a day without a tariff")

    @model_validator(mode="after")
    def _one_price(self) -> Costs:
        if self.fuel_usd_t is not None and self.fuel_usd_mmbtu is not None:
            raise PydanticCustomError("price", "give 'fuel_usd_t' or 'fuel_usd_mmbtu', not both", {})
        return self

    @property
    def strict(self) -> bool:
        """Whether a month without a price, and a day without a tariff, are refused."""
        return self.prices == "strict"

    @property
    def war_risk_share(self) -> dict[str, float]:
        """Share of the hull's value for each crossing, by passage; of two entries for one the last holds."""
        return {w.passage: w.hull_share for w in self.war_risk}

    def resolved(self, passages: PassageTable) -> Costs:
        """The same with war risk by ids of passages: a word such as `danish_straits` may stand for several.

        Raises PassageError.
        """
        shares = {p: w.hull_share for w in self.war_risk for p in sorted(passages.resolve(w.passage))}
        risks = tuple(WarRisk(passage=p, hull_share=share) for p, share in shares.items())
        return self.model_copy(update={"war_risk": risks})
