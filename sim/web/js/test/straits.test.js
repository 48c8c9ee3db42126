import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_PARTLY } from '../src/state.js';
import { next, pressed } from '../src/straits.js';

test('the first click closes a passage, the second lets some ships through, the third opens it', () => {
  let view = { closed: new Set(['suez_canal']), partly: new Map() };
  const seen = [];
  for (let k = 0; k < 3; k++) seen.push(pressed(view = next(view, 'malacca_strait'), 'malacca_strait'));
  assert.deepEqual(seen, ['true', 'mixed', 'false']);
  assert.deepEqual([...view.closed], ['suez_canal']);
});

test('a click leaves the view before it alone, and what is first partly closed', () => {
  const before = { closed: new Set(['suez_canal']), partly: new Map() }, after = next(before, 'suez_canal');
  after.partly.get('suez_canal').share = 1;
  assert.deepEqual([...before.closed], ['suez_canal']);
  assert.notEqual(FIRST_PARTLY.share, 1);
});
