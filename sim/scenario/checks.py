"""What the types of a scenario do not tell: names that must exist, duplicates, and whether its parts are consistent.

The checks look at the raw data, so that they speak up also where the types have found fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.economy.plan import MAX_WORD
from sim.errors import NorthaboutError, PassageError, ScenarioError, UsageError, did_you_mean
from sim.scenario.schema import ICE_YEARS, MAX_USE, label_problems, moment
from sim.scenario.yaml_text import At, brief, entries

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.passages import PassageTable
    from sim.geo.ports import Port
    from sim.ice.admission import AdmissionTable

MAX_LOOKS = 1000  # names of one kind that are looked up; the model allows fewer
Found = tuple[At, str]


def name_problems(data: dict[str, Any], folder: Path, net: SeaNetwork | None = None) -> list[Found]:
    """Repeats, labels that do not fit, and names that do not exist, each with its key path. `net` is the network with
    the data's own ports, where it is at hand."""
    return [*_repeats(data), *_labels_of(data), *consistency_problems(data), *_unknown_names(data, folder, net)]


def inside_folder(name: str, folder: Path) -> Path:
    """Path of a file that a scenario names. Raises ScenarioError where it leaves the scenario's folder."""
    try:
        target = (folder / name.strip()).resolve()
        within = target.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise ScenarioError([f"'{name}' is no file name ({getattr(error, 'strerror', None) or error})"]) from None
    if not within:
        raise ScenarioError([f"'{name}' leaves the folder of the scenario; put the file beside the scenario"])
    return target


def admission_rules(word: str, folder: Path) -> AdmissionTable | None:
    """The rules of admission that a word or a CSV of one's own names; None for none.

    Raises UsageError for a word that is neither, ScenarioError, DataError for a table that cannot be read.
    """
    from sim.ice.admission import NO_RULES, REGIMES, AdmissionTable

    name = word.strip()
    if name in NO_RULES:
        return None
    if name in REGIMES:
        return AdmissionTable.load(regime=name)
    path = inside_folder(name, folder)
    if path.suffix.casefold() != ".csv" and not path.exists():
        known = (*NO_RULES[:1], *REGIMES)
        raise UsageError(
            f"unknown rules of admission '{name}'{did_you_mean(name, (*NO_RULES, *REGIMES))}; allowed: "
            f"{', '.join(known)}, or a CSV beside the scenario file"
        )
    return AdmissionTable.load(path)


def _labels_of(data: dict[str, Any]) -> Iterable[Found]:
    alternatives, baseline = data.get("alternatives"), data.get("baseline")
    items = alternatives if isinstance(alternatives, list) else []
    given = [(a.get("name") or a.get("route")) if isinstance(a, dict) else None for a in items]
    labels = [x.strip() for x in given if isinstance(x, str) and x.strip()]
    if len(labels) < len(items) or not 0 < len(labels) <= 20:
        return  # told by the model already
    wanted = baseline.strip() if isinstance(baseline, str) and 0 < len(baseline) <= MAX_WORD else None
    for k, text in label_problems(labels, wanted):
        yield ("baseline",) if k is None else ("alternatives", k), text


def _repeats(data: dict[str, Any]) -> Iterable[Found]:
    """Names that stand twice in a list where one entry must hold."""
    for keys in (("waits", "*", "passage"), ("speeds", "*", "water"), ("closures", "*", "passage")):
        seen: dict[str, int] = {}
        for at, text in entries(data, *keys):
            k, word = int(at[1]), text.strip().casefold()
            if word in seen:
                yield at, f"'{brief(text)}' is duplicated (also {keys[0]} #{seen[word] + 1})"
            seen.setdefault(word, k)


