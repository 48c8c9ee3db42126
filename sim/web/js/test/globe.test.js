import assert from 'node:assert/strict';
import { test } from 'node:test';
import { geoPath } from 'd3-geo';
import { visible } from '../src/draw.js';
import { discOf, dragged, facing, projectionOf, zoomed } from '../src/globe.js';

const start = { projection: 'world', lon: 10, lat: 30, zoom: 1, x: 0, y: 0 };
const WIDTH = 900, HEIGHT = 600;

for (const name of ['world', 'globe', 'polar']) {
  test(`places come back from the map: ${name}`, () => {
    const view = facing(start, name), projection = projectionOf(view, WIDTH, HEIGHT);
    for (const place of [[10, 60], [30, 45], [-20, 70]]) {
      const at = visible(projection, place, discOf(view, WIDTH, HEIGHT));
      assert.ok(at[0] > 0 && at[0] < WIDTH && at[1] > 0 && at[1] < HEIGHT);
      projection.invert(at).forEach((value, k) => assert.ok(Math.abs(value - place[k]) < 1e-6));
    }
  });
}

test('the far side of the globe and the south of a polar map are not shown', () => {
  const globe = facing(start, 'globe'), polar = facing(start, 'polar');
  assert.equal(visible(projectionOf(globe, WIDTH, HEIGHT), [-170, -40]), null);
  assert.equal(visible(projectionOf(polar, WIDTH, HEIGHT), [0, 5], discOf(polar, WIDTH, HEIGHT)), null);
});

test('zooming keeps the place beneath the pointer on a polar map', () => {
  const view = facing(start, 'polar'), at = [520, 250], before = projectionOf(view, WIDTH, HEIGHT).invert(at);
  const after = projectionOf(zoomed(view, 2, at, WIDTH, HEIGHT), WIDTH, HEIGHT).invert(at);
  before.forEach((value, k) => assert.ok(Math.abs(value - after[k]) < 1e-6));
});

test('dragging the world all the way round comes back', () => {
  let view = start;
  for (let k = 0; k < 36; k++) view = dragged(view, 25, 0, [450, 300], WIDTH, HEIGHT);
  assert.ok(view.lon >= -180 && view.lon <= 180);
  const there = dragged(start, 40, 30, [450, 300], WIDTH, HEIGHT), back = dragged(there, -40, -30, [450, 300], WIDTH, HEIGHT);
  assert.ok(Math.abs(back.lon - start.lon) < 1e-9 && Math.abs(back.y - start.y) < 1e-9);
});

test('an island with a corner on the equator does not turn the polar map inside out', () => {
  const island = { type: 'Polygon', coordinates: [[[98.55, -0.38], [98.3, 0], [98.44, -0.05], [98.56, -0.28], [98.55, -0.38]]] };
  for (const lon of [65, 79, 80, 81]) {
    const path = geoPath(projectionOf({ ...start, projection: 'polar', lon }, WIDTH, HEIGHT));
    assert.ok(path.area(island) < 1, `at ${lon}`);
  }
});
