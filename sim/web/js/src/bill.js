// What a voyage in open water burns and costs: sums over its days, tonnes and passages, at what each adds (sim/web/bill.py).

import { speedOn } from './course.js';
import { lonlat, NM, vector } from './geodesy.js';

const STEP_NM = 5;
const KEPT = 5000; // legs
const STEP = (STEP_NM * NM) / 6371008.8; // radians

/** A polygon of flat lon, lat degrees with its bounds. */
function outline(flat) {
  const corners = [];
  for (let k = 0; k < flat.length; k += 2) corners.push([flat[k], flat[k + 1]]);
  const lon = corners.map((c) => c[0]), lat = corners.map((c) => c[1]);
  return { corners, west: Math.min(...lon), east: Math.max(...lon), south: Math.min(...lat), north: Math.max(...lat) };
}

function holds({ corners, west, east, south, north }, lon, lat) {
  if (lat < south || lat > north) return false;
  for (const x of [lon - 360, lon, lon + 360]) {
    if (x < west || x > east) continue;
    let odd = false;
    for (let k = 0, j = corners.length - 1; k < corners.length; j = k++) {
      const [x0, y0] = corners[j], [x1, y1] = corners[k];
      if (y0 > lat !== y1 > lat && x < x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
    if (odd) return true;
  }
  return false;
}

/** The bill of a page's ship; `told` as sim/web/bill.py gives it. */
export class Bill {
  constructor(told) {
    this.told = told;
    this.waters = Object.entries(told.waters).map(([name, groups]) => [name, groups.map((group) => group.map(outline))]);
    this.eea = new Set(told.eea);
    this.known = new WeakMap();
    this.legs = new Map();
  }

  /** For each leg of a path the shares of it in emission control areas, Arctic waters and the NSR: {area, arctic, nsr}. */
  shares(path) {
    if (!this.known.has(path)) {
      this.known.set(path, path.slice(1).map((end, k) => this.sharesOfLeg(path[k], end)));
    }
    return this.known.get(path);
  }

  /** The same of one leg; most legs of a route are those of another. */
  sharesOfLeg(one, other) {
    const key = `${one} ${other}`;
    if (!this.legs.has(key)) {
      if (this.legs.size > KEPT) this.legs.clear();
      this.legs.set(key, this.sharesOf(vector(one), vector(other)));
    }
    return this.legs.get(key);
  }

  sharesOf(a, b) {
    const apart = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
    const pieces = Math.max(1, Math.ceil(apart / STEP)), sin = Math.sin(apart), out = { area: 0, arctic: 0, nsr: 0 };
    for (let k = 0; k < pieces; k++) {
      const f = (k + 0.5) / pieces;
      const [p, q] = sin > 1e-9 ? [Math.sin((1 - f) * apart) / sin, Math.sin(f * apart) / sin] : [1 - f, f];
      const [lon, lat] = lonlat([p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]]);
      for (const [name, groups] of this.waters) {
        for (const group of groups) if (group.some((o) => holds(o, lon, lat))) out[name] += 1 / pieces;
      }
    }
    return out;
  }

  /** Tonnes a day of the main engine at a speed in knots. */
  mainTpd(knots) {
    const { kn, tpd, exponent, most_tpd: most } = this.told.main;
    return Math.min(tpd * (knots / kn) ** exponent, most);
  }

  /**
   * {fuel_t, co2_t, usd, missing} of a route and its course at a speed; `countries` are those of its ends (null: none).
   * `usd` and `co2_t` are null where they are not known; `missing` are lines that ought to be in the dollars.
   */
  of(route, course, knots, limitOf, countries) {
    const { told } = this, shares = this.shares(route.path), days = course.hours / 24;
    const sum = { day: days, main: 0, area: 0, arctic: 0, nsr_day: 0, once: 1 };
    let nsr = 0;
    route.legNm.forEach((nm, k) => {
      const speed = speedOn(route, k, knots, limitOf), legDays = nm / speed / 24, main = this.mainTpd(speed) * legDays;
      const { area, arctic, nsr: north } = shares[k], all = main + told.aux_tpd * legDays;
      sum.main += main;
      sum.area += Math.min(area, 1) * all;
      sum.arctic += Math.min(arctic, 1) * all;
      sum.nsr_day += north * legDays;
      nsr += north * nm;
    });
    sum.nsr_once = nsr >= 1 ? 1 : 0;
    if (nsr < 1) sum.nsr_day = 0;
    const fuel = sum.main + told.aux_tpd * days;
    const total = (adds) => Object.entries(adds).reduce((out, [name, value]) => out + value * sum[name], 0);
    if (!told.usd) return { fuel_t: fuel, co2_t: told.co2 ? total(told.co2) : null, usd: null, missing: [] };
    const [from, to] = countries.map((c) => (this.eea.has(c) ? 1 : 0)), { usd, missing } = this.tolls(route.passages);
    if (countries.includes(null)) missing.push('EU ETS');
    return { fuel_t: fuel, co2_t: total(told.co2), usd: total(told.usd[from][to]) + usd, missing };
  }

  /** What the fuel and the dollars are of. */
  words(rows) {
    const { ship, reference, priced, day, usd } = this.told;
    const own = reference ? `of a reference ship, ${ship}` : `of ${ship}`;
    if (!usd) return `Fuel ${own}. No cost: a price that it needs is not known.`;
    const prices = priced ? 'prices of the scenario and the tables' : 'hire, fuel, tolls and EU rules by the tables';
    const lacks = rows.some((r) => r.bill?.missing.length) ? ' “!”: a toll or charge is not in the sum.' : '';
    return `Fuel, CO\u2082 and cost ${own}; ${prices}, ${day}. No ice, no escort.${lacks}`;
  }

  tolls(passages) {
    const { usd, missing, together, less } = this.told.passages;
    const paid = passages.reduce((sum, id) => sum + (usd[id] ?? 0), 0) - (together.every((id) => passages.includes(id)) ? less : 0);
    return { usd: paid, missing: passages.flatMap((id) => missing[id] ?? []) };
  }
}

