// Where the names of the ends stand on the map: clear of the dots of the passages, of each other and of the rim.

const HEIGHT = 18, CLEAR = 7, BESIDE = 9;

const meets = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width
  && one.y < other.y + other.height && other.y < one.y + one.height;

/** The boxes {x, y, width, height} about a place [x, y] that a name of a width may fill, the best first. */
function boxes([x, y], width) {
  const right = x + BESIDE, left = x - BESIDE - width, middle = x - width / 2;
  return [
    [right, y - 22], [right, y + 4], [left, y - 22], [left, y + 4], [right, y - 9], [left, y - 9],
    [middle, y - 30], [middle, y + 12], [right + 12, y - 36], [left - 12, y - 36], [right + 12, y + 18], [left - 12, y + 18],
  ].map(([bx, by]) => ({ x: bx, y: by, width, height: HEIGHT }));
}

/**
 * For each place {at: [x, y], width} of a name the box of it that meets the least: `dots` [x, y] are kept clear of, and
 * other places and names before it.
 */
export function boxesOf(places, dots, [mapWidth, mapHeight]) {
  const taken = places.map(({ at }) => ({ x: at[0] - 6, y: at[1] - 6, width: 12, height: 12 }));
  return places.map(({ at, width }, k) => {
    let best = null, least = Infinity;
    for (const [order, box] of boxes(at, width).entries()) {
      const out = box.x < 2 || box.y < 2 || box.x + width > mapWidth - 2 || box.y + HEIGHT > mapHeight - 2;
      const wide = { x: box.x - CLEAR, y: box.y - CLEAR, width: width + 2 * CLEAR, height: HEIGHT + 2 * CLEAR };
      const hit = dots.filter(([x, y]) => x > wide.x && x < wide.x + wide.width && y > wide.y && y < wide.y + wide.height).length;
      const cost = 100 * out + 10 * hit + 50 * taken.filter((other, j) => j !== k && meets(box, other)).length + order / 100;
      if (cost < least) [best, least] = [box, cost];
    }
    taken.push(best);
    return best;
  });
}
