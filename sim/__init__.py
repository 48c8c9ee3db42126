"""Sea routes and Arctic scenarios: `SeaNetwork` answers what a voyage is by every route that is open to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.route import Route

__version__ = "0.1.0"
__all__ = ["Route", "SeaNetwork", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the heavy parts when they are asked for: `northabout --help` needs none of them."""
    if name == "SeaNetwork":
        from sim.geo.network import SeaNetwork

        return SeaNetwork
    if name == "Route":
        from sim.geo.route import Route

        return Route
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
