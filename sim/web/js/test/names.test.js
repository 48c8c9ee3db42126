import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Names, changes, plain, position } from '../src/names.js';

const names = new Names({
  port_names: ['Rotterdam', 'Århus', 'Aarhus', 'Newcastle', 'Newcastle', 'Saint John'],
  port_countries: ['NL', 'DK', 'DK', 'GB', 'AU', 'CA'],
  port_codes: ['NLRTM', '', 'DKAAR', 'GBNCS', 'AUNTL', 'CASJB'],
  port_aliases: { 0: ['Europoort'] }, countries: { netherlands: ['NL'], nl: ['NL'], au: ['AU'], australia: ['AU'] },
  around: '^port of\\s+|\\s+(harbou?r|gang|port|bay)$', arrays: { port_flags: [1, 0, 0, 0, 0, 0] },
});

test('case, accents, aliases, codes, countries and words around a name are forgiven', () => {
  for (const text of ['rotterdam', 'ROTTERDAM', ' Rotterdám ', 'nlrtm', 'NL RTM', 'europoort', 'Rotterdam, Netherlands', 'Rotterdam NL', 'Port of Rotterdam', 'Rotterdam/NL']) {
    assert.deepEqual(names.find(text), [0], text);
  }
  assert.deepEqual(names.find('St. John'), [5]);
  assert.deepEqual(names.find('Newcastle, Australia'), [4]);
  assert.equal(names.find('Newcastle').length, 2);
  assert.deepEqual(names.find('Atlantis'), []);
});

test('a search offers what begins so first, and what is near where nothing is called so', () => {
  assert.equal(names.search('rott')[0], 0);
  assert.equal(names.search('Roterdam')[0], 0);
  assert.equal(names.search('Rottedram')[0], 0);
  assert.deepEqual([changes('hambrug', 'hamburg', 3), changes('ab', 'ab', 0), changes('abc', 'xyz', 1)], [1, 0, Infinity]);
  assert.deepEqual(names.search('\u202e<img>'), names.search('img'));
});

test('hostile texts do nothing', () => {
  for (const text of ['', ' ', '('.repeat(5000), '\\', '.*', '%', '\u0000', 'x'.repeat(10000), '__proto__', 'constructor']) {
    assert.ok(Array.isArray(names.find(text)));
    assert.ok(Array.isArray(names.search(text)));
  }
  assert.equal(plain('__proto__'), 'proto');
});

test('positions', () => {
  assert.deepEqual(position('51.5, 4'), [4, 51.5]);
  assert.deepEqual(position('-33.9,18.4'), [18.4, -33.9].map((v, k) => (k ? v : ((v + 540) % 360) - 180)));
  assert.ok(Math.abs(position('51 57.3 N 4 8.5 E')[1] - 51.955) < 1e-9);
  assert.equal(position('91,0'), null);
  assert.equal(position('Rotterdam'), null);
});
