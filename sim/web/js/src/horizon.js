// Places in the open sea: which nodes of the network one sees past a coarse coast. An estimate, told as such: the
// command measures such places against the coast of the routes themselves.

import { arcsMeet, dot, vector } from './geodesy.js';

const BINS = 7200; // of azimuth, 0.05 degrees each
const CLEAR = 0.0006; // radians, about 2 nm: nodes lie so far off the coast

export class Horizon {
  /** `rings` are lists of [lon, lat], closed without a last corner. */
  constructor(rings) {
    this.rings = rings;
    this.segments = [];
    for (const ring of rings) {
      for (let k = 0; k < ring.length; k++) {
        const a = ring[k], b = ring[(k + 1) % ring.length];
        const seam = Math.abs(a[0]) > 179.99 && Math.abs(b[0]) > 179.99;
        if (!seam && !(a[1] < -89.9 || b[1] < -89.9)) this.segments.push([vector(a), vector(b)]);
      }
    }
  }

  /** Whether a place lies on land: an odd number of shores between it and the north pole. */
  onLand([lon, lat]) {
    let odd = false;
    for (const ring of this.rings) {
      for (let k = 0, j = ring.length - 1; k < ring.length; j = k++) {
        const [x0, y0] = ring[j], [x1, y1] = ring[k];
        if (x0 > lon !== x1 > lon && lat < y0 + ((lon - x0) / (x1 - x0)) * (y1 - y0)) odd = !odd;
      }
    }
    return odd;
  }

  /** The nodes, of lon and lat in degrees, that a place sees. */
  seen(place, lon, lat) {
    const at = vector(place);
    const flat = Math.hypot(at[0], at[1]) || 1e-12;
    const east = [-at[1] / flat, at[0] / flat, 0];
    const north = [-at[2] * east[1], at[2] * east[0], flat];
    const polar = (v) => [Math.atan2(dot(v, east), dot(v, north)), Math.acos(Math.max(-1, Math.min(1, dot(v, at))))];
    const nearest = new Float64Array(BINS).fill(Math.PI);
    for (const [a, b] of this.segments) {
      const [p, r] = polar(a), [q, s] = polar(b);
      let turn = q - p;
      if (turn > Math.PI) turn -= 2 * Math.PI;
      if (turn < -Math.PI) turn += 2 * Math.PI;
      const steps = Math.max(1, Math.ceil((Math.abs(turn) / (2 * Math.PI)) * BINS));
      for (let k = 0; k <= steps; k++) {
        const f = k / steps, az = p + f * turn;
        const bin = (Math.floor((az / (2 * Math.PI)) * BINS) + 2 * BINS) % BINS;
        const away = r + f * (s - r);
        if (away < nearest[bin]) nearest[bin] = away;
      }
    }
    const out = [];
    for (let k = 0; k < lon.length; k++) {
      const [az, away] = polar(vector([lon[k], lat[k]]));
      const bin = (Math.floor((az / (2 * Math.PI)) * BINS) + 2 * BINS) % BINS;
      if (away <= nearest[bin] + CLEAR && away < 1.9) out.push(k);
    }
    return out;
  }

  /** Whether two places see each other. */
  sees(one, other) {
    const a = vector(one), b = vector(other);
    if (dot(a, b) < -0.3) return false;
    return !this.segments.some(([p, q]) => arcsMeet(a, b, p, q));
  }
}

/** Whether a place lies in a polygon of [lon, lat], whose longitudes may run on above 180. */
export function insideWater(polygon, [lon, lat]) {
  const hit = (x) => {
    let odd = false;
    for (let k = 0, j = polygon.length - 1; k < polygon.length; j = k++) {
      const [x0, y0] = polygon[j], [x1, y1] = polygon[k];
      if (y0 > lat !== y1 > lat && x < x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
    return odd;
  };
  return hit(lon) || hit(lon + 360);
}

/** The place of a position in the open sea on a network; null on land. */
export function seaPlace(sea, horizon, lonlat, water, arcticBits) {
  if (horizon.onLand(lonlat)) return null;
  const { lon, lat } = sea.graph;
  const nodes = horizon.seen(lonlat, lon, lat).filter((k) => !sea.canalOf.has(k));
  if (!nodes.length) return null;
  const at = vector(lonlat);
  const code = nodes.map((k) => {
    const to = vector([lon[k], lat[k]]);
    let touches = false;
    for (let f = 0; f <= 1 && !touches; f += 0.02) {
      const v = [0, 1, 2].map((d) => (1 - f) * at[d] + f * to[d]);
      touches = insideWater(water, [Math.atan2(v[1], v[0]) / (Math.PI / 180), Math.atan2(v[2], Math.hypot(v[0], v[1])) / (Math.PI / 180)]);
    }
    return sea.codeFor(sea.crossed(at, to), touches);
  });
  const arctic = nodes.every((k) => (arcticBits[k >> 3] >> (7 - (k & 7))) & 1);
  return {
    key: `@${lonlat[1].toFixed(4)},${lonlat[0].toFixed(4)}`, port: null, lonlat, way: [lonlat], sea: lonlat, approach: 0,
    wayCode: 0, listed: false, arctic, inside: insideWater(water, lonlat), approximate: true,
    end: { node: nodes, code, nm: sea.toNodes(lonlat, nodes) },
  };
}
