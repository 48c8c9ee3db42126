import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arcsMeet, lengthNm, shareCrossed, vector } from '../src/geodesy.js';

test('known geodesics of WGS84', () => {
  // a degree along the equator is a share of its circumference
  assert.ok(Math.abs(lengthNm([10, 0], [11, 0]) - (6378.137 * Math.PI) / 180 / 1.852) < 1e-6);
  // the quadrant of the meridian is 10,001,965.729 m (H. Moritz, Geodetic Reference System 1980, and WGS84's flattening)
  assert.ok(Math.abs(lengthNm([0, 0], [0, 90]) - 10001965.729 / 1852) < 1e-5);
  assert.equal(lengthNm([5, 5], [5, 5]), 0);
});

test('a length is the same back, and with 360 degrees added', () => {
  for (const [a, b] of [[[121, 38], [4, 51]], [[-170, 66], [170, 70]], [[18, -34], [100, -6]], [[179.9, 0], [-179.9, 0]]]) {
    assert.ok(Math.abs(lengthNm(a, b) - lengthNm(b, a)) < 1e-8);
    assert.ok(Math.abs(lengthNm(a, b) - lengthNm([a[0] + 360, a[1]], b)) < 1e-6);
  }
});

test('arcs meet where they cross, not on the far side and not beyond their ends', () => {
  const gate = [vector([10, -1]), vector([10, 1])];
  assert.ok(arcsMeet(vector([9, 0]), vector([11, 0]), ...gate));
  assert.ok(!arcsMeet(vector([9, 2]), vector([11, 2]), ...gate));
  assert.ok(!arcsMeet(vector([11, 0]), vector([12, 0]), ...gate));
  assert.ok(!arcsMeet(vector([-171, 0]), vector([-169, 0]), ...gate));
  assert.ok(Math.abs(shareCrossed(vector([9, 0]), vector([13, 0]), ...gate) - 0.25) < 1e-9);
});
