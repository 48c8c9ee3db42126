// Places on the network, named routes, and routes between places under closures and for a ship's size.

import { columns, starts, summed } from './bytes.js';
import { arcsMeet, geodesicNm, lengthNm, reduced, shareCrossed, vector } from './geodesy.js';
import { Graph, pathOf, ruleOf } from './graph.js';

const ARCTIC = 4, LISTED = 8, INSIDE = 16;
const TOUCHES = 1n << 64n, CORNER = 1n << 65n; // above the passages
const DETOUR = 1.15, DETOUR_NM = 3, NEAR_NM = 160;
const KEPT = 400;

const bits = (hex) => BigInt(`0x${hex}`);

/** The network with its ports, passages and named routes. Never changes: closures belong to a call. */
export class Sea {
  constructor(told) {
    const a = told.arrays;
    this.codes = Array.from(a.codes, (set, k) => set | (BigInt(a.code_flags[k]) << 64n));
    this.codeOf = new Map(this.codes.map((set, k) => [set, k]));
    this.passages = told.passages.map((p, k) => ({ ...p, bit: 1n << BigInt(k), ends: p.gate.map(vector) }));
    this.byId = new Map(this.passages.map((p) => [p.id, p]));
    this.routes = told.routes.map((r) => ({
      ...r, use: r.use.map(([use, instead]) => [bits(use), bits(instead)]),
      barred: bits(r.barred), barred_arctic: bits(r.barred_arctic),
    }));
    this.graph = Graph.of(told);
    this.mask = a.mask;
    this.canalOf = new Map(Array.from(summed(a.canal_node), (node, k) => [node, a.canal_of[k]]));
    this.readPorts(a);
    this.bases = new Map();
    this.found = new Map();
    this.searched = 0;
  }

  readPorts(a) {
    const [lon, lat] = columns(a.port_way, 1e-5);
    this.way = { at: starts(a.port_way_count), lon, lat };
    this.ends = { at: starts(a.end_count), node: a.end_node, code: new Uint16Array(a.end_node.length) };
    summed(a.end_gated).forEach((k, row) => { this.ends.code[k] = a.end_code[row]; });
    this.port = { lonlat: a.port_lonlat, flags: a.port_flags, approach: a.port_approach, code: new Map() };
    summed(a.port_way_gated).forEach((k, row) => this.port.code.set(k, a.port_way_code[row]));
    const row = starts(a.sees_count), other = a.sees_other;
    this.sees = new Set();
    for (let i = 0, sum = 0; i < a.sees_count.length; i++) {
      for (let k = row[i]; k < row[i + 1]; k++) {
        sum += other[k];
        this.sees.add(a.port_loose[i] * 65536 + a.port_loose[sum]);
      }
    }
    this.places = new Map();
  }

  /** The place of a port by its row. */
  portPlace(k) {
    if (!this.places.has(k)) {
      const { at, lon, lat } = this.way, way = [];
      for (let i = at[k]; i < at[k + 1]; i++) way.push([lon[i], lat[i]]);
      const sea = way[way.length - 1], flags = this.port.flags[k], listed = Boolean(flags & LISTED);
      const node = Array.from(this.ends.node.subarray(this.ends.at[k], this.ends.at[k + 1]));
      const code = Array.from(this.ends.code.subarray(this.ends.at[k], this.ends.at[k + 1]));
      this.places.set(k, {
        key: `p${k}`, port: k, lonlat: [this.port.lonlat[2 * k] / 1e5, this.port.lonlat[2 * k + 1] / 1e5], way, sea,
        approach: this.port.approach[k] / 1e4, wayCode: this.port.code.get(k) ?? 0, listed, arctic: Boolean(flags & ARCTIC),
        inside: Boolean(flags & INSIDE), end: { node, code, nm: listed ? [0] : this.toNodes(sea, node) },
      });
    }
    return this.places.get(k);
  }

  toNodes(sea, nodes) {
    const own = reduced(...sea), { sin, cos, east } = this.graph;
    return nodes.map((n) => geodesicNm(own[0], own[1], own[2], sin[n], cos[n], east[n]));
  }

  /** The passages whose gate the arc from a to b (unit vectors) crosses. */
  crossed(a, b) {
    let out = 0n;
    for (const p of this.passages) if (p.kind !== 'canal' && arcsMeet(a, b, ...p.ends)) out |= p.bit;
    return out;
  }

