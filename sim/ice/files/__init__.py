"""Ice from the user's own NetCDF files: `open_ice_file`. Loading this loads none of the libraries of NetCDF."""

from sim.ice.files.open import open_ice_file

__all__ = ["open_ice_file"]
