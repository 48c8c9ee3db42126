"""Methods that check claims with routes of the sea network: how much longer, how many days, what a closure costs.

Every method takes (claim, net, **parameters of the claim) and returns a `Finding`. The rules of the verdicts are in
`sim.claims.evaluate`. Lengths are nm, speeds knots; places are names of the port table.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim.claims.lengths import Pair, arctic_part_nm, both_routes, no_route, route, usable
from sim.claims.register import Claim, Finding, Place, SeaRoutes, Verdict, given, shown
from sim.units import HOURS_PER_DAY, km_from_nm, sailing_days


def _pairs_reaching(
    net: SeaRoutes, claim: Claim, origins: list[str], destinations: list[str], longer: str, shorter: str, more_nm: float
) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Pairs of ports that reach the claim and those that miss it; `more_nm` are sailed beyond the ways."""
    places: tuple[list[Place], list[Place]] = ([*origins], [*destinations])
    saved = np.asarray(net.distances(*places, via=longer)) - np.asarray(net.distances(*places, via=shorter))
    saved -= more_nm
    least = claim.figure - claim.tolerance.allowed(claim.figure)
    reach: list[tuple[float, str]] = []
    miss: list[tuple[float, str]] = []
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            if np.isfinite(saved[i, j]):
                (reach if saved[i, j] >= least else miss).append((float(saved[i, j]), f"{origin}-{destination}"))
    return sorted(reach, reverse=True), sorted(miss, reverse=True)


def route_difference(
    claim: Claim,
    net: SeaRoutes,
    *,
    origin: str,
    destination: str,
    longer: str,
    shorter: str,
    alternative: str,
    origins: list[str],
    destinations: list[str],
) -> Finding:
    """By how many nm one route is longer than another, against the claim; and what would make the claim right.

    Holds within the tolerance. Otherwise it does not hold, and the condition tries, in this order: the same figure
    read as km, another alternative (at least the claimed figure), and other ports.
    """
    pair = both_routes(net, origin, destination, longer, shorter)
    saved = pair.saved_nm
    if math.isnan(saved):
        return no_route(pair.longer, pair.shorter)
    lengths = f"{pair.lengths(longer, shorter)}; by the shortest ways {shown(pair.way_saved_nm)} nm less"
    if claim.near(saved):
        return Finding(saved, "holds", f"{origin}-{destination}: {lengths}")
    km = km_from_nm(saved)
    off = 100.0 * (km / claim.figure - 1.0)
    parts = [
        f"as km: {shown(saved)} nm are {shown(km)} km, {off:+.1f} % off"
        + (", right within the tolerance" if claim.near(km) else "")
    ]
    other = both_routes(net, origin, destination, alternative, shorter)
    longer_still = other.saved_nm
    if usable(other.longer):
        right = "right as 'at least'" if longer_still >= claim.figure else "too little as well"
        parts.append(f"against {alternative}: {shown(longer_still)} nm longer, {right}")
    more_nm = pair.way_saved_nm - saved
    reach, miss = _pairs_reaching(net, claim, origins, destinations, longer, shorter, more_nm)
    names = ", ".join(f"{name} {shown(nm)}" for nm, name in reach) or "none"
    parts.append(f"other ports ({len(reach) + len(miss)} pairs tried): {names}")
    if miss:
        parts.append(f"nearest miss {miss[0][1]} {shown(miss[0][0])}")
    factor = claim.figure / saved if saved else float("inf")
    note = f"{origin}-{destination}: {lengths}; the claim is {factor:.2f} times the computed difference."
    return Finding(saved, "does_not_hold", "; ".join(parts), note)


def _ice_sentence(pair: Pair, days: float, open_kn: float) -> str:
    """How slow the northern route may be when the ship on the longer route makes `open_kn`."""
    long_nm, short_nm = pair.sailed_nm
    hours = long_nm / open_kn
    left = hours - days * HOURS_PER_DAY
    need = f"{short_nm / left:.1f} kn on the northern route" if left > 0 else "no speed on the northern route"
    text = f"With {open_kn:g} kn on the longer route, {days:g} days need {need}."
    part = arctic_part_nm(pair.shorter)
    if part is not None:
        part += short_nm - pair.shorter.distance_nm
        slack = hours - (short_nm - part) / open_kn
        text += f" The saving is gone when the {shown(part)} nm between the Arctic gates"
        text += f" are sailed at {part / slack:.1f} kn."
    return text


