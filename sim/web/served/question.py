"""What a page asks of its server: a voyage in a few words, turned into a scenario and checked as one.

A question changes some keys of the scenario that is served. It can name no file: none of its keys is one of a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sim.geo.network import SeaNetwork
from sim.ice.classes import ice_classes
from sim.ice.pathways import SEASON_Z, pathways
from sim.scenario.load import Fault, fault_of, faults_of
from sim.scenario.schema import ICE_YEARS, Metres, Moment, Scenario, Speed, Word, moment
from sim.scenario.yaml_text import At, brief, key_path
from sim.voyage.policy import Escort

MAX_ROUTES, MAX_CLOSURES = 12, 40
BARE: Final = {
    "format": 1, "name": "Routes over the world's seas", "description": "A voyage asked for on the live map",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-08-15"}, "vessel": {"type": "mpp_19k_1a"},
    "alternatives": [{"route": r} for r in ("suez", "cape", "panama", "nsr", "nwp", "transpolar")],
    "ice": {"escort": "when_needed"}, "costs": {},
}  # fmt: skip
"""The scenario behind a page that is made without one."""

_OF_DATE = ("year", "epoch")  # of the section `ice`: another date has its own year
OF_SHIP: Final = ("ice_class", "speed_kn", "draft_m", "beam_m")
_PLACES: Final[dict[At, str]] = {
    ("voyage", "from"): "from", ("voyage", "to"): "to", ("voyage", "depart"): "depart", ("vessel", "type"): "ship",
    **{("vessel", key): key for key in OF_SHIP}, ("alternatives",): "routes", ("closures",): "closures",
    ("ice", "escort"): "escort", ("ice", "season"): "season", ("ice", "pathway"): "pathway",
}  # fmt: skip


class Question(BaseModel):
    """A voyage that is asked for; what is absent is as in the scenario that is served."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    from_: Word | None = Field(None, alias="from", description="port name, UN/LOCODE or 'lat,lon'")
    to: Word | None = Field(None, description="port name, UN/LOCODE or 'lat,lon'")
    depart: Moment | None = Field(None, description="date, or date and time, UTC unless it says otherwise")
    routes: tuple[Word, ...] | None = Field(
        None, min_length=1, max_length=MAX_ROUTES, description="alternatives of the scenario, or named routes"
    )
    ship: Word | None = Field(None, description="a ship of the table")
    ice_class: Word | None = None
    speed_kn: Speed | None = None
    draft_m: Metres | None = None
    beam_m: Metres | None = None
    escort: Escort | None = None
    season: Literal["mild", "normal", "severe", "own"] | None = None
    pathway: Word | None = None
    closures: tuple[Word, ...] | None = Field(None, max_length=MAX_CLOSURES, description="passages that are closed")
    allowance_days: Annotated[float, Field(strict=True, gt=0, le=10)] = Field(
        1.0, description="of a corridor: days more than the best voyage"
    )

    _date = field_validator("depart", mode="before")(lambda value: None if value is None else moment(value))


KEYS: Final = tuple(field.alias or name for name, field in Question.model_fields.items())


@dataclass(frozen=True)
class Problem:
    """What is wrong with a question: in words, the key that it is about, and what that key may be."""

    what: str
    where: str = ""
    allowed: str | tuple[str, ...] = ""

    @property
    def told(self) -> dict[str, Any]:
        """As JSON values."""
        allowed = list(self.allowed) if isinstance(self.allowed, tuple) else self.allowed
        return {"what": self.what, "where": self.where, "allowed": allowed}