  /** The code of a set of passages, with the flag of a leg that touches the water kept off. */
  codeFor(set, touches) {
    const whole = touches ? set | TOUCHES : set;
    if (!this.codeOf.has(whole)) {
      this.codeOf.set(whole, this.codes.length);
      this.codes.push(whole);
    }
    return this.codeOf.get(whole);
  }

  bitsOf(ids) {
    let out = 0n;
    for (const id of ids) out |= this.byId.get(id)?.bit ?? 0n;
    return out;
  }

  /** The passages that a ship {draft_m, beam_m, length_m} is too big for; what is null is not known and passes. */
  refused(ship) {
    const over = (size, limit) => size != null && limit != null && size > limit;
    return this.passages.filter(
      (p) => over(ship.draft_m, p.draft_m) || over(ship.beam_m, p.beam_m) || over(ship.length_m, p.length_m),
    );
  }

  shut(closed, ship) {
    return this.refused(ship).reduce((set, p) => set | p.bit, closed);
  }

  /** What a named route asks of a path between two places while passages `shut` (a set of bits) are closed. */
  demand(name, start, goal, shut) {
    const route = this.routes.find((r) => r.name === name);
    const barred = start.arctic || goal.arctic ? route.barred_arctic : route.barred;
    const groups = route.use.map(([use, instead]) => (instead && (use & ~shut) === 0n ? instead : use));
    const off = route.keeps_off && !start.inside && !goal.inside;
    const own = barred | (off ? TOUCHES : CORNER);
    return { base: own, closed: own | shut, groups, off: Boolean(off) };
  }

  /** The route between two places: {status, nm, passages, path, legs, reason, near}. */
  route(name, start, goal, closed = 0n, ship = {}) {
    if (start.key === goal.key) return { status: 'same' };
    const demand = this.demand(name, start, goal, this.shut(closed, ship));
    const key = [start.key, goal.key, demand.closed, ...demand.groups].join(' ');
    if (!this.found.has(key)) {
      if (this.found.size > KEPT) this.found.clear();
      this.found.set(key, this.solved(start, goal, demand));
    }
    return this.found.get(key);
  }

  solved(start, goal, demand) {
    if (!demand.off && !start.listed && !goal.listed) {
      const leg = this.direct(start, goal, demand);
      if (leg) return this.described(start, goal, { nm: leg.nm, nodes: [] }, demand.closed);
    }
    if (demand.groups.some((group) => (group & ~demand.closed) === 0n)) return { status: 'unreachable' };
    const base = this.base(start, goal, demand);
    if (base.nodes === null) return { status: 'unreachable' };
    if ((base.bits & demand.closed) === 0n) return this.described(start, goal, base, demand.closed);
    const rule = ruleOf(this.codes, demand.closed, demand.groups);
    const n = this.graph.size, every = rule.layers - 1, known = base.dist;
    const low = (s) => {
      const layer = Math.floor(s / n);
      return known[s - layer * n + (every & ~layer) * n];
    };
    this.searched++;
    const found = this.graph.search(goal.end, rule, start.end, low);
    if (!Number.isFinite(found.best)) return { status: 'unreachable' };
    return this.described(start, goal, { nm: found.best, nodes: pathOf(found).reverse() }, demand.closed);
  }

  /** The route with nothing closed but by itself, and the lengths from the start to every state. */
  base(start, goal, demand) {
    const key = [start.key, goal.key, demand.base, ...demand.groups].join(' ');
    if (this.bases.has(key)) return this.bases.get(key);
    const rule = ruleOf(this.codes, demand.base, demand.groups);
    const found = this.graph.search(start.end, rule);
    let nm = Infinity, last = -1;
    for (const [s, left] of this.graph.goals(goal.end, rule)) {
      if (found.dist[s] + left < nm) [nm, last] = [found.dist[s] + left, s];
    }
    const out = { nm, nodes: last < 0 ? null : pathOf(found, last), dist: found.dist, bits: 0n };
    if (out.nodes) out.bits = this.legs(start, goal, out.nodes, demand.base).reduce((sum, leg) => sum | leg.bits, 0n);
    if (this.bases.size > 12) this.bases.delete(this.bases.keys().next().value);
    this.bases.set(key, out);
    return out;
  }

