import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf, COLUMNS, everyOther, FINE, maskOf, outlines, ROWS, STEP } from '../src/raster.js';
import { vector } from '../src/geodesy.js';

const cell = (lon, lat) => cellOf(...vector([lon, lat]));

test('a point of the raster is the one nearest to a place', () => {
  assert.equal(cell(-180, -90 + STEP), COLUMNS);
  assert.equal(cell(179.9, 0), cell(-180, 0));
  assert.equal(cell(12.1, 40.2), cell(12, 40));
});

test('runs of the fine raster cover its points, also across 180 degrees', () => {
  const width = 360 / FINE + 1, row = 1000 * width; // 10 N
  const edges = [row + 1800, row + 1806, row + 3599, row + 3601, row + width, row + width + 1];
  const fine = maskOf(edges.map((edge, k) => edge - (edges[k - 1] ?? 0)));
  const on = (lon, lat) => fine[cellOf(...vector([lon, lat]), FINE)];
  assert.deepEqual([on(-0.1, 10), on(0, 10), on(0.5, 10), on(0.6, 10)], [0, 1, 1, 0]);
  assert.deepEqual([on(179.8, 10), on(179.9, 10), on(180, 10), on(-180, 10), on(-179.9, 10)], [0, 1, 1, 1, 0]);
  assert.deepEqual([on(-180, 10.1), on(-179.9, 10.1), on(179.9, 10.1)], [1, 0, 0]);
  const rough = everyOther(fine);
  assert.deepEqual([rough[cell(0, 10)], rough[cell(0.5, 10)], rough[cell(1, 10)], rough[cell(0, 10.5)]], [1, 1, 0, 0]);
});

/** Area on the chart and turn of a ring; less than 0 clockwise. */
const signed = (ring) => ring.slice(1).reduce((sum, [x, y], k) => sum + (ring[k][0] * y - x * ring[k][1]) / 2, 0);

test('outlines hold what is 0 or more, cut between the points, each clockwise', () => {
  const spare = new Float64Array(COLUMNS * ROWS).fill(NaN);
  for (let lon = -40; lon <= 40; lon += STEP) for (let lat = -20; lat <= 20; lat += STEP) spare[cell(lon, lat)] = 10 - Math.hypot(lon, lat);
  const rings = outlines(spare), area = rings.reduce((sum, ring) => sum + signed(ring), 0);
  assert.ok(rings.every((ring) => signed(ring) <= 1e-12));
  assert.ok(Math.abs(-area - 100 * Math.PI) < 1, `area ${-area}`);
  for (const ring of rings) assert.deepEqual(ring[0], ring.at(-1));
});
