"""What a voyage is costed with: everything that a scenario may set, with the tables' figures where it sets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Case = Literal["low", "base", "high"]
Hire = Literal["charter", "owned", "none"]


@dataclass(frozen=True)
class CostPlan:
    """Prices and choices; None takes the figure of the tables.

    `hire` is time charter, or opex with capital, or neither: never both. Shares are 0 to 1; `war_risk_share` is of the
    hull's value for each crossing of a passage. `cargo_interest` is the yearly interest on the cargo's value.
    """

    fuel: str | None = None
    fuel_usd_t: float | None = None
    arctic_fuel_usd_t: float | None = None
    price_case: Case = "base"
    hfo_exempt: bool = False
    hire: Hire = "charter"
    charter_usd_day: float | None = None
    opex_usd_day: float | None = None
    newbuild_usd: float | None = None
    capital_interest: float = 0.07
    capital_years: float = 15.0
    laden: bool = True
    suez_type: str | None = None
    suez_surcharge_share: float | None = None
    suez_rebate_share: float | None = None
    panama_size: float | None = None
    escort_index: float = 1.0
    escort_usd: float | None = None
    ice_pilots: bool = True
    rub_per_usd: float | None = None
    usd_per_sdr: float | None = None
    usd_per_eur: float | None = None
    carbon: bool = True
    eua_eur_t: float | None = None
    calls: tuple[str, ...] = ()
    war_risk_share: Mapping[str, float] = field(default_factory=dict)
    arctic_premium_usd: float = 0.0
    arctic_hull_share: float = 0.003
    cargo_value_usd: float = 0.0
    cargo_interest: float = 0.08
    port_usd: float = 0.0
    strict: bool = False