  /** The straight leg between two places that are no nodes and see each other. */
  direct(start, goal, demand) {
    const [a, b] = [start, goal].map((p) => p.port);
    const seen = a == null || b == null ? this.seesPlace?.(start, goal) : this.sees.has(Math.min(a, b) * 65536 + Math.max(a, b));
    if (!seen) return null;
    const set = this.crossed(vector(start.sea), vector(goal.sea)) | this.codes[start.wayCode] | this.codes[goal.wayCode];
    if ((set & demand.closed) !== 0n || demand.groups.some((group) => (set & group) === 0n)) return null;
    return { nm: lengthNm(start.sea, goal.sea), bits: set };
  }

  /** The legs {nm, bits} from sea point to sea point over nodes; a set of bits is closed. */
  legs(start, goal, nodes, closed) {
    if (!nodes.length) {
      return [{ nm: lengthNm(start.sea, goal.sea), bits: this.crossed(vector(start.sea), vector(goal.sea)) }];
    }
    const end = (place, node) => {
      let best = -1;
      place.end.node.forEach((n, k) => {
        if (n !== node || (this.codes[place.end.code[k]] & closed) !== 0n) return;
        if (best < 0 || place.end.nm[k] < place.end.nm[best]) best = k;
      });
      return { nm: place.end.nm[best], bits: this.codes[place.end.code[best]] };
    };
    const out = [end(start, nodes[0])];
    const { start: row, to, nm, code } = this.graph;
    for (let k = 0; k + 1 < nodes.length; k++) {
      let best = -1;
      for (let e = row[nodes[k]]; e < row[nodes[k] + 1]; e++) {
        if (to[e] !== nodes[k + 1] || (this.codes[code[e]] & closed) !== 0n) continue;
        if (best < 0 || nm[e] < nm[best]) best = e;
      }
      out.push({ nm: nm[best], bits: this.codes[code[best]] });
    }
    return [...out, end(goal, nodes[nodes.length - 1])];
  }

  /** What is told of a path; `legNm` and `canals` (the passage a leg lies in, or -1) are of the legs of `path`. */
  described(start, goal, found, closed) {
    const { lon, lat } = this.graph, { nodes } = found;
    const corners = [start.sea, ...nodes.map((n) => [lon[n], lat[n]]), goal.sea];
    const legs = this.legs(start, goal, nodes, closed), into = sharedOut(goal.way, goal.approach).reverse();
    const legNm = sharedOut(start.way, start.approach), own = this.codes[start.wayCode] | this.codes[goal.wayCode];
    const canals = legNm.map(() => -1), crossings = [], canal = [-1, ...nodes.map((n) => this.canalOf.get(n) ?? -1), -1];
    this.enter(crossings, this.codes[start.wayCode], 0, null);
    let at = start.approach;
    legs.forEach((leg, k) => {
      this.enter(crossings, leg.bits & ~own, at, leg.nm, vector(corners[k]), vector(corners[k + 1]));
      at += leg.nm;
      legNm.push(leg.nm);
      canals.push(canal[k] === canal[k + 1] ? canal[k] : -1);
    });
    const nm = start.approach + found.nm + goal.approach;
    this.enter(crossings, this.codes[goal.wayCode], nm, null);
    crossings.sort((a, b) => a.at - b.at);
    const straight = lengthNm(start.lonlat, goal.lonlat);
    return {
      status: 'ok', nm, passages: [...new Set(crossings.map((c) => c.id))], crossings,
      path: [...start.way, ...corners.slice(1, -1), ...goal.way.slice().reverse()],
      legNm: [...legNm, ...into], canals: [...canals, ...into.map(() => -1)],
      near: straight < NEAR_NM && nm > DETOUR * straight + DETOUR_NM,
    };
  }

  enter(crossings, set, at, nm, a, b) {
    if (!set) return;
    for (const p of this.passages) {
      if ((set & p.bit) === 0n) continue;
      const share = nm === null ? 0 : p.kind === 'canal' ? 0.5 : shareCrossed(a, b, ...p.ends);
      crossings.push({ id: p.id, at: at + (nm === null ? 0 : nm * share) });
    }
  }
}

/** A counted length shared over the pieces of a line. */
function sharedOut(way, total) {
  const own = way.slice(1).map((place, k) => lengthNm(way[k], place)), drawn = own.reduce((sum, nm) => sum + nm, 0);
  return drawn > 0 ? own.map((nm) => (total * nm) / drawn) : own;
}
