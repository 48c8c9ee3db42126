import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf, COLUMNS, outlines, rasterOf, ROWS, STEP } from '../src/raster.js';
import { vector } from '../src/geodesy.js';

const cell = (lon, lat) => cellOf(...vector([lon, lat]));

test('a point of the raster is the one nearest to a place', () => {
  assert.equal(cell(-180, -90 + STEP), COLUMNS);
  assert.equal(cell(179.9, 0), cell(-180, 0));
  assert.equal(cell(12.1, 40.2), cell(12, 40));
});

test('land is within its rings, without their holes', () => {
  const land = rasterOf([[[0, 0], [0, 20], [20, 20], [20, 0]], [[8, 8], [12, 8], [12, 12], [8, 12]]]);
  assert.equal(land[cell(4, 4)], 1);
  assert.equal(land[cell(10.2, 10.2)], 0);
  assert.equal(land[cell(30, 10)], 0);
  assert.equal(land[cell(0, -89)], 1);
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