def solve_speed(
    claim: Claim,
    net: SeaRoutes,
    *,
    origin: str,
    destination: str,
    longer: str,
    shorter: str,
    reference_kn: list[float],
    possible_kn: list[float],
    open_kn: float,
) -> Finding:
    """Days saved at one speed on both routes, and the speed v = saved nm / (24 x claimed days) that saves the claim.

    `computed` is the saving at the first reference speed. Holds where every reference speed is within the tolerance;
    holds_if where the solved speed lies within `possible_kn`; else it does not hold.
    """
    pair = both_routes(net, origin, destination, longer, shorter)
    saved = pair.saved_nm
    if math.isnan(saved):
        return no_route(pair.longer, pair.shorter)
    days = [sailing_days(saved, v) for v in reference_kn]
    listed = ", ".join(f"{d:.1f} days at {v:g} kn" for d, v in zip(days, reference_kn, strict=True))
    ways = f" ({shown(pair.way_saved_nm)} nm by the shortest ways)" if pair.way_saved_nm - saved >= 0.5 else ""
    note = f"{shown(saved)} nm saved{ways}: {listed}. {_ice_sentence(pair, claim.figure, open_kn)}"
    speed = saved / (HOURS_PER_DAY * claim.figure)
    if all(claim.near(d) for d in days):
        return Finding(days[0], "holds", listed, note, speed)
    allowed = claim.tolerance.allowed(claim.figure)
    fastest = saved / (HOURS_PER_DAY * (claim.figure - allowed)) if claim.figure > allowed else float("inf")
    condition = (
        f"at speeds up to {speed:.1f} kn (up to {fastest:.1f} kn where {claim.figure - allowed:g} days round to the "
        "claim), ice-free, equal speed on both routes"
    )
    low, high = possible_kn
    if low <= speed <= high:
        return Finding(days[0], "holds_if", condition, note, speed)
    beyond = f"needs {speed:.1f} kn on both routes, outside the {low:g} to {high:g} kn of these ships"
    return Finding(days[0], "does_not_hold", beyond, note)


def implied_speed(
    claim: Claim, net: SeaRoutes, *, origin: str, destination: str, longer: str, shorter: str, distance_nm: float,
    days: float,
) -> Finding:  # fmt: skip
    """Whether a claimed distance and a claimed time fit: the speed that both imply, against that of the real routes.

    `computed` is the claimed distance over the claimed time, kn. They fit where the computed distance over the
    claimed time gives that speed within the tolerance (percent).
    """
    pair = both_routes(net, origin, destination, longer, shorter)
    saved = pair.saved_nm
    if math.isnan(saved):
        return no_route(pair.longer, pair.shorter)
    implied, real = distance_nm / (HOURS_PER_DAY * days), saved / (HOURS_PER_DAY * days)
    fits = abs(real - implied) <= claim.tolerance.allowed(implied) + 1e-9
    condition = (
        f"{given(distance_nm)} nm in {days:g} days imply {implied:.1f} kn, the computed {shown(saved)} nm {real:.1f} kn"
    )
    if real > 0:
        condition += f"; at {real:.1f} kn, {given(distance_nm)} nm would be {sailing_days(distance_nm, real):.1f} days"
    return Finding(implied, "holds" if fits else "does_not_hold", condition)


