// The sparse graph of the sea and the shortest paths through it.
//
// An edge has a length and a code, the number of the set of passages that it crosses. A search brings a table of the
// codes that are closed, and of the groups that each crosses: a path must cross one passage of each group, once, so that
// the graph is copied once for every subset of groups crossed (layers).

import { geodesicNm, reduced } from './geodesy.js';
import { columns, starts, summed } from './bytes.js';

/** A binary heap of states by key, each in it once. */
export class Heap {
  constructor(size) {
    this.items = new Int32Array(size);
    this.place = new Int32Array(size).fill(-1);
    this.key = new Float64Array(size);
    this.length = 0;
  }

  clear() {
    this.place.fill(-1);
    this.length = 0;
  }

  /** Enter a state, or bring it to a lower key. */
  set(item, key) {
    let at = this.place[item];
    if (at < 0) at = this.length++;
    this.key[item] = key;
    const { items, place, key: keys } = this;
    while (at > 0) {
      const up = (at - 1) >> 1, other = items[up];
      if (keys[other] <= key) break;
      items[at] = other;
      place[other] = at;
      at = up;
    }
    items[at] = item;
    place[item] = at;
  }

  /** Take out the state of the lowest key. */
  pop() {
    const { items, place, key: keys } = this;
    const top = items[0], last = items[--this.length];
    place[top] = -1;
    if (this.length > 0) {
      const own = keys[last];
      let at = 0;
      for (;;) {
        let down = 2 * at + 1;
        if (down >= this.length) break;
        if (down + 1 < this.length && keys[items[down + 1]] < keys[items[down]]) down++;
        const other = items[down];
        if (keys[other] >= own) break;
        items[at] = other;
        place[other] = at;
        at = down;
      }
      items[at] = last;
      place[last] = at;
    }
    return top;
  }
}

/** Undirected edges as rows of neighbours. */
export class Graph {
  constructor(size, first, second, nm, code) {
    this.size = size;
    const count = first.length;
    const start = new Int32Array(size + 1);
    for (let k = 0; k < count; k++) {
      start[first[k] + 1]++;
      start[second[k] + 1]++;
    }
    for (let k = 0; k < size; k++) start[k + 1] += start[k];
    const fill = start.slice(0, size);
    this.start = start;
    this.to = new Uint16Array(2 * count);
    this.nm = new Float64Array(2 * count);
    this.code = new Uint16Array(2 * count);
    for (let k = 0; k < count; k++) {
      const a = fill[first[k]]++, b = fill[second[k]]++;
      this.to[a] = second[k];
      this.to[b] = first[k];
      this.nm[a] = this.nm[b] = nm[k];
      this.code[a] = this.code[b] = code[k];
    }
    this.heaps = new Map();
  }

  /** The network of a page. */
  static of(told) {
    const a = told.arrays;
    const [lon, lat] = columns(a.node_lonlat, 1e-5);
    const size = lon.length, count = a.edge_second.length;
    const sin = new Float64Array(size), cos = new Float64Array(size), east = new Float64Array(size);
    for (let k = 0; k < size; k++) [sin[k], cos[k], east[k]] = reduced(lon[k], lat[k]);
    const first = new Uint16Array(count), nm = new Float64Array(count), code = new Uint16Array(count);
    const row = starts(a.edge_count);
    for (let i = 0; i < size; i++) {
      for (let k = row[i]; k < row[i + 1]; k++) {
        const j = a.edge_second[k];
        first[k] = i;
        nm[k] = geodesicNm(sin[i], cos[i], east[i], sin[j], cos[j], east[j]);
      }
    }
    summed(a.edge_gated).forEach((edge, k) => { code[edge] = a.edge_code[k]; });
    summed(a.given).forEach((edge, k) => { nm[edge] = a.given_nm[k]; });
    const graph = new Graph(size, first, a.edge_second, nm, code);
    Object.assign(graph, { lon, lat, sin, cos, east });
    return graph;
  }

  heap(states) {
    if (!this.heaps.has(states)) this.heaps.set(states, new Heap(states));
    const heap = this.heaps.get(states);
    heap.clear();
    return heap;
  }

  /**
   * Shortest paths from an end {node, nm, code} to every node: `dist` (layers x nodes) by the groups crossed so far, and
   * `before`, the state before each (-1: none). Until `goal`, where one is given: then only the states that matter are
   * settled. `low` gives for each state a length that no path from it to the goal falls short of, `goal` and `low`
   * together make the search goal-directed (A*).
   */
  search(end, rule, goal = null, low = null) {
    const n = this.size, layers = rule.layers, states = n * layers;
    const dist = new Float64Array(states).fill(Infinity), before = new Int32Array(states).fill(-1);
    const heap = this.heap(states);
    const done = new Uint8Array(states);
    const { start, to, nm, code } = this, { shut, sets } = rule;
    const toGoal = goal ? this.goals(goal, rule) : null;
    let best = Infinity, last = -1;
    for (let k = 0; k < end.node.length; k++) {
      if (shut[end.code[k]]) continue;
      const s = end.node[k] + sets[end.code[k]] * n;
      if (end.nm[k] < dist[s]) {
        dist[s] = end.nm[k];
        heap.set(s, dist[s] + (low ? low(s) : 0));
      }
    }
    while (heap.length) {
      const s = heap.pop();
      if (heap.key[s] >= best) break;
      done[s] = 1;
      const d = dist[s];
      if (toGoal && toGoal.has(s) && d + toGoal.get(s) < best) {
        best = d + toGoal.get(s);
        last = s;
      }
      const i = s % n, layer = (s - i) / n;
      for (let k = start[i], stop = start[i + 1]; k < stop; k++) {
        const c = code[k];
        let t = to[k] + layer * n;
        if (c) {
          if (shut[c] || sets[c] & layer) continue;
          t += sets[c] * n;
        }
        const reached = d + nm[k];
        if (reached < dist[t] && !done[t]) {
          const bound = low ? reached + low(t) : reached;
          if (bound < best) {
            dist[t] = reached;
            before[t] = s;
            heap.set(t, bound);
          }
        }
      }
    }
    return { dist, before, best, last, n };
  }

  /** The length that is left at each state from which a goal is reached. */
  goals(goal, rule) {
    const out = new Map(), every = rule.layers - 1;
    for (let k = 0; k < goal.node.length; k++) {
      if (rule.shut[goal.code[k]]) continue;
      const s = goal.node[k] + (every & ~rule.sets[goal.code[k]]) * this.size;
      if (!(out.get(s) <= goal.nm[k])) out.set(s, goal.nm[k]);
    }
    return out;
  }
}

/** The nodes of the path that a search has found, in the order in which it ran. */
export function pathOf(found, state = found.last) {
  const out = [];
  for (let s = state; s >= 0; s = found.before[s]) out.push(s % found.n);
  return out.reverse();
}

/** What a search minds: for each code whether it is closed, and the groups that it crosses. Sets are BigInt. */
export function ruleOf(codes, closed, groups) {
  const shut = new Uint8Array(codes.length), sets = new Uint8Array(codes.length);
  for (let c = 0; c < codes.length; c++) {
    shut[c] = (codes[c] & closed) !== 0n ? 1 : 0;
    groups.forEach((group, g) => { if ((codes[c] & group) !== 0n) sets[c] |= 1 << g; });
  }
  return { shut, sets, layers: 1 << groups.length };
}
