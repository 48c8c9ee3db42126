"""`open_ice_file` under the older name of its module, kept for programs that use it."""

from sim.ice.files import open_ice_file

__all__ = ["open_ice_file"]
