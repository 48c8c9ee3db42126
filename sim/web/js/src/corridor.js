// The water that a ship can use within some miles more than the shortest way: two searches, from the start and from the
// goal, and the sea between their nodes on a raster.
//
// A place of the sea is within where (start to a node) + (node to the place) + (place to a node) + (node to the goal) is
// at most the best length and the allowance, both nodes in sight of it. Nodes that are not themselves within it bound
// nothing, so that few cells are looked at.

import { arcsMeet, AXES, cross, EQUATOR_NM, FLATTENING, RAD, reducedVector } from './geodesy.js';
import { Heap, ruleOf } from './graph.js';
import { around, cellOf, COLUMNS, everyOther, FINE, maskOf, points, ROWS, STEP } from './raster.js';

const ROUGH = 4, ROUGH_NM = 90; // a first look at every fourth point, with so much more allowed
const OFTEN = 63, SELDOM = 4095; // points between two looks at the clock, as bits
const LEAST_NM = 0.5, SIDE_NM = 60;
const SIGHT_NM = 4, NEAR_NM = 5; // between two readings along a line of sight near land; not read so near its ends
const HALF_NM = 45, STRAIGHT = 0.75; // two half diagonals of a square; what a way by eight neighbours is worth on a chord

/**
 * Lengths from the start and from the goal to every state (groups crossed x nodes), {best, every, ahead, back, closed};
 * null where no way leads. Approaches are left out.
 */
function* lengths(sea, name, start, goal, closed, ship) {
  const demand = sea.demand(name, start, goal, sea.shut(closed, ship));
  if (demand.groups.some((group) => (group & ~demand.closed) === 0n)) return null;
  const rule = ruleOf(sea.codes, demand.closed, demand.groups);
  const ahead = sea.graph.search(start.end, rule).dist;
  yield;
  const back = sea.graph.search(goal.end, rule).dist;
  let best = Infinity;
  for (const [s, left] of sea.graph.goals(goal.end, rule)) best = Math.min(best, ahead[s] + left);
  return Number.isFinite(best) ? { best, every: rule.layers - 1, ahead, back, closed: demand.closed } : null;
}

/** Miles between two places, reduced vectors in arrays from i and j on (W. D. Lambert 1942: to 0.01 nm). */
function apartNm(one, i, other, j) {
  const c = Math.max(-1, Math.min(1, one[i] * other[j] + one[i + 1] * other[j + 1] + one[i + 2] * other[j + 2]));
  const angle = Math.acos(c), s = Math.sqrt(1 - c * c), sum = one[i + 2] + other[j + 2], apart = one[i + 2] - other[j + 2];
  if (s < 1e-7) return angle * EQUATOR_NM;
  return EQUATOR_NM * (angle - (FLATTENING / 4) * (((angle - s) * sum * sum) / (1 + c) + ((angle + s) * apart * apart) / (1 - c)));
}

export class Corridors {
  /** `runs` are those of the network's obstacles in its fine raster. Call `of` or `searching`, which make the rest. */
  constructor(sea, runs) {
    this.sea = sea;
    this.runs = runs;
    this.free = null;
  }

  /** What all searches need, made once; a generator that stops now and then. */
  *prepared() {
    const { sea } = this;
    if (this.free) return;
    this.shore = maskOf(this.runs);
    this.land = everyOther(this.shore);
    yield;
    this.at = points();
    this.heap = new Heap(COLUMNS * ROWS);
    const { lon, lat } = sea.graph;
    this.node = new Float64Array(3 * lon.length);
    for (let k = 0; k < lon.length; k++) this.node.set(reducedVector([lon[k], lat[k]]), 3 * k);
    yield;
    this.free = yield* this.openWater();
  }

  /**
   * How many miles each point of the raster leaves of the allowance (less than 0: it is not within; NaN: not looked at),
   * and the nodes within, {spare, nodes, best}; null where no way leads. `closed` is a set of bits, `ship` as in `route`.
   */
  of(...asked) {
    const search = this.searching(...asked);
    for (;;) {
      const { done, value } = search.next();
      if (done) return value;
    }
  }

