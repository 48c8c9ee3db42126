"""The sea network: places joined to it, routes and distance matrices, and the lattice over waters that can freeze."""

from sim.geo.network.given import Demand
from sim.geo.network.sea_network import Locatable, SeaNetwork

__all__ = ["Demand", "Locatable", "SeaNetwork"]
