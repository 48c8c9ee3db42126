// The queue at a passage that takes fewer ships than come: how long a ship waits. The same as sim/voyage/queue.py.
//
// Ships are a fluid, first come first served. Hours count from the departure of the ship.

const H = 24;

/** Ships that wait at an hour from the beginning of a reduced capacity on. */
export function waiting({ begin_h, end_h, capacity, normal, arrivals }, hour) {
  if (normal == null || arrivals == null) return 0;
  const until = end_h == null ? hour : Math.min(hour, end_h);
  const grown = (Math.max(arrivals - capacity, 0) * (until - begin_h)) / H;
  if (end_h == null || hour <= end_h) return grown;
  return Math.max(grown - ((normal - arrivals) * (hour - end_h)) / H, 0);
}

/**
 * Hours that a ship waits which comes to the gate at an hour; Infinity where it never goes through. `capacity` ships a
 * day go through from `begin_h` to `end_h` (null: for good), `normal` at other times, and `arrivals` come.
 */
export function waitH(reduced, hour) {
  const { begin_h, end_h, capacity, normal } = reduced;
  if (hour < begin_h) return 0;
  let queue = waiting(reduced, hour), shut = 0;
  if (end_h == null || hour < end_h) {
    const left = end_h == null ? Infinity : (end_h - hour) / H;
    const served = capacity ? capacity * left : 0;
    if (capacity && queue <= served) return (queue / capacity) * H;
    shut = left;
    queue -= served;
  }
  if (normal != null && queue > 0) shut += queue / normal;
  return shut * H;
}

/** The reduced capacity of a passage: `share` percent of the normal traffic, from `since` days before departure on. */
export function reducedOf({ share, since, lasts }, { normal, arrivals }) {
  return {
    begin_h: -since * H, end_h: lasts == null ? null : (lasts - since) * H,
    capacity: normal == null ? 0 : (share / 100) * normal, normal, arrivals,
  };
}
