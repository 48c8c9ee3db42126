import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickest, timed } from '../src/course.js';

const route = {
  status: 'ok', nm: 300, legNm: [100, 50, 150], canals: [-1, 0, -1],
  crossings: [{ id: 'canal', at: 125 }, { id: 'strait', at: 200 }], passages: ['canal', 'strait'],
};
const free = () => 0;

test('days are miles over the speed, and canals have their limit', () => {
  assert.equal(timed(route, 10, () => null, free).hours, 30);
  assert.equal(timed(route, 10, () => 5, free).hours, 35);
  assert.equal(timed(route, 4, () => 5, free).hours, 75);
});

test('a wait is asked for at the hour of arrival, after the waits before it', () => {
  const asked = [];
  const course = timed(route, 10, () => null, (id, hour) => {
    asked.push([id, hour]);
    return 7;
  });
  assert.deepEqual(asked.map(([id]) => id), ['canal', 'strait']);
  assert.ok(Math.abs(asked[0][1] - 12.5) < 0.6 && Math.abs(asked[1][1] - 27) < 0.6, JSON.stringify(asked));
  assert.deepEqual([course.hours, course.waitHours, course.waits.get('strait')], [44, 14, 7]);
});

/** All sets of gates, each with the shortest way that keeps off the others. */
function every(gates, find, hoursOf) {
  let least = Infinity;
  for (let set = 0; set < 1 << gates.length; set++) {
    const way = find(new Set(gates.filter((_, k) => set & (1 << k))));
    if (way.status === 'ok') least = Math.min(least, hoursOf(way).hours);
  }
  return least;
}

test('the quickest way through or round queues is that of trying every set of passages', () => {
  let x = 11;
  const next = () => (x = (x * 1664525 + 1013904223) % 4294967296) / 4294967296;
  for (let round = 0; round < 300; round++) {
    const gates = ['a', 'b', 'c', 'd'], wait = Object.fromEntries(gates.map((id) => [id, next() < 0.3 ? 0 : 80 * next()]));
    const ways = Array.from({ length: 12 }, () => ({ status: 'ok', nm: 100 + 900 * next(), passages: gates.filter(() => next() < 0.5) }));
    const find = (closed) => ways.filter((w) => !w.passages.some((id) => closed.has(id))).sort((p, q) => p.nm - q.nm)[0] ?? { status: 'unreachable' };
    const hoursOf = (way) => {
      const waits = new Map(way.passages.filter((id) => wait[id]).map((id) => [id, wait[id]]));
      return { hours: way.nm / 10 + [...waits.values()].reduce((a, b) => a + b, 0), waits };
    };
    const found = quickest(find, hoursOf, 10, () => true), least = every(gates, find, hoursOf);
    assert.ok(found.status === 'ok' ? Math.abs(found.course.hours - least) < 1e-9 : least === Infinity, `round ${round}`);
  }
});
