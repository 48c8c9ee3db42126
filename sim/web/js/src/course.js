// A ship on a route: hours under way, with the speed limits of canals, and waits where it crosses a passage.

const STEP_NM = 6; // a wait begins at the end of the piece in which the gate lies, as in sim/voyage/sail.py

/** Where a route crosses passages: [{id, leg, share}], the share of the leg that is then behind. */
function gatesOf(route) {
  const out = [], ends = [];
  let sum = 0;
  for (const nm of route.legNm) ends.push(sum += nm);
  for (const { id, at } of route.crossings) {
    let leg = ends.findIndex((end) => at <= end);
    if (leg < 0) leg = ends.length - 1;
    const nm = route.legNm[leg], pieces = Math.max(1, Math.ceil(nm / STEP_NM));
    const piece = nm > 0 ? Math.ceil(((at - (ends[leg] - nm)) / nm) * pieces) : 1;
    out.push({ id, leg, share: Math.max(1, Math.min(pieces, piece)) / pieces });
  }
  return out;
}

/**
 * Hours of a route at a speed: {hours, waitHours, waits}. `limitOf` gives the speed limit of a canal (its number in the
 * table) or null, `waitAt` the hours that a ship waits at a passage which comes to it at an hour. `waits` are those, by
 * passage.
 */
export function timed(route, knots, limitOf, waitAt) {
  const gates = gatesOf(route), waits = new Map();
  let hours = 0, waitHours = 0, g = 0;
  route.legNm.forEach((nm, k) => {
    const speed = speedOn(route, k, knots, limitOf);
    for (; g < gates.length && gates[g].leg === k; g++) {
      const wait = waitAt(gates[g].id, hours + (nm * gates[g].share) / speed + waitHours);
      if (wait > 0) waits.set(gates[g].id, (waits.get(gates[g].id) ?? 0) + wait);
      waitHours += wait;
    }
    hours += nm / speed;
  });
  return { hours: hours + waitHours, waitHours, waits };
}

/** Speed on a leg of a route: the ship's own, or the limit of the canal. */
export function speedOn(route, leg, knots, limitOf) {
  const limit = route.canals[leg] < 0 ? null : limitOf(route.canals[leg]);
  return limit == null ? knots : Math.min(knots, limit);
}

/**
 * The quickest way where some passages are partly closed: through their queues, or round them. `find` gives the
 * shortest way that keeps off a set of passages, `hoursOf` the hours of a way {hours, waits}, `partly` tells whether a
 * passage is partly closed. Each way found is tried, and then the ways round each of those at which it waits; what is
 * longer at full speed than the quickest so far is not gone into.
 */
export function quickest(find, hoursOf, knots, partly) {
  let best = null, least = Infinity, first = null;
  const visit = (closed, kept) => {
    const route = find(closed);
    first ??= route;
    if (route.status !== 'ok' || route.nm / knots >= least) return;
    const course = hoursOf(route);
    if (course.hours < least) [best, least] = [{ ...route, course }, course.hours];
    const keep = new Set(kept);
    for (const id of course.waits.keys()) {
      if (keep.has(id) || !partly(id)) continue;
      visit(new Set([...closed, id]), keep);
      keep.add(id);
    }
  };
  visit(new Set(), new Set());
  if (best) return best;
  return first.status === 'ok' ? { status: 'unreachable' } : first;
}
