"""Gates, names, limits. Whether a leg crosses a gate is asked of shapely too, in a chart where both are straight."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import LineString

from sim.errors import PassageError
from sim.geo.geodesy import Floats, angles, lonlat, vectors
from sim.geo.passages import Passage, PassageTable, ShipSize, crosses, where_crossed

TABLE = PassageTable.load()
EVERY = pytest.mark.parametrize("passage", TABLE.all, ids=TABLE.ids)


def charted(passage: Passage, xyz: Floats) -> Floats:
    """Gnomonic chart round the middle of a gate."""
    up = vectors(passage.label_at)
    east = vectors((passage.label_at[0] + 90, 0.0))
    north = np.cross(up, east)
    return np.stack([xyz @ east, xyz @ north], axis=-1) / (xyz @ up)[..., None]


def legs_near(passage: Passage, count: int, seed: int) -> tuple[Floats, Floats]:
    """Random short legs round a gate, as long as the gate or so."""
    rng = np.random.default_rng(seed)
    g0, g1 = vectors(passage.gate)
    middle, length = (g0 + g1) / 2, np.linalg.norm(g1 - g0)
    ends = middle + rng.normal(size=(2, count, 3)) * length * 0.6
    ends /= np.linalg.norm(ends, axis=-1)[..., None]
    return ends[0], ends[1]


@EVERY
def test_a_leg_crosses_a_gate_where_the_lines_cross_in_a_chart(passage: Passage) -> None:
    start, stop = legs_near(passage, 80, TABLE.ids.index(passage.id))
    gate = LineString(charted(passage, vectors(passage.gate)))
    before_horizon = (start @ vectors(passage.label_at) > 0.1) & (stop @ vectors(passage.label_at) > 0.1)
    start, stop = start[before_horizon], stop[before_horizon]
    legs = zip(charted(passage, start), charted(passage, stop), strict=True)
    wanted = [LineString([a, b]).intersects(gate) for a, b in legs]
    assert len(wanted) >= 60
    assert 3 < sum(wanted) < len(wanted) - 3
    assert crosses(passage, start, stop).tolist() == wanted
    assert crosses(passage, stop, start).tolist() == wanted  # in either direction


@EVERY
def test_on_the_other_side_of_the_earth_there_is_no_gate(passage: Passage) -> None:
    start, stop = legs_near(passage, 80, 1)
    assert crosses(passage, start, stop).any()
    assert not crosses(passage, -start, -stop).any()


@EVERY
def test_a_leg_cut_at_the_gate_crosses_it_once(passage: Passage) -> None:
    """A corner of a route that lies on a gate does not hide the crossing, nor double it."""
    start, stop = legs_near(passage, 40, 2)
    hit = crosses(passage, start, stop)
    start, stop = start[hit], stop[hit]
    gate = np.cross(*vectors(passage.gate))
    on_gate = np.cross(np.cross(start, stop), gate)
    on_gate /= np.linalg.norm(on_gate, axis=1)[:, None]
    on_gate *= np.sign((on_gate * (start + stop)).sum(axis=1))[:, None]
    both = crosses(passage, start, on_gate).astype(int) + crosses(passage, on_gate, stop).astype(int)
    assert (both == 1).all()


@pytest.mark.parametrize(
    ("gate", "start", "stop"),
    [
        ("cape_of_good_hope", (-44.0, -24.5), (57.0, -37.5)),
        ("cape_of_good_hope", (19.0, -36.0), (75.0, -30.0)),
        ("drake_passage", (-140.0, -50.0), (-60.0, -57.0)),
    ],
)
def test_where_a_long_leg_crosses_a_gate(gate: str, start: tuple[float, float], stop: tuple[float, float]) -> None:
    """To one part in a thousand of the leg, by walking along it in small steps."""
    passage, a, b = TABLE[gate], vectors(start), vectors(stop)
    angle = float(angles(a, b))
    share = np.linspace(0, 1, 4001)[:, None]
    walk = (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)
    steps = np.flatnonzero(crosses(passage, walk[:-1], walk[1:]))
    assert len(steps) == 1
    assert where_crossed(passage, a, b) == pytest.approx((steps[0] + 0.5) / 4000, abs=1e-3)


def test_each_passage_is_one_bit() -> None:
    bits = [int(TABLE.bits([p])) for p in TABLE.ids]
    assert bits == [1 << k for k in range(len(bits))]
    assert int(TABLE.bits(TABLE.ids)) == sum(bits)
    assert int(TABLE.bits([])) == 0


def test_the_bits_of_a_leg_are_the_gates_that_it_crosses_without_the_canals() -> None:
    rng = np.random.default_rng(3)
    start, stop = (v / np.linalg.norm(v, axis=1)[:, None] for v in rng.normal(size=(2, 300, 3)))
    found = TABLE.crossed(start, stop)
    for p in TABLE.all:
        wanted = np.zeros(300, dtype=bool) if p.kind == "canal" else crosses(p, start, stop)
        assert ((found & TABLE.bits([p.id])) != 0).tolist() == wanted.tolist(), p.id


@pytest.mark.parametrize(
    ("start", "stop", "crossed"),
    [
        ((-8, 36), (-3, 36), {"gibraltar"}),
        ((43.1, 12.9), (43.7, 12.3), {"bab_el_mandeb"}),
        ((15, -38), (25, -38), {"cape_of_good_hope"}),
        ((-169, 62), (-169, 69), {"bering_strait"}),
        ((179, 75), (-178, 75), {"wrangel_north"}),
        ((-30, 40), (-30, -40), set()),
    ],
)
def test_well_known_legs(start: tuple[float, float], stop: tuple[float, float], crossed: set[str]) -> None:
    bits = int(TABLE.crossed(vectors([start]), vectors([stop]))[0])
    assert {p for k, p in enumerate(TABLE.ids) if bits >> k & 1} == crossed


@EVERY
def test_a_passage_answers_to_its_id_name_and_aliases(passage: Passage) -> None:
    """An id means that passage alone, even where it is the alias of another one too ("panama canal")."""
    assert TABLE.resolve(passage.id) == {passage.id}
    for word in (passage.name, *passage.aliases):
        for spelt in (word, word.upper(), f" {word.replace(' ', '-')} "):
            as_id = spelt.strip().lower().replace(" ", "_").replace("-", "_")
            assert (as_id if as_id in TABLE else passage.id) in TABLE.resolve(spelt)


def test_a_word_for_several_passages_names_all_of_them() -> None:
    assert TABLE.resolve("Panama") == {"panama_canal", "panama_canal_panamax"}
    assert TABLE.resolve("@arctic") == TABLE.arctic >= {"bering_strait", "central_arctic"}
    assert TABLE.expand(["suez", "", "kiel-canal"]) == {"suez_canal", "kiel_canal"}


@pytest.mark.parametrize(("typo", "meant"), [("suez_cannal", "suez_canal"), ("malaca", "malacca"), ("Bosphor", "bosp")])
def test_a_near_miss_suggests_the_passage(typo: str, meant: str) -> None:
    with pytest.raises(PassageError, match=f"unknown passage '{typo}'.*did you mean.*{meant}"):
        TABLE.resolve(typo)


def test_an_unknown_route_names_those_that_exist() -> None:
    with pytest.raises(PassageError, match=r"unknown route 'suex'.*did you mean suez.*allowed: usual.*any"):
        TABLE.route("suex")
    assert TABLE.route(" NSR ").name == "nsr"


@pytest.mark.parametrize(
    ("passage", "what", "limit"),
    [
        ("malacca_strait", "draft", "max_draft_m"),
        ("panama_canal", "beam", "max_beam_m"),
        ("panama_canal", "length", "max_length_m"),
        ("bosporus", "air draft", "max_air_draft_m"),
    ],
)
def test_a_ship_fits_up_to_the_limit_and_not_beyond(passage: str, what: str, limit: str) -> None:
    most = getattr(TABLE[passage], limit)
    field = what.replace(" ", "_") + "_m"
    assert TABLE[passage].refuses(ShipSize(**{field: most})) == ()
    refused = TABLE.refused(ShipSize(**{field: most + 0.1}))[passage]
    assert len(refused) == 1
    assert (refused[0].cause, refused[0].limit_m) == (what, most)
    assert str(refused[0]) == f"{what} {most + 0.1:g} m is over the {most:g} m of {passage}"


def test_what_is_not_known_refuses_nothing() -> None:
    assert TABLE.refused(ShipSize()) == {}
    assert "lombok_strait" not in TABLE.refused(ShipSize(draft_m=30, beam_m=70, length_m=450, air_draft_m=90))
    assert TABLE.refused(ShipSize(draft_m=30)).keys() > {"suez_canal", "panama_canal", "malacca_strait"}


def test_label_lies_in_the_middle_of_the_gate() -> None:
    long = TABLE["long_strait"]
    assert np.allclose(vectors(long.label_at) @ vectors(long.gate).T, (vectors(long.label_at) @ vectors(long.gate[0])))
    assert np.allclose(lonlat(vectors(long.gate).mean(axis=0)), long.label_at)


def test_the_northern_sea_route_takes_another_strait_where_vilkitsky_is_shut_or_another_is_asked_for() -> None:
    route = PassageTable.load().route("nsr")
    bering, vilkitsky, red_army = (frozenset({p}) for p in ("bering_strait", "vilkitsky_strait", "red_army_strait"))
    others, sannikov = red_army | {"shokalsky_strait"}, frozenset({"sannikov_strait"})
    assert route.required([], frozenset()) == [bering, vilkitsky]
    assert route.required([], vilkitsky) == [bering, others]
    assert route.required([red_army], frozenset()) == [bering, red_army]
    assert route.required([sannikov], frozenset()) == [bering, vilkitsky, sannikov]
