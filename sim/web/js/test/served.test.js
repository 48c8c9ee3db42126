import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, questionOf, serverOf } from '../src/served.js';

const VIEW = { from: 'Dalian', to: 'Rotterdam', closed: new Set(['suez_canal', 'bab_el_mandeb']), speed: 13, draft: null, beam: 23.7 };

test('a page that is a file has no server', () => {
  assert.equal(serverOf({ querySelector: () => null }), null);
  assert.deepEqual(serverOf({ querySelector: () => ({ content: '{"depart": "2030-09-15"}' }) }), { depart: '2030-09-15' });
});

test('a question has what is chosen, and leaves the rest to the server', () => {
  const question = questionOf(VIEW, { depart: '2030-09-15', route: '', ice_class: 'PC7', escort: '', season: 'severe', pathway: '' }, 13);
  assert.deepEqual(question, {
    from: 'Dalian', to: 'Rotterdam', depart: '2030-09-15', closures: ['bab_el_mandeb', 'suez_canal'], beam_m: 23.7, ice_class: 'PC7', season: 'severe',
  });
});

test('a speed is asked for where it is another than the scenario’s, a route where one is chosen', () => {
  const question = questionOf(VIEW, { depart: '2030-09-15', route: 'nsr' }, 12.7);
  assert.equal(question.speed_kn, 13);
  assert.deepEqual(question.routes, ['nsr']);
});

test('figures are told where they are known', () => {
  assert.equal(figuresOf({ status: 'ok', days: 25.19, distance_nm: 7594.2, fuel_t: 900.4, cost_usd: 1_350_000 }), '25.2 days, 7,594 nm, 900 t fuel, $1.35M');
  assert.equal(figuresOf({ status: 'ok', days: 25.19, distance_nm: 7594.2 }), '25.2 days, 7,594 nm');
  assert.equal(figuresOf({ status: 'beset', days: null }), 'beset');
});