def passage_ids(table: PassageTable, word: str) -> frozenset[str]:
    """Passages that a user's word names. Raises PassageError with the nearest names, ids before aliases."""
    try:
        return table.resolve(word)
    except PassageError:
        key = word.strip().casefold().replace("-", "_").replace(" ", "_")
        names = [n for p in table.all for n in (p.name, *p.aliases)]
        hint = did_you_mean(key, table.ids) or did_you_mean(word, names)
        raise PassageError(f"unknown passage '{word}'{hint}; 'northabout passages' lists them") from None


class _Attempts:
    """Look-ups by name; those that fail leave their problem."""

    def __init__(self) -> None:
        self.problems: list[Found] = []

    def __call__(self, at: At, look: Callable[[str], Any], text: str) -> Any:
        """What a text names; None where that failed."""
        if len(text) > MAX_WORD or not text.strip() or not text.strip().isprintable():
            return None  # told by the model already
        try:
            return look(text)
        except NorthaboutError as error:
            self.problems.append((at, " ".join(str(error).split())))
            return None


def _unknown_names(data: dict[str, Any], folder: Path, net: SeaNetwork | None) -> list[Found]:
    """Problems with the names of ports, passages, routes and waters."""
    from sim.geo.passages import PassageTable
    from sim.geo.waters import check_water

    table = PassageTable.load()
    attempt = _Attempts()

    def passage(word: str) -> frozenset[str]:
        return passage_ids(table, word)

    checks: list[tuple[tuple[str, ...], Callable[[str], Any]]] = [
        (("alternatives", "*", "route"), table.route),
        (("alternatives", "*", "use", "*"), passage),
        (("alternatives", "*", "avoid", "*"), passage),
        (("closures", "*", "passage"), passage),
        (("waits", "*", "passage"), passage),
        (("speeds", "*", "water"), check_water),
        (("vessel", "type"), _ship),
        (("costs", "fuel"), _fuel),
        (("costs", "suez_type"), _suez_type),
        (("costs", "war_risk", "*", "passage"), passage),
        *_of_ice(folder),
    ]
    for keys, look in checks:
        for at, text in list(entries(data, *keys))[:MAX_LOOKS]:
            found = attempt(at, look, text)
            if keys[-1] == "route" and found is not None:
                attempt.problems += _too_many(data["alternatives"][at[1]].get("use"), len(found.use), at)
    own = [attempt(at, lambda name: _own_ports(name, folder), text) for at, text in entries(data, "ports_file")]
    if None not in own:
        attempt.problems += _place_problems(data, attempt, next(iter(own), None), net)
    return attempt.problems


def _ship(word: str) -> object:
    from sim.ship.vessel import VesselTable

    return VesselTable.load().find(word)


def _fuel(word: str) -> object:
    from sim.economy.fuels import FuelTable

    return None if word.strip().casefold() == "lng" else FuelTable.load().find(word)  # the engine tells which LNG


def _suez_type(word: str) -> object:
    from sim.economy.tolls import suez_toll_sdr

    return suez_toll_sdr(10_000, word, True)


def _of_ice(folder: Path) -> list[tuple[tuple[str, ...], Callable[[str], Any]]]:
    """Look-ups of the names in the section `ice`, and of the ice class."""
    from sim.ice.classes import ice_class
    from sim.ice.pathways import epoch_years, pathway_name
    from sim.ship.icebreakers import icebreaker

    def admission(word: str) -> object:
        return admission_rules(word, folder)

    def within(word: str) -> Path:
        return inside_folder(word, folder)

    return [
        (("vessel", "ice_class"), ice_class),
        (("ice", "pathway"), pathway_name),
        (("ice", "epoch"), epoch_years),
        (("ice", "admission"), admission),
        (("ice", "icebreaker"), icebreaker),
        (("ice", "file"), within),
        (("ice", "thickness_file"), within),
    ]


def _too_many(use: Any, of_route: int, at: At) -> list[Found]:
    """Alternatives that must cross more passages than one route can be made to."""
    count = len(use) + of_route if isinstance(use, list) else 0
    if count <= MAX_USE or len(use) > MAX_USE:
        return []
    return [
        ((*at[:-1], "use"), f"{len(use)} passages and {of_route} of the route itself are too many: at most {MAX_USE}")
    ]