class Refused(Exception):
    """A request that is not answered: the status of HTTP, and every problem."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__("; ".join(p.what for p in problems))
        self.status, self.problems = status, problems


@dataclass(frozen=True)
class Asked:
    """A question and the scenario that it means."""

    question: Question
    scenario: Scenario


class Asker:
    """Questions about one scenario, whose files lie in `folder`."""

    def __init__(self, base: Scenario, folder: Path, net: SeaNetwork) -> None:
        self.base, self.folder, self.net = base, folder, net

    def read(self, body: bytes) -> Asked:
        """The scenario that a body of JSON asks for. Raises Refused with every problem."""
        data = read_json(body)
        try:
            question = Question.model_validate(data)
        except ValidationError as error:
            raise self._refused([fault_of(e, KEYS) for e in error.errors(include_url=False)]) from None
        wanted = self.wanted(question)
        if faults := faults_of(wanted, self.folder, net=self.net):
            raise self._refused(faults)
        scenario = Scenario.model_validate(wanted)
        scenario._folder = self.folder
        return Asked(question, scenario)

    def wanted(self, question: Question) -> dict[str, Any]:
        """The scenario of a question in the keys of a file, not checked yet."""
        out: dict[str, Any] = self.base.model_dump(mode="json", by_alias=True, exclude_unset=True)
        voyage, vessel = dict(out["voyage"]), dict(out["vessel"])
        ice = dict(out["ice"]) if out.get("ice") is not None else {}
        _set(voyage, {"from": question.from_, "to": question.to})
        if question.depart is not None:
            voyage["depart"] = question.depart.isoformat()
            if ice.get("file") is None:
                ice = {k: v for k, v in ice.items() if k not in _OF_DATE and not (k == "season" and v == "own")}
        _set(vessel, {"type": question.ship})
        _set(vessel, {key: getattr(question, key) for key in OF_SHIP})
        if question.season is not None:
            ice.pop("seed", None)
        _set(ice, {"escort": question.escort, "season": question.season, "pathway": question.pathway})
        if question.closures is not None:
            timed = [c for c in out.get("closures", ()) if c.get("from") is not None]
            out["closures"] = [*timed, *({"passage": word} for word in dict.fromkeys(question.closures))]
        routes = self._alternatives(out["alternatives"], question)
        labels = [a.get("name") or a["route"] for a in routes]
        if out.get("baseline") not in labels:
            out.pop("baseline", None)
        with_ice = {"ice": ice} if ice or out.get("ice") is not None else {}
        return out | {"voyage": voyage, "vessel": vessel, "alternatives": routes} | with_ice

    @staticmethod
    def _alternatives(own: Sequence[Mapping[str, Any]], question: Question) -> list[dict[str, Any]]:
        """The routes that are asked for: the scenario's own by their labels, others by their names. A speed or an
        escort that is asked for holds on all."""
        by_label = {a.get("name") or a["route"]: dict(a) for a in own}
        words = by_label if question.routes is None else dict.fromkeys(question.routes)
        out = [by_label.get(word, {"route": word}) for word in words]
        dropped = {k for k in ("speed_kn", "escort") if getattr(question, k) is not None}
        return [{k: v for k, v in a.items() if k not in dropped} for a in out]

    def _refused(self, faults: Sequence[Fault]) -> Refused:
        told = []
        for fault in faults:
            where = next((name for at, name in _PLACES.items() if fault.at[: len(at)] == at), key_path(fault.at))
            said, allowed = (str(fault), KEYS) if fault.whole else (f"{where}: {fault.text}", self.allowed(where))
            told.append(Problem(said, where, allowed))
        return Refused(422, *dict.fromkeys(told))

    def allowed(self, key: str) -> str | tuple[str, ...]:
        """What a key of a question may be: a list of words, or a range in words."""
        labels = (a.label for a in self.base.alternatives)
        words: dict[str, str | tuple[str, ...]] = {
            "from": "a port ('northabout ports' lists them), or 'lat,lon' at sea",
            "depart": "a date such as 2030-09-15",
            "routes": tuple(dict.fromkeys([*labels, *self.net.passages.routes])), "ice_class": tuple(ice_classes()),
            "ship": "a ship of 'northabout vessels'", "speed_kn": "0.1 to 60 knots",
            **dict.fromkeys(("draft_m", "beam_m"), "more than 0 and at most 1000 metres"),
            "escort": ("none", "when_needed", "always"), "season": (*SEASON_Z, "own"), "pathway": pathways(),
            "closures": self.net.passages.ids, "allowance_days": "more than 0 and at most 10 days",
            "ice.year": f"{ICE_YEARS[0]} to {ICE_YEARS[1]}",
        }  # fmt: skip
        return words.get("from" if key == "to" else key.partition("[")[0], "")


def _set(section: dict[str, Any], values: Mapping[str, Any]) -> None:
    section.update({k: v for k, v in values.items() if v is not None})


def read_json(body: bytes) -> Any:
    """The value of a body: UTF-8, no key twice, no number that JSON does not have. Raises Refused."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) < len(pairs):
            raise ValueError("a key stands twice")
        return out

    def none(word: str) -> Any:
        raise ValueError(f"{word} is no number of JSON")

    try:
        data = json.loads(body.decode("utf-8"), object_pairs_hook=once, parse_constant=none)
    except (ValueError, RecursionError) as error:
        raise Refused(400, Problem(f"the body is not JSON: {brief(str(error))}", allowed="a JSON object")) from None
    if not isinstance(data, dict):
        raise Refused(400, Problem(f"the body is {brief(data)}, not an object of keys", allowed="a JSON object"))
    return data
