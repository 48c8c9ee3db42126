import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHash, initial, toHash } from '../src/state.js';

const start = initial({ scenario: { from: 'Dalian', to: 'Rotterdam', closed: [] } });
const known = new Set(['suez_canal', 'malacca_strait']), counts = { climates: 3, seasons: 3, classes: 2 };

test('an address reproduces a view', () => {
  const view = {
    ...start, from: 'Århus & Co/DK', to: '51.5,4', closed: new Set(['malacca_strait']), partly: new Map([['suez_canal', { share: 40, since: 12.5, lasts: null }]]), speed: 12.7, draft: 9.8, beam: null,
    projection: 'polar', lon: -30.5, lat: 12, zoom: 3.25, x: -0.5, y: 0.125, month: 2, climate: 2, season: 2, shipClass: 1, ice: true, corridor: 'cape', hidden: new Set(['usual', 'nwp']),
  };
  assert.deepEqual(fromHash(`#${toHash(view)}`, start, known, counts), view);
});

test('what is wrong in an address is left out', () => {
  const hash = '#from=Busan&close=suez_canal,<b>,nowhere&kn=-3&draft=1e9&map=cube&zoom=NaN&month=13&climate=7&lat=100&ice=2';
  const view = fromHash(hash, start, known, counts);
  assert.deepEqual([...view.closed], ['suez_canal']);
  assert.deepEqual(
    [view.speed, view.draft, view.projection, view.zoom, view.month, view.climate, view.lat, view.ice],
    [start.speed, null, start.projection, start.zoom, start.month, start.climate, start.lat, false],
  );
  const parts = 'suez_canal~50~1,malacca_strait~101~3~,<b>~1~1~1,suez_canal~NaN~1~,suez_canal~0~1~,malacca_strait~9~2~30';
  assert.deepEqual([...fromHash(`#part=${parts}&close=malacca_strait&within=<b>`, start, known, counts).partly], [['malacca_strait', { share: 9, since: 2, lasts: 30 }]]);
  assert.equal(fromHash('#within=<b>', start, known, counts).corridor, '');
  assert.deepEqual([...fromHash('#hide=<b>,suez,__proto__', start, known, counts).hidden], ['suez']);
  assert.equal(fromHash(`#from=${'x'.repeat(10000)}`, start, known, counts).from.length, 120);
  assert.deepEqual(fromHash('#%E0%A4%A', start, known, counts), start);
});