  /** The same as `of`, as a generator that stops now and then and returns the answer. */
  *searching(name, start, goal, closed, ship, allowance) {
    yield* this.prepared();
    const both = yield* lengths(this.sea, name, start, goal, closed, ship);
    if (!both) return null;
    const { best, every, ahead, back } = both, n = this.sea.graph.size, limit = best + allowance;
    this.walls = this.sea.passages.filter((p) => p.kind !== 'canal' && (p.bit & both.closed) !== 0n)
      .map((p) => p.gate.map(reducedVector)).map(([a, b]) => ({ a, b, normal: cross(a, b) }));
    const spare = new Float64Array(COLUMNS * ROWS).fill(NaN), nodes = new Set();
    for (let layer = 0; layer <= every; layer++) {
      const rest = every & ~layer, within = [];
      for (let k = 0; k < n; k++) if (ahead[k + layer * n] + back[k + rest * n] <= limit) within.push(k);
      if (!within.length) continue;
      for (const k of within) nodes.add(k);
      const from = (k) => ahead[k + layer * n], to = (k) => back[k + rest * n];
      const rough = yield* this.met(within, from, to, limit + ROUGH_NM, { stride: ROUGH, goal: reducedVector(goal.sea) });
      const found = yield* this.met(within, from, to, limit, { stride: 1, near: this.nearby(rough) });
      for (let cell = 0; cell < found.length; cell++) if (!(found[cell] <= spare[cell]) && !Number.isNaN(found[cell])) spare[cell] = found[cell];
    }
    yield;
    this.fromNeighbours(spare);
    yield;
    this.overShores(spare);
    return { spare, nodes, best };
  }

  /** What each point leaves of a limit, by way of nodes within it; NaN where it is not reached from both sides. */
  *met(within, from, to, limit, how) {
    const one = yield* this.spread(within, from, limit, how.stride, (cell) => (how.near ? how.near[cell] : this.fits(cell, how.goal, limit - this.now)));
    const other = yield* this.spread(within, to, limit, how.stride, (cell) => limit - this.now - one[cell] >= (how.near ? -SIDE_NM : 0));
    return other.map((nm, cell) => limit - nm - one[cell]);
  }

  fits(cell, goal, most) {
    return apartNm(this.at, 3 * cell, goal, 0) <= most;
  }

  /** Points about those of a rough raster that are within. */
  nearby(rough) {
    const out = new Uint8Array(COLUMNS * ROWS);
    for (let cell = 0; cell < rough.length; cell++) {
      if (!(rough[cell] >= 0)) continue;
      const r = Math.floor(cell / COLUMNS), c = cell % COLUMNS;
      const wide = Math.min(COLUMNS / 2, Math.ceil(ROUGH / Math.max(0.02, Math.cos((r * STEP - 90) * RAD))));
      for (let dr = -ROUGH; dr <= ROUGH; dr++) {
        if (r + dr < 0 || r + dr >= ROWS) continue;
        for (let dc = -wide; dc <= wide; dc++) out[(r + dr) * COLUMNS + ((c + dc + COLUMNS) % COLUMNS)] = 1;
      }
    }
    return out;
  }

  /**
   * Lengths to points of the raster from nodes with lengths of their own, as far as a limit; NaN where none comes. Each
   * point has the node that serves it best among those of its neighbours; `may` tells whether a point matters, with the
   * length to it in `now`.
   */
  *spread(nodes, own, limit, stride, may) {
    const best = new Float64Array(COLUMNS * ROWS).fill(NaN), by = new Int32Array(COLUMNS * ROWS).fill(-1);
    const { heap, node, land } = this, next = new Int32Array(8), near = new Int32Array(8);
    heap.clear();
    const offer = (cell, k) => {
      if (stride === 1 && land[cell]) return;
      const away = this.nmTo(k, cell), nm = own(k) + away;
      if (nm > limit || nm >= best[cell] - LEAST_NM) return;
      this.now = nm;
      if (!may(cell) || !this.sees(k, cell, away)) return;
      best[cell] = nm;
      by[cell] = k;
      heap.set(cell, nm);
    };
    let turns = 0;
    for (const k of nodes) {
      if ((++turns & OFTEN) === 0) yield;
      let home = cellOf(node[3 * k], node[3 * k + 1], node[3 * k + 2] * AXES);
      if (stride > 1) home -= (home % COLUMNS) % stride + (Math.floor(home / COLUMNS) % stride) * COLUMNS;
      offer(home, k);
      for (let i = around(home, stride, near) - 1; i >= 0; i--) offer(near[i], k);
    }
    while (heap.length) {
      if ((++turns & OFTEN) === 0) yield;
      const cell = heap.pop(), k = by[cell];
      for (let i = around(cell, stride, next) - 1; i >= 0; i--) offer(next[i], k);
    }
    return best;
  }