def _own_ports(name: str, folder: Path) -> tuple[Path, list[Port]]:
    from sim.geo.ports import read_ports

    file = inside_folder(name, folder)
    return file, read_ports(file)


def _place_problems(
    data: dict[str, Any], attempt: _Attempts, own: tuple[Path, list[Port]] | None, given: SeaNetwork | None
) -> list[Found]:
    """Report ends that are no place to `attempt`; returned are ends that are one and the same. `own` are the user's
    ports and their file."""
    from sim.geo.ports import PortTable
    from sim.geo.positions import parse_position

    texts = {at: text for key in ("from", "to") for at, text in entries(data, "voyage", key)}
    ports = PortTable.load()
    for port in own[1] if own else ():
        ports.add(port)

    def port_at(text: str) -> tuple[float, float]:
        port = ports.all[ports.find(text)]
        return port.lon, port.lat

    found = {at: attempt(at, lambda t: parse_position(t) or port_at(t), text) for at, text in texts.items()}
    free = [at for at, text in texts.items() if found[at] and (own or parse_position(text))]
    if free:
        from sim.geo.network import SeaNetwork

        net = given or SeaNetwork.load(own[0] if own else None)
        for at in free:
            attempt(at, net.place, texts[at])
    start, goal = found.get(("voyage", "from")), found.get(("voyage", "to"))
    if start and goal and ((start[0] - goal[0]) % 360, start[1]) == (0, goal[1]):
        said = f"'{brief(texts[('voyage', 'to')])}' is where the voyage begins; from and to must be two places"
        return [(("voyage", "to"), said)]
    return []


# -- consistency: a ship of which too little is known, years without ice, odd closures


def consistency_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Faults of single parts and between them, each with its key path."""
    return [*_ship_problems(data), *_lng_problems(data), *_ice_problems(data), *_closure_problems(data)]


def _section(data: dict[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _ship_problems(data: dict[str, Any]) -> Iterable[Found]:
    """A ship of which too little is known, and an escort where there is no ice."""
    vessel, alternatives = data.get("vessel"), data.get("alternatives")
    if isinstance(vessel, dict) and vessel.get("type") is None:
        if "speed_kn" not in vessel:
            yield ("vessel", "speed_kn"), "is missing; give it, or 'type': a ship of 'northabout vessels'"
        elif vessel["speed_kn"] is None:
            yield (
                ("vessel", "speed_kn"),
                "must be a number, allowed is 0.1 to 60 knots; value is empty",
            )
        if data.get("costs") is not None:
            yield ("costs",), "fuel and hire are known of ships of the table: give 'vessel.type' ('northabout vessels')"
        if vessel.get("sea_margin") not in (None, 1):
            yield ("vessel", "sea_margin"), "needs 'type': without one no fuel is known"
        if data.get("ice") is not None:
            said = "in ice a ship's hull and engine count: give 'type', a ship of 'northabout vessels'"
            yield ("vessel",), said
    for k, a in enumerate(alternatives if isinstance(alternatives, list) else []):
        if isinstance(a, dict) and a.get("escort") is not None and data.get("ice") is None:
            yield ("alternatives", k, "escort"), "an escort needs the section 'ice'"


def _lng_problems(data: dict[str, Any]) -> Iterable[Found]:
    """A price of LNG for a ship that burns something else."""
    from sim.economy.fuels import FuelTable
    from sim.ship.vessel import VesselTable

    costs, kind = _section(data, "costs"), _section(data, "vessel").get("type")
    if costs.get("fuel_usd_mmbtu") is None or not isinstance(kind, str):
        return
    with suppress(UsageError):  # of an unknown ship or fuel another check tells
        word = costs.get("fuel")
        fuel = FuelTable.load().for_ship(VesselTable.load().find(kind), word if isinstance(word, str) else None)
        if not fuel.is_lng:
            yield ("costs", "fuel_usd_mmbtu"), f"is for LNG, the ship burns {fuel.id}: give 'fuel_usd_t'"


def _ice_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Years and seasons that the ice climate does not know, and speeds that a ship of the table does not make."""
    ice, voyage, vessel = (_section(data, k) for k in ("ice", "voyage", "vessel"))
    if isinstance(data.get("ice"), dict) and ice.get("file") is None and ice.get("epoch") is None:
        from sim.ice.pathways import last_past_year

        year, at = ice.get("year"), ("ice", "year")
        if year is None:
            year, at = _year_of(voyage.get("depart")), ("voyage", "depart")
        if type(year) is int and at[0] == "voyage" and not ICE_YEARS[0] <= year <= ICE_YEARS[1]:
            yield (
                at,
                f"the ice climate knows {ICE_YEARS[0]} to {ICE_YEARS[1]}, not {year}; give 'year' in the section 'ice'",
            )
        elif type(year) is int and ice.get("season") == "own" and year > last_past_year():
            yield (
                ("ice", "season"),
                f"'own' is known up to {last_past_year()}, not for {year}; allowed: mild, normal, severe",
            )
    if isinstance(vessel.get("type"), str):
        yield from _too_fast(data, vessel)