def closure_detour(
    claim: Claim, net: SeaRoutes, *, origin: str, destination: str, must: list[str], other_vias: list[str]
) -> Finding:
    """Whether a voyage must use all passages of `must`: close each and all of them and look for another route.

    `computed` is the detour in nm of the shortest usual route (no Arctic) with all of them closed. "Must" holds only
    where no feasible route.
    """
    usual = route(net, origin, destination)
    if not usable(usual):
        return no_route(usual)
    texts = []
    for shut in [[m] for m in must] + [must]:
        other = route(net, origin, destination, closed=frozenset(shut))
        label = " and ".join(shut)
        extra = other.distance_nm - usual.distance_nm
        texts.append(f"{label} closed: " + (f"{extra:+,.0f} nm" if usable(other) else "no route"))
    shut_all = route(net, origin, destination, closed=frozenset(must))
    for via in other_vias:
        other = route(net, origin, destination, via, frozenset(must) if via == "any" else frozenset())
        uses = " (uses some of them)" if set(other.passages) & set(must) else ""
        texts.append(f"via {via}: " + (f"{shown(other.distance_nm)} nm{uses}" if usable(other) else "no route"))
    through = [m for m in must if m in usual.passages]
    note = f"The shortest usual route is {shown(usual.distance_nm)} nm and uses {', '.join(through) or 'none of them'}."
    if not usable(shut_all):
        return Finding(None, "holds", "; ".join(texts), note)
    computed = shut_all.distance_nm - usual.distance_nm
    condition = "right as 'the shortest ice-free route', not as 'must'; " if len(through) == len(must) else ""
    return Finding(computed, "does_not_hold", condition + "; ".join(texts), note)


def passage_time(
    claim: Claim, net: SeaRoutes, *, origin: str, destination: str, limit_days: float, reference_kn: float,
    possible_kn: list[float],
) -> Finding:  # fmt: skip
    """Days of a passage at a reference speed, and the least speed that keeps it under `limit_days`.

    Holds_if where that least speed is at most the highest possible one.
    """
    way = route(net, origin, destination)
    if not usable(way):
        return no_route(way)
    days, least = sailing_days(way.distance_nm, reference_kn), way.distance_nm / (HOURS_PER_DAY * limit_days)
    condition = (
        f"{shown(way.distance_nm)} nm in under {limit_days:g} days need {least:.1f} kn; "
        f"{reference_kn:g} kn make {days:.1f} days"
    )
    return Finding(days, "holds_if" if least <= max(possible_kn) else "does_not_hold", condition)


def far_seas(claim: Claim, net: SeaRoutes, *, seas: dict[str, str], bases: list[str], far_nm: float) -> Finding:
    """Which seas (each by a port on it) lie at least `far_nm` from every base; `computed` is their number."""
    table = np.asarray(net.distances([*bases], [*seas.values()]))
    nearest = np.min(table, axis=0)
    texts = [
        f"{sea} {shown(float(nm))} nm from {bases[int(np.argmin(table[:, i]))]}"
        for i, (sea, nm) in enumerate(zip(seas, nearest, strict=True))
    ]
    far = [sea for sea, nm in zip(seas, nearest, strict=True) if nm >= far_nm]
    near = [sea for sea in seas if sea not in far]
    verdict: Verdict = "holds" if not near else "holds_if" if far else "does_not_hold"
    condition = f"only for {', '.join(far)} (over {given(far_nm)} nm)" if far and near else ""
    return Finding(float(len(far)), verdict, condition, "; ".join(texts) + ".")