  nmTo(k, cell) {
    return apartNm(this.node, 3 * k, this.at, 3 * cell);
  }

  /** Miles of water about each point of the raster in which there is no land. */
  *openWater() {
    const { heap, shore } = this, out = new Float64Array(COLUMNS * ROWS).fill(Infinity), next = new Int32Array(8);
    const times = Math.round(STEP / FINE), columns = COLUMNS * times, half = Math.floor(times / 2);
    heap.clear();
    const offer = (cell, nm) => {
      if (nm >= out[cell]) return;
      out[cell] = nm;
      heap.set(cell, nm);
    };
    let turns = 0;
    for (let cell = 0; cell < out.length; cell++) {
      if ((++turns & SELDOM) === 0) yield;
      const r = Math.floor(cell / COLUMNS) * times, c = (cell % COLUMNS) * times;
      for (let dr = -half; dr <= half; dr++) {
        for (let dc = -half; dc <= half; dc++) if (shore[(r + dr) * columns + ((c + dc + columns) % columns)]) offer(cell, 0);
      }
    }
    while (heap.length) {
      if ((++turns & SELDOM) === 0) yield;
      const cell = heap.pop();
      for (let i = around(cell, 1, next) - 1; i >= 0; i--) offer(next[i], out[cell] + this.apart(cell, next[i]));
    }
    return out.map((nm) => Math.max(0, STRAIGHT * nm - HALF_NM));
  }

  /** Whether no land lies between a node and a point, but close to them, and no gate of a closed passage. */
  sees(k, cell, away) {
    const { at, node, shore, free } = this, i = 3 * k, j = 3 * cell;
    const dx = at[j] - node[i], dy = at[j + 1] - node[i + 1], dz = at[j + 2] - node[i + 2];
    for (let nm = NEAR_NM; nm < away - NEAR_NM;) {
      const f = nm / away, x = node[i] + f * dx, y = node[i + 1] + f * dy, z = (node[i + 2] + f * dz) * AXES;
      const open = free[cellOf(x, y, z)];
      if (open <= SIGHT_NM && shore[cellOf(x, y, z, FINE)]) return false;
      nm += Math.max(SIGHT_NM, open);
    }
    return !this.walls.some(({ a, b, normal: [nx, ny, nz] }) => {
      const here = node[i] * nx + node[i + 1] * ny + node[i + 2] * nz > 0, there = at[j] * nx + at[j + 1] * ny + at[j + 2] * nz > 0;
      return here !== there && arcsMeet(node.subarray(i, i + 3), at.subarray(j, j + 3), a, b);
    });
  }

  /**
   * What a point leaves by way of a neighbour, there and back: never less than that. Where no node was carried to a point
   * that has it in sight this fills the hole.
   */
  fromNeighbours(spare) {
    const near = new Int32Array(8), before = spare.slice();
    for (let cell = 0; cell < spare.length; cell++) {
      if (!(before[cell] >= 0)) continue;
      for (let i = around(cell, 1, near) - 1; i >= 0; i--) {
        const next = near[i], left = before[cell] - 2 * this.apart(cell, next);
        if (!this.land[next] && left >= 0 && !(spare[next] >= left)) spare[next] = left;
      }
    }
  }

  apart(one, other) {
    return apartNm(this.at, 3 * one, this.at, 3 * other);
  }

  /** What the raster's point nearest to a place (a unit vector) leaves. */
  spareAt(spare, place) {
    return spare[cellOf(...place)];
  }

  /** Carry the shading a little over the shores, which the land drawn on top covers. */
  overShores(spare) {
    const added = [], near = new Int32Array(8);
    for (let cell = 0; cell < spare.length; cell++) {
      if (!this.land[cell]) continue;
      let most = NaN;
      for (let i = around(cell, 1, near) - 1; i >= 0; i--) {
        const value = spare[near[i]];
        if (!this.land[near[i]] && !Number.isNaN(value) && !(value <= most)) most = value;
      }
      if (most > 0) added.push([cell, most]);
    }
    for (const [cell, value] of added) spare[cell] = value;
  }
}
