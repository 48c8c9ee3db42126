// Rasters of points over the globe: which of them obstacles cover, and the outlines of what is within some of them.

import { RAD, reducedVector } from './geodesy.js';

export const STEP = 0.5; // degrees between its points
export const COLUMNS = 360 / STEP, ROWS = 180 / STEP + 1;
export const FINE = 0.1; // degrees between points of the fine raster, on which lines of sight are followed
const FINE_COLUMNS = 3600;

/** Points of the fine raster that obstacles cover, from the starts and the ends of their runs, each as a step from the one before. */
export function maskOf(runs) {
  const land = new Uint8Array(FINE_COLUMNS * (180 / FINE + 1));
  for (let k = 0, at = 0; k + 1 < runs.length; k += 2) {
    const begin = at + runs[k], row = Math.floor(begin / (FINE_COLUMNS + 1)); // rows of the runs have both 180 W and 180 E
    at = begin + runs[k + 1];
    for (let c = begin - row * (FINE_COLUMNS + 1), end = at - row * (FINE_COLUMNS + 1); c < end; c++) land[row * FINE_COLUMNS + (c % FINE_COLUMNS)] = 1;
  }
  return land;
}

/** The points of the fine raster that are those of the other one. */
export function everyOther(fine) {
  const times = Math.round(STEP / FINE), out = new Uint8Array(COLUMNS * ROWS);
  for (let r = 0; r < ROWS; r++) for (let c = 0; c < COLUMNS; c++) out[r * COLUMNS + c] = fine[r * times * FINE_COLUMNS + c * times];
  return out;
}

/** Points of the raster as unit vectors of their reduced latitudes, (points x 3). */
export function points() {
  const out = new Float64Array(COLUMNS * ROWS * 3);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) out.set(reducedVector([c * STEP - 180, r * STEP - 90]), 3 * (r * COLUMNS + c));
  }
  return out;
}

/** The point of a raster nearest to a place, a vector of any length. */
export const cellOf = (x, y, z, step = STEP) => {
  const lat = Math.atan2(z, Math.sqrt(x * x + y * y)) / RAD, lon = Math.atan2(y, x) / RAD, columns = Math.round(360 / step);
  return Math.round((lat + 90) / step) * columns + (Math.round((lon + 180) / step) % columns);
};

/** The neighbours of a point, `stride` points away: eight, fewer at the poles. Into `out`; how many. */
export function around(cell, stride, out) {
  const r = Math.floor(cell / COLUMNS), c = cell % COLUMNS;
  let n = 0;
  for (let dr = -stride; dr <= stride; dr += stride) {
    if (r + dr < 0 || r + dr >= ROWS) continue;
    for (let dc = -stride; dc <= stride; dc += stride) if (dr || dc) out[n++] = (r + dr) * COLUMNS + ((c + dc + COLUMNS) % COLUMNS);
  }
  return n;
}

/** The raster where it is 0 or more, as rings of [lon, lat], clockwise: squares joined along rows, cut at the border. */
export function outlines(spare) {
  const value = (r, c) => { const v = spare[r * COLUMNS + (c % COLUMNS)]; return Number.isNaN(v) ? -STEP * 60 : v; };
  const place = (r, c) => [c * STEP - 180, r * STEP - 90], out = [];
  for (let r = 0; r + 1 < ROWS; r++) {
    let run = -1;
    const close = (c) => {
      if (run < 0) return;
      const top = [], bottom = [];
      for (let k = run; k <= c; k++) {
        top.push(place(r + 1, k));
        bottom.push(place(r, k));
      }
      out.push([...top, ...bottom.reverse(), top[0]]);
      run = -1;
    };
    for (let c = 0; c < COLUMNS; c++) {
      if (!(value(r, c) >= 0 || value(r, c + 1) >= 0 || value(r + 1, c) >= 0 || value(r + 1, c + 1) >= 0)) {
        close(c);
        continue;
      }
      const corners = [[r + 1, c], [r + 1, c + 1], [r, c + 1], [r, c]], v = corners.map(([a, b]) => value(a, b));
      const inside = v.filter((x) => x >= 0).length;
      if (inside === 4) {
        if (run < 0) run = c;
        if (c - run >= 40) close(c);
        if (run < 0) run = c;
        continue;
      }
      close(c);
      if (inside) out.push(cut(corners.map(([a, b]) => place(a, b)), v));
    }
    close(COLUMNS);
  }
  return out;
}

/** The part of a square where the values of its corners are 0 or more. */
function cut(corners, v) {
  const ring = [];
  corners.forEach((corner, k) => {
    const next = corners[(k + 1) % 4], [a, b] = [v[k], v[(k + 1) % 4]];
    if (a >= 0) ring.push(corner);
    if (a >= 0 !== b >= 0) {
      const f = a / (a - b);
      ring.push([corner[0] + f * (next[0] - corner[0]), corner[1] + f * (next[1] - corner[1])]);
    }
  });
  return [...ring, ring[0]];
}
