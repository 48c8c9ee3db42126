// What a view is, and the address that reproduces it. Everything read from an address is checked.

import { ROUTES } from './routes.js';

export const PROJECTIONS = ['world', 'globe', 'polar'];
const LONGEST = 4000;

/** What a number of a partly closed passage may be: ships that go through in per cent, days since it began, its length. */
export const PARTLY = { share: [0, 100], since: [-400, 4000], lasts: [0.1, 8000] };
export const FIRST_PARTLY = { share: 50, since: 14, lasts: null };

/** The view with which a page begins. */
export function initial(chart) {
  const s = chart.scenario;
  return {
    from: s.from, to: s.to, closed: new Set(s.closed), partly: new Map((s.partly ?? []).map(([id, how]) => [id, { ...how }])), speed: s.speed_kn ?? 14, draft: s.draft_m ?? null,
    beam: s.beam_m ?? null, length: s.length_m ?? null, projection: 'world', lon: 65, lat: 30, zoom: 1, x: 0, y: 0,
    month: s.month ?? 9, climate: 0, season: s.season ?? 0, shipClass: 0, ice: Boolean(s.month), corridor: '', hidden: new Set(),
  };
}

const rounded = (value, digits) => String(Number(value.toFixed(digits)));

/** The view as the part of an address behind its #. */
export function toHash(view) {
  const q = new URLSearchParams();
  q.set('from', view.from);
  q.set('to', view.to);
  if (view.closed.size) q.set('close', [...view.closed].sort().join(','));
  if (view.partly.size) q.set('part', [...view.partly].map(([id, { share, since, lasts }]) => [id, share, since, lasts ?? ''].join('~')).sort().join(','));
  q.set('kn', rounded(view.speed, 1));
  for (const key of ['draft', 'beam', 'length']) if (view[key] != null) q.set(key, rounded(view[key], 2));
  q.set('map', view.projection);
  for (const [key, digits] of [['lon', 1], ['lat', 1], ['zoom', 2], ['x', 3], ['y', 3]]) q.set(key, rounded(view[key], digits));
  q.set('month', view.month);
  q.set('climate', view.climate);
  q.set('season', view.season);
  q.set('class', view.shipClass);
  q.set('ice', view.ice ? 1 : 0);
  if (view.corridor) q.set('within', view.corridor);
  if (view.hidden.size) q.set('hide', [...view.hidden].sort().join(','));
  return q.toString();
}

/** The view of an address over a given one; what is wrong in it is left out. `known` has the ids of passages. */
export function fromHash(hash, view, known, counts) {
  const q = new URLSearchParams(hash.replace(/^#/, '').slice(0, LONGEST));
  const out = { ...view };
  const number = (key, low, high, set) => {
    const text = q.get(key), value = Number(text);
    if (text !== null && text !== '' && Number.isFinite(value) && value >= low && value <= high) set(value);
  };
  if (q.get('from')) out.from = q.get('from').slice(0, 120);
  if (q.get('to')) out.to = q.get('to').slice(0, 120);
  if (q.get('from') || q.has('close') || q.has('part')) {
    out.closed = new Set((q.get('close') ?? '').split(',').filter((id) => known.has(id)));
    out.partly = partlyOf(q.get('part') ?? '', known);
    for (const id of out.partly.keys()) out.closed.delete(id);
  }
  number('kn', 1, 60, (v) => { out.speed = v; });
  for (const key of ['draft', 'beam', 'length']) {
    if (q.get('from')) out[key] = null;
    number(key, 0.1, 1000, (v) => { out[key] = v; });
  }
  if (PROJECTIONS.includes(q.get('map'))) out.projection = q.get('map');
  number('lon', -360, 360, (v) => { out.lon = v; });
  number('lat', -90, 90, (v) => { out.lat = v; });
  number('zoom', 0.5, 60, (v) => { out.zoom = v; });
  for (const key of ['x', 'y']) number(key, -60, 60, (v) => { out[key] = v; });
  number('month', 1, 12, (v) => { out.month = Math.round(v); });
  number('climate', 0, counts.climates - 1, (v) => { out.climate = Math.round(v); });
  number('season', 0, counts.seasons - 1, (v) => { out.season = Math.round(v); });
  number('class', 0, counts.classes - 1, (v) => { out.shipClass = Math.round(v); });
  if (q.has('ice')) out.ice = q.get('ice') === '1';
  if (q.get('from') || q.has('within')) out.corridor = ROUTES.includes(q.get('within')) ? q.get('within') : '';
  if (q.get('from') || q.has('hide')) out.hidden = new Set((q.get('hide') ?? '').split(',').filter((name) => ROUTES.includes(name)));
  return out;
}

/** Passages that take fewer ships, as an address tells them: id~share~since~lasts, apart by commas. */
function partlyOf(text, known) {
  const out = new Map();
  for (const one of text.split(',')) {
    const [id, ...words] = one.split('~');
    const [share, since, lasts] = words.map((word) => (word === '' ? null : Number(word)));
    const fits = (key, value) => Number.isFinite(value) && value >= PARTLY[key][0] && value <= PARTLY[key][1];
    if (!known.has(id) || words.length !== 3 || !fits('share', share) || !fits('since', since)) continue;
    if (lasts !== null && !fits('lasts', lasts)) continue;
    if (share > 0 || lasts !== null) out.set(id, { share, since, lasts });
  }
  return out;
}
