// The water that a ship can use within some miles more than the shortest way: two searches, from the start and from the
// goal, and the sea between their nodes on a raster.
//
// A place of the sea is within where (start to a node) + (node to the place) + (place to a node) + (node to the goal) is
// at most the best length and the allowance, both nodes in sight of it. Nodes that are not themselves within it bound
// nothing, so that few cells are looked at.

import { NM, RAD, vector } from './geodesy.js';
import { Heap, ruleOf } from './graph.js';
import { around, cellOf, COLUMNS, points, rasterOf, ROWS, STEP } from './raster.js';

const RADIUS_NM = 6371008.8 / NM;
const ROUGH = 4, ROUGH_NM = 90; // a first look at every fourth point, with so much more allowed
const LEAST_NM = 0.5, SIDE_NM = 60;
const SIGHT_NM = 18; // between two readings of the coast along a line of sight
const NEAR_NM = 32; // at both ends of a line of sight the raster's coast is too coarse

/**
 * Lengths from the start and from the goal to every state (groups crossed x nodes), {best, every, ahead, back}; null
 * where no way leads. Approaches are left out.
 */
function lengths(sea, name, start, goal, closed, ship) {
  const demand = sea.demand(name, start, goal, sea.shut(closed, ship));
  if (demand.groups.some((group) => (group & ~demand.closed) === 0n)) return null;
  const rule = ruleOf(sea.codes, demand.closed, demand.groups);
  const ahead = sea.graph.search(start.end, rule).dist, back = sea.graph.search(goal.end, rule).dist;
  let best = Infinity;
  for (const [s, left] of sea.graph.goals(goal.end, rule)) best = Math.min(best, ahead[s] + left);
  return Number.isFinite(best) ? { best, every: rule.layers - 1, ahead, back } : null;
}

export class Corridors {
  constructor(sea, rings) {
    this.sea = sea;
    this.land = rasterOf(rings);
    this.at = points();
    this.heap = new Heap(COLUMNS * ROWS);
    const { lon, lat } = sea.graph;
    this.node = new Float64Array(3 * lon.length);
    for (let k = 0; k < lon.length; k++) this.node.set(vector([lon[k], lat[k]]), 3 * k);
  }

  /**
   * How many miles each point of the raster leaves of the allowance (less than 0: it is not within; NaN: not looked at),
   * and the nodes within, {spare, nodes, best}; null where no way leads. `closed` is a set of bits, `ship` as in `route`.
   */
  of(name, start, goal, closed, ship, allowance) {
    const both = lengths(this.sea, name, start, goal, closed, ship);
    if (!both) return null;
    const { best, every, ahead, back } = both, n = this.sea.graph.size, limit = best + allowance;
    const spare = new Float64Array(COLUMNS * ROWS).fill(NaN), nodes = new Set();
    for (let layer = 0; layer <= every; layer++) {
      const rest = every & ~layer, within = [];
      for (let k = 0; k < n; k++) if (ahead[k + layer * n] + back[k + rest * n] <= limit) within.push(k);
      if (!within.length) continue;
      for (const k of within) nodes.add(k);
      const from = (k) => ahead[k + layer * n], to = (k) => back[k + rest * n];
      const rough = this.met(within, from, to, limit + ROUGH_NM, { stride: ROUGH, start: vector(start.sea), goal: vector(goal.sea) });
      const found = this.met(within, from, to, limit, { stride: 1, near: this.nearby(rough) });
      for (let cell = 0; cell < found.length; cell++) if (!(found[cell] <= spare[cell]) && !Number.isNaN(found[cell])) spare[cell] = found[cell];
    }
    this.fromNeighbours(spare);
    this.overShores(spare);
    return { spare, nodes, best };
  }

  /** What each point leaves of a limit, by way of nodes within it; NaN where it is not reached from both sides. */
  met(within, from, to, limit, how) {
    const one = this.spread(within, from, limit, how.stride, (cell) => (how.near ? how.near[cell] : this.fits(cell, how.goal, limit - this.now)));
    const other = this.spread(within, to, limit, how.stride, (cell) => limit - this.now - one[cell] >= (how.near ? -SIDE_NM : 0));
    return other.map((nm, cell) => limit - nm - one[cell]);
  }

  fits(cell, goal, most) {
    const j = 3 * cell, { at } = this;
    return Math.acos(Math.max(-1, Math.min(1, at[j] * goal[0] + at[j + 1] * goal[1] + at[j + 2] * goal[2]))) * RADIUS_NM <= most;
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
  spread(nodes, own, limit, stride, may) {
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
    for (const k of nodes) {
      let home = cellOf(node[3 * k], node[3 * k + 1], node[3 * k + 2]);
      if (stride > 1) home -= (home % COLUMNS) % stride + (Math.floor(home / COLUMNS) % stride) * COLUMNS;
      offer(home, k);
      for (let i = around(home, stride, near) - 1; i >= 0; i--) offer(near[i], k);
    }
    while (heap.length) {
      const cell = heap.pop(), k = by[cell];
      for (let i = around(cell, stride, next) - 1; i >= 0; i--) offer(next[i], k);
    }
    return best;
  }

  nmTo(k, cell) {
    const { at, node } = this, i = 3 * k, j = 3 * cell;
    const dot = node[i] * at[j] + node[i + 1] * at[j + 1] + node[i + 2] * at[j + 2];
    return Math.acos(Math.max(-1, Math.min(1, dot))) * RADIUS_NM;
  }

  /** Whether no land of the raster lies between a node and a point, but near them. */
  sees(k, cell, away) {
    const { at, node, land } = this, i = 3 * k, j = 3 * cell, steps = Math.ceil(away / SIGHT_NM);
    for (let s = 1; s < steps; s++) {
      const f = s / steps;
      if (f * away < NEAR_NM || (1 - f) * away < NEAR_NM / 2) continue;
      const x = node[i] + f * (at[j] - node[i]), y = node[i + 1] + f * (at[j + 1] - node[i + 1]);
      if (land[cellOf(x, y, node[i + 2] + f * (at[j + 2] - node[i + 2]))]) return false;
    }
    return true;
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
    const { at } = this, i = 3 * one, j = 3 * other;
    return Math.acos(Math.min(1, at[i] * at[j] + at[i + 1] * at[j + 1] + at[i + 2] * at[j + 2])) * RADIUS_NM;
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