def sighting(
    claim: Claim, net: SeaRoutes, *, start: list[float], azimuth_deg: float, sea: list[list[float]], gates: list[str],
    lands: list[str], within_km: float, home: str, destination: str, days: float,
) -> Finding:  # fmt: skip
    """Whether a ship can have been seen at a distance (claim, km) and direction from an island, and on its way by then.

    The point is the WGS84 geodesic destination. The place is tested first: the `gates` from the island to either side
    close a strait between the `lands` (see `strait_between`). Then the point: open water inside the polygon `sea` (lon,
    lat), on the side of the strait where `home` is, with the strait still to pass and the speed to reach `destination`
    in `days`. A sighting itself cannot be computed, so that a possible one is holds_if.
    """
    from pyproj import Geod
    from shapely import Point, Polygon

    from sim.geo.land import on_land

    lon, lat, _ = Geod(ellps="WGS84").fwd(start[0], start[1], azimuth_deg, claim.figure * 1000.0)
    at = f"{lat:.2f} N {lon:.2f} E"
    shores = strait_between(gates, (start[0], start[1]), within_km)
    if shores != set(lands):
        found = " and ".join(sorted(shores)) or "no land"
        return Finding(at, "does_not_hold", f"the island lies in no strait between {' and '.join(lands)}: {found}")
    if on_land(np.array([[lon, lat]]))[0]:
        return Finding(at, "does_not_hold", "the position is on land")
    if not Polygon(sea).contains(Point(lon, lat)):
        return Finding(at, "does_not_hold", "the position is outside the named sea")
    back, ahead = route(net, (lon, lat), home), route(net, (lon, lat), destination)
    if not usable(back) or not usable(ahead):
        return no_route(back, ahead)
    behind, before = (sorted(set(gates) & set(r.passages)) for r in (back, ahead))
    if behind or not before:
        side = "beyond the strait" if behind else "on a course that does not pass the strait"
        return Finding(at, "does_not_hold", f"the position is {side}, seen from {home}")
    need = ahead.distance_nm / (HOURS_PER_DAY * days)
    condition = (
        f"open sea at {at}, {shown(back.distance_nm)} nm from {home}, with the strait between {' and '.join(lands)} "
        f"({', '.join(before)}) still ahead; the {shown(ahead.distance_nm)} nm to {destination} in {days:g} days need "
        f"{need:.1f} kn"
    )
    return Finding(at, "holds_if", condition, "The position is possible; the sighting itself is not computed.")


def strait_between(gates: list[str], island: tuple[float, float], within_km: float) -> set[str]:
    """Countries on both sides of an island: those of the listed ports nearest to the far ends of its gates.

    A gate has one end within `within_km` of the middle of the island (lon, lat), and its other end on another shore.
    Ports within that distance of the island are passed over. Empty where a gate does not start at the island.
    """
    from sim.geo.geodesy import RADIUS_KM, angles, vectors
    from sim.geo.passages import PassageTable
    from sim.geo.ports import PortTable

    known, middle = PassageTable.load(), vectors(np.array([island]))
    ports = PortTable.load().all
    places = vectors(np.array([(p.lon, p.lat) for p in ports]))
    away = RADIUS_KM * angles(places, middle) > within_km
    shores = set()
    for name in gates:
        ends = vectors(np.array(known[name].gate))
        off_km = RADIUS_KM * angles(ends, middle)
        if off_km.min() > within_km or off_km.max() <= within_km:
            return set()
        far = ends[int(np.argmax(off_km))][None, :]
        shores.add(ports[int(np.argmin(np.where(away, angles(places, far), np.inf)))].country)
    return shores


def no_port_on_sea(
    claim: Claim, net: SeaRoutes, *, countries: list[str], sea: list[list[float]], origin: str, destination: str,
    gates: list[str],
) -> Finding:  # fmt: skip
    """Whether none of the countries has a port on a sea, and their nearest sea is parted from it by straits.

    Counts ports of the port table inside the polygon `sea` (lon, lat; the coast may be cut generously), and tries the
    route from `origin`, the nearest port of these countries, with the `gates` closed.
    """
    from shapely import Point, Polygon

    from sim.geo.ports import PortTable

    shape = Polygon(sea)
    ports = [p for p in PortTable.load().all if p.country in countries]
    inside = [p.name for p in ports if shape.contains(Point(p.lon, p.lat))]
    way, shut = route(net, origin, destination), route(net, origin, destination, closed=frozenset(gates))
    through = [g for g in gates if g in way.passages]
    condition = (
        f"{len(inside)} of {len(ports)} ports of {' and '.join(countries)} lie on it; {origin}-{destination} passes "
        f"{', '.join(through) or 'none of the straits'} and has {'another' if usable(shut) else 'no other'} route"
    )
    holds = not inside and bool(through) and not usable(shut)
    return Finding(float(len(inside)), "holds" if holds else "does_not_hold", condition)


METHODS: dict[str, Callable[..., Finding]] = {
    f.__name__: f
    for f in (
        route_difference, solve_speed, implied_speed, closure_detour, passage_time, far_seas, sighting,
        no_port_on_sea,
    )
}  # fmt: skip
