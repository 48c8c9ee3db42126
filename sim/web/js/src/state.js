// What a view is, and the address that reproduces it. Everything read from an address is checked.

export const PROJECTIONS = ['world', 'globe', 'polar'];
const LONGEST = 4000;

/** The view with which a page begins. */
export function initial(chart) {
  const s = chart.scenario;
  return {
    from: s.from, to: s.to, closed: new Set(s.closed), speed: s.speed_kn ?? 14, draft: s.draft_m ?? null,
    beam: s.beam_m ?? null, length: s.length_m ?? null, projection: 'world', lon: 65, lat: 30, zoom: 1, x: 0, y: 0,
    month: s.month ?? 9, climate: 0, shipClass: 0, ice: Boolean(s.month),
  };
}

const rounded = (value, digits) => String(Number(value.toFixed(digits)));

/** The view as the part of an address behind its #. */
export function toHash(view) {
  const q = new URLSearchParams();
  q.set('from', view.from);
  q.set('to', view.to);
  if (view.closed.size) q.set('close', [...view.closed].sort().join(','));
  q.set('kn', rounded(view.speed, 1));
  for (const key of ['draft', 'beam', 'length']) if (view[key] != null) q.set(key, rounded(view[key], 2));
  q.set('map', view.projection);
  for (const [key, digits] of [['lon', 1], ['lat', 1], ['zoom', 2], ['x', 3], ['y', 3]]) q.set(key, rounded(view[key], digits));
  q.set('month', view.month);
  q.set('climate', view.climate);
  q.set('class', view.shipClass);
  q.set('ice', view.ice ? 1 : 0);
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
  if (q.get('from') || q.has('close')) {
    out.closed = new Set((q.get('close') ?? '').split(',').filter((id) => known.has(id)));
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
  number('class', 0, counts.classes - 1, (v) => { out.shipClass = Math.round(v); });
  if (q.has('ice')) out.ice = q.get('ice') === '1';
  return out;
}
