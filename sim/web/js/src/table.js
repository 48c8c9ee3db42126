// The table of the named routes: miles, days and waits, fuel and carbon dioxide, cost.

import { STYLES } from './draw.js';
import { $, days, make, miles } from './ui.js';

export const TITLES = {
  usual: 'Usual route', suez: 'Suez', cape: 'Cape of Good Hope', panama: 'Panama', nsr: 'Northern Sea Route',
  nwp: 'Northwest Passage', transpolar: 'Transpolar',
};

const SVG = 'http://www.w3.org/2000/svg';

function swatch(name) {
  const svg = document.createElementNS(SVG, 'svg'), line = document.createElementNS(SVG, 'line');
  for (const [key, value] of Object.entries({ width: 28, height: 10, 'aria-hidden': true })) svg.setAttribute(key, value);
  const { dash, width } = STYLES[name];
  const how = { x1: 1, x2: 27, y1: 5, y2: 5, stroke: `var(--${name})`, 'stroke-width': Math.min(width, 6), 'stroke-dasharray': dash.join(' ') };
  for (const [key, value] of Object.entries(how)) line.setAttribute(key, value);
  svg.append(line);
  return svg;
}

/** A cell with a figure, and a smaller one under it. */
const figure = (text, under = '', title = '') => make('td', { className: 'figure', title }, text, ...(under ? [make('small', {}, under)] : []));

/**
 * The table of routes: {name, status, nm, why, course, bill} each; `hidden` are not drawn. A `course` has the hours, a
 * `bill` the fuel, the carbon dioxide and the cost; null where no ship is known of which they are.
 */
export function routeTable(rows, hidden, toggled) {
  const best = Math.min(...rows.filter((r) => r.status === 'ok').map((r) => r.nm));
  $('routes').tBodies[0].replaceChildren(...rows.map((r) => {
    const box = make('input', { type: 'checkbox', checked: !hidden.has(r.name) });
    box.addEventListener('change', () => toggled(r.name));
    const row = make('tr', {}, make('th', { scope: 'row' }, make('label', {}, box, swatch(r.name), TITLES[r.name])));
    Object.assign(row.dataset, { route: r.name, status: r.status });
    if (r.status === 'ok') row.append(...cells(r, best, row.dataset));
    else row.append(make('td', { colSpan: 4, className: 'figure none' }, r.status === 'wait' ? 'searching' : r.why));
    return row;
  }));
}

/** The figures of a route, and the same as data of its row. */
function cells(row, best, data) {
  const more = row.nm - best, { hours, waitHours } = row.course, { bill } = row;
  Object.assign(data, { nm: row.nm, days: hours / 24, wait: waitHours / 24 });
  const out = [
    figure(miles(row.nm), more < 0.5 ? 'shortest' : `+${miles(more)}`),
    figure(days(hours / 24), waitHours >= 1.2 ? `${days(waitHours / 24)} waiting` : ''),
  ];
  if (!bill) return [...out, figure(''), figure('')];
  Object.assign(data, { fuel: bill.fuel_t, co2: bill.co2_t, usd: bill.usd ?? '' });
  const missing = bill.missing.length ? `Not counted: ${bill.missing.join(', ')}` : '';
  return [
    ...out, figure(miles(bill.fuel_t), bill.co2_t == null ? '' : miles(bill.co2_t)),
    figure(bill.usd == null ? '' : `${miles(bill.usd / 1000)}${missing ? '\u202f!' : ''}`, '', missing),
  ];
}
