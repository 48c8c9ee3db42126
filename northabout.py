"""Sea routes and Arctic scenarios: the public names, each imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim import __version__

if TYPE_CHECKING:
    from sim import Route, SeaNetwork

__all__ = ["Route", "SeaNetwork", "__version__"]


def __getattr__(name: str) -> Any:
    import sim

    return getattr(sim, name)


if __name__ == "__main__":
    from sim.cli import main

    main()
