import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reducedOf, waitH, waiting } from '../src/queue.js';

const half = { begin_h: -240, end_h: null, capacity: 25, normal: 50, arrivals: 40 };

test('no ship waits before a capacity is reduced, or where enough go through', () => {
  assert.equal(waitH(half, -241), 0);
  assert.equal(waitH({ ...half, capacity: 40 }, 500), 0);
});

test('the queue is the excess of what comes, and the wait its length over what goes through', () => {
  assert.equal(waiting(half, 0), 150); // 15 ships a day for ten days
  assert.equal(waitH(half, 0), (150 / 25) * 24);
});

test('a closure without an end lets none through, one with an end makes ships wait for it and for those ahead', () => {
  assert.equal(waitH({ ...half, capacity: 0 }, 0), Infinity);
  assert.equal(waitH({ ...half, capacity: 0, end_h: 24 }, 0), 24 + (400 / 50) * 24);
  assert.equal(waitH({ begin_h: 0, end_h: 48, capacity: 0, normal: null, arrivals: null }, 12), 36);
});

test('first come, first served: who comes later goes later; and a queue clears', () => {
  const ending = { ...half, end_h: 240 };
  let last = -Infinity;
  for (let h = -300; h < 2000; h += 7) {
    const gone = h + waitH(ending, h);
    assert.ok(gone >= last - 1e-9, `hour ${h}`);
    last = gone;
  }
  assert.equal(waitH(ending, 3000), 0);
});

test('less capacity is never a shorter wait', () => {
  const traffic = { normal: 50, arrivals: 40 };
  const at = (share) => waitH(reducedOf({ share, since: 9, lasts: 30 }, traffic), 100);
  for (let share = 1; share < 100; share++) assert.ok(at(share) >= at(share + 1));
});
