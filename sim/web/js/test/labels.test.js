import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxesOf } from '../src/labels.js';

test('a name stands beside its place, off the dots, the other name and the rim', () => {
  const size = [400, 300], dots = [[130, 85], [330, 150]];
  const places = [{ at: [110, 100], width: 60 }, { at: [115, 108], width: 50 }, { at: [395, 295], width: 80 }, { at: [3, 4], width: 70 }];
  const boxes = boxesOf(places, dots, size);
  for (const [k, box] of boxes.entries()) {
    assert.ok(box.x >= 2 && box.y >= 2 && box.x + box.width <= 398 && box.y + box.height <= 298, `inside ${k}`);
    for (const [x, y] of dots) assert.ok(!(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height), `dot ${k}`);
    assert.ok(Math.hypot(box.x + box.width / 2 - places[k].at[0], box.y + 9 - places[k].at[1]) < 90, `near ${k}`);
  }
  const [a, b] = boxes;
  assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y);
});
