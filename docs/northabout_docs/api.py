"""The reference of the Python names: pages of autodoc directives, one for the functions, one for the classes."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType

RESULTS = {  # what the functions return, where it is not itself a public name
    "sim.scenario.compare": ("Outcome",),
    "sim.voyage.voyage": ("Voyage", "VoyageLeg", "Block"),
    "sim.economy.ledger": ("Ledger",),
    "sim.study.calendar": ("Calendar",),
    "sim.study.sailing.calendars": ("CalendarYears",),
    "sim.study.breakeven": ("BreakEven",),
    "sim.study.equidistance": ("Nearer",),
    "sim.study.exposure": ("Exposure",),
    "sim.claims.register": ("ClaimResult",),
    "sim.geo.ports": ("Port",),
    "sim.geo.passages": ("Passage",),
}
MODULES = ("sim.ice.polaris", "sim.economy.tolls", "sim.units", "sim.errors")

FUNCTIONS_HEAD = """# Python: functions

`import northabout` offers these names; each is loaded when it is first used. Distances are nautical miles (`_nm`),
speeds knots (`_kn`), coordinates lon, lat degrees; [the nomenclature](../nomenclature.md) has every name of a result.

```python
import northabout

route = northabout.route("Dalian", "Rotterdam", via="nsr")
print(route.distance_nm, route.passages)
```

"""
CLASSES_HEAD = """# Python: classes and results

What the [functions](functions.md) take and return. Results have `.to_dict()`, `.to_frame()` and, where there is a
picture, `.plot()`; they show themselves in a notebook. Their fields, with units, are in
[the nomenclature](../nomenclature.md).

"""
MODULES_HEAD = """# Python: modules

Modules of use by themselves: the risk index of POLARIS, canal tolls, units, and the errors with their exit codes.

"""


def api_pages() -> dict[str, str]:
    """Markdown by the name of the page: `functions.md`, `classes.md`, `modules.md`."""
    import northabout

    public = {name: getattr(northabout, name) for name in northabout.__all__ if not name.startswith("_")}
    functions = [name for name, value in public.items() if inspect.isfunction(value)]
    classes = [name for name, value in public.items() if inspect.isclass(value)]
    modules = [value.__name__ for value in public.values() if isinstance(value, ModuleType)]
    described = [_directive("autofunction", f"northabout.{name}") for name in functions]
    results = [
        _directive("autoclass", f"{module}.{name}", "members", "inherited-members: BaseModel")
        for module, names in RESULTS.items()
        for name in names
    ]
    own = [_class(name, public[name]) for name in classes]
    rows = [f"| {{py:func}}`northabout.{name}` | {_first(public[name])} |" for name in functions]
    overview = "\n".join(["| function | gives |", "|---|---|", *rows])
    return {
        "functions.md": FUNCTIONS_HEAD + overview + "\n\n" + "\n".join(described),
        "classes.md": CLASSES_HEAD + "\n".join([*own, "## Results\n", *results]),
        "modules.md": MODULES_HEAD + "\n".join(_module(name) for name in dict.fromkeys([*modules, *MODULES])),
    }


def _class(name: str, value: type) -> str:
    """A public class; of a model of the scenario file the keys have a page of their own."""
    if hasattr(value, "model_fields"):
        return _directive("autoclass", f"northabout.{name}", "exclude-members: model_config", "no-members")
    return _directive("autoclass", f"northabout.{name}", "members", "inherited-members")


def _module(name: str) -> str:
    import_module(name)
    return f"## `{name}`\n\n" + _directive("automodule", name, "members")


def _directive(kind: str, name: str, *options: str) -> str:
    """A directive of autodoc in a Markdown page; an option is a name, or `name: value`."""
    lines = "".join(f"   :{key}:{colon and ' '}{value.strip()}\n" for key, colon, value in map(_parted, options))
    return f"```{{eval-rst}}\n.. {kind}:: {name}\n{lines}```\n"


def _parted(option: str) -> tuple[str, str, str]:
    return option.partition(":")


def _first(value: object) -> str:
    """The first sentence of a docstring, for a table."""
    text = " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())
    return (text.split(". ")[0].rstrip(".") + ".").replace("|", "\\|")