def _year_of(value: object) -> int | None:
    try:
        return None if value is None else moment(value).year
    except ValueError:
        return None


def _too_fast(data: dict[str, Any], vessel: dict[str, Any]) -> Iterable[Found]:
    """Speeds over what full power gives."""
    from sim.ship.vessel import VesselTable

    try:
        ship = VesselTable.load().find(vessel["type"])
    except NorthaboutError:
        return
    top = max(ship.design_speed_kn or 0.0, ship.hull.open_water_kn if ship.hull else 0.0)
    alternatives = data.get("alternatives")
    given: list[tuple[At, Any]] = [(("vessel", "speed_kn"), vessel.get("speed_kn"))]
    for k, a in enumerate(alternatives if isinstance(alternatives, list) else []):
        given.append((("alternatives", k, "speed_kn"), a.get("speed_kn") if isinstance(a, dict) else None))
    for at, speed in given:
        if isinstance(speed, int | float) and not isinstance(speed, bool) and 0 < top < speed:
            yield at, f"is {speed:g}, {ship.id} makes at most {top:g} knots"


def _closure_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Closures whose dates or numbers do not fit together."""
    closures = data.get("closures")
    for k, c in enumerate(closures if isinstance(closures, list) else []):
        if not isinstance(c, dict):
            continue
        at = ("closures", k)
        if c.get("from") is None:
            for key in ("until", "ships_per_day", "normal_ships_per_day", "arrivals_per_day", "news_h"):
                if c.get(key) not in (None, 0):
                    yield (*at, key), "goes with 'from': a closure without a beginning holds at all times"
            continue
        try:
            begin, end = (None if c.get(x) is None else moment(c[x]) for x in ("from", "until"))
        except ValueError:
            continue  # told by the model already
        if begin is not None and end is not None and end <= begin:
            yield (*at, "until"), f"is {c['until']}, not after the beginning ({c['from']})"
        through, come, meanwhile = (c.get(x) for x in ("normal_ships_per_day", "arrivals_per_day", "ships_per_day"))
        if (through is None) != (come is None):
            yield at, "'normal_ships_per_day' and 'arrivals_per_day' go together: a queue needs both"
        elif isinstance(through, int | float) and isinstance(come, int | float) and through <= come:
            yield at, f"{come:g} ships a day come and {through:g} go through at best: the queue would never clear"
        if through is None and isinstance(meanwhile, int | float) and meanwhile > 0:
            yield (*at, "ships_per_day"), "a reduced capacity needs 'normal_ships_per_day' and 'arrivals_per_day'"
