import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph, Heap, pathOf, ruleOf } from '../src/graph.js';

/** Numbers 0 to 1 from a seed (a linear congruence is random enough for tests). */
function random(seed) {
  let x = seed;
  return () => {
    x = (x * 1664525 + 1013904223) % 4294967296;
    return x / 4294967296;
  };
}

function sample(seed, n = 40, m = 160) {
  const next = random(seed), first = [], second = [], nm = [], code = [];
  for (let k = 0; k < m; k++) {
    first.push(Math.floor(next() * n));
    second.push(Math.floor(next() * n));
    nm.push(1 + 100 * next());
    code.push(next() < 0.3 ? 1 + Math.floor(next() * 3) : 0);
  }
  return { n, first, second, nm, code, graph: new Graph(n, Uint16Array.from(first), Uint16Array.from(second), nm, code) };
}

const CODES = [0n, 1n, 2n, 4n];
const at = (node) => ({ node: [node], nm: [0], code: [0] });

/** Shortest lengths over states (groups crossed, node) by relaxing all edges until nothing changes. */
function slow({ n, first, second, nm, code }, source, rule) {
  const dist = new Float64Array(n * rule.layers).fill(Infinity);
  dist[source] = 0;
  for (let changed = true; changed;) {
    changed = false;
    for (let k = 0; k < first.length; k++) {
      if (rule.shut[code[k]]) continue;
      const set = rule.sets[code[k]];
      for (const [a, b] of [[first[k], second[k]], [second[k], first[k]]]) {
        for (let layer = 0; layer < rule.layers; layer++) {
          if (layer & set) continue;
          const from = a + layer * n, to = b + (layer | set) * n;
          if (dist[from] + nm[k] < dist[to] - 1e-12) {
            dist[to] = dist[from] + nm[k];
            changed = true;
          }
        }
      }
    }
  }
  return dist;
}

test('a heap gives back what it holds in the order of the keys, also after keys were lowered', () => {
  const next = random(7), heap = new Heap(200), key = Array.from({ length: 200 }, next);
  key.forEach((value, k) => heap.set(k, value));
  for (let k = 0; k < 200; k += 3) heap.set(k, (key[k] /= 2));
  const out = [];
  while (heap.length) out.push(key[heap.pop()]);
  assert.deepEqual(out, [...key].sort((a, b) => a - b));
});

for (const [name, closed, groups] of [['open', 0n, []], ['a passage closed', 1n, []], ['a group', 0n, [2n]], ['two groups and a closure', 1n, [2n, 4n]]]) {
  test(`searches find the lengths that relaxing all edges finds: ${name}`, () => {
    for (let seed = 1; seed < 30; seed++) {
      const s = sample(seed), rule = ruleOf(CODES, closed, groups), known = slow(s, 0, rule);
      const { dist } = s.graph.search(at(0), rule);
      dist.forEach((value, k) => assert.ok(value === known[k] || Math.abs(value - known[k]) < 1e-9));
    }
  });
}

test('a search under a closure with the lengths of the open network as bounds finds the shortest path', () => {
  for (let seed = 1; seed < 60; seed++) {
    const s = sample(seed), groups = seed % 2 ? [] : [4n], open = ruleOf(CODES, 0n, groups), shut = ruleOf(CODES, 1n, groups);
    const free = s.graph.search(at(0), open).dist, every = open.layers - 1;
    const low = (state) => free[(state % s.n) + (every & ~Math.floor(state / s.n)) * s.n];
    const found = s.graph.search(at(9), shut, at(0), low);
    const known = slow(s, 9, shut)[0 + every * s.n];
    assert.ok(found.best === known || Math.abs(found.best - known) < 1e-9, `seed ${seed}: ${found.best} ${known}`);
    if (Number.isFinite(known)) {
      const path = pathOf(found);
      assert.equal(path[0], 9);
      assert.equal(path.at(-1), 0);
    }
  }
});

test('the way back is as long', () => {
  const s = sample(3), rule = ruleOf(CODES, 0n, [1n]);
  assert.ok(Math.abs(s.graph.search(at(2), rule, at(5)).best - s.graph.search(at(5), rule, at(2)).best) < 1e-9);
});

test('of a goal that hangs on several nodes the best one is found', () => {
  for (let seed = 1; seed < 80; seed++) {
    const s = sample(seed), rule = ruleOf(CODES, 4n, []), known = slow(s, 9, rule);
    const goal = { node: [3, 7, 12, 30], nm: [40, 1, 90, 25], code: [0, 1, 2, 3] };
    const expected = Math.min(...goal.node.slice(0, 3).map((node, k) => known[node] + goal.nm[k])); // the last is closed
    const found = s.graph.search(at(9), rule, goal);
    assert.ok(found.best === expected || Math.abs(found.best - expected) < 1e-9, `seed ${seed}`);
  }
});
