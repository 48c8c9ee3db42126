// The controls beside the map. Text that a person or a file brings is set as text, never as markup.

import { STYLES } from './draw.js';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
export const TITLES = {
  usual: 'Usual route', suez: 'Suez', cape: 'Cape of Good Hope', panama: 'Panama', nsr: 'Northern Sea Route',
  nwp: 'Northwest Passage', transpolar: 'Transpolar',
};

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; texts become text. */
export function make(tag, properties = {}, ...children) {
  const out = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in out) out[key] = value;
    else out.setAttribute(key, value);
  }
  out.append(...children);
  return out;
}

/** Text on one line, no longer than a label may be, without characters that turn the direction of what follows. */
export function tame(text, longest = 300) {
  const line = String(text).replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ').replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

export const miles = (nm) => Math.round(nm).toLocaleString('en-US');
export const days = (value) => value.toFixed(1);

/** A box in which a port is searched; `chosen` is told the text that was taken. */
export function searchBox(id, names, chosen) {
  const input = $(id), list = $(`${id}-list`);
  let rows = [], at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    at = -1;
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((li, k) => li.setAttribute('aria-selected', String(k === at)));
    if (at >= 0) {
      input.setAttribute('aria-activedescendant', list.children[at].id);
      list.children[at].scrollIntoView({ block: 'nearest' });
    }
  };
  const take = (text) => {
    close();
    chosen(text);
  };
  input.addEventListener('input', () => {
    rows = names().search(input.value);
    list.replaceChildren(...rows.map((k, i) => {
      const li = make('li', { id: `${id}-option-${i}`, role: 'option' }, tame(`${names().names[k]}, ${names().countries[k]}`, 80), ' ', names().codes[k]);
      li.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        take(names().label(k));
      });
      return li;
    }));
    list.hidden = !rows.length;
    input.setAttribute('aria-expanded', String(Boolean(rows.length)));
    mark(-1);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden || !rows.length) return;
      event.preventDefault();
      mark((at + (event.key === 'ArrowDown' ? 1 : rows.length + (at < 0 ? 0 : -1))) % rows.length);
    } else if (event.key === 'Enter') take(at >= 0 ? names().label(rows[at]) : input.value);
    else if (event.key === 'Escape') close();
  });
  input.addEventListener('blur', close);
  input.addEventListener('change', () => { if (list.hidden) chosen(input.value); });
  input.addEventListener('focus', () => input.select());
}

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

/** The table of routes: {name, status, nm, why} each, at a speed in knots; `hidden` are not drawn. */
export function routeTable(rows, knots, hidden, toggled) {
  const open = rows.filter((r) => r.status === 'ok');
  const best = Math.min(...open.map((r) => r.nm));
  const body = $('routes').tBodies[0];
  body.replaceChildren(...rows.map((r) => {
    const box = make('input', { type: 'checkbox', checked: !hidden.has(r.name) });
    box.addEventListener('change', () => toggled(r.name));
    const head = make('th', { scope: 'row' }, make('label', {}, box, swatch(r.name), TITLES[r.name]));
    const row = make('tr', {}, head);
    row.dataset.route = r.name;
    row.dataset.status = r.status;
    if (r.status === 'ok') {
      row.dataset.nm = r.nm;
      const more = r.nm - best;
      row.append(
        make('td', { className: 'figure' }, miles(r.nm)), make('td', { className: 'figure' }, days(r.nm / knots / 24)),
        make('td', { className: 'figure' }, more < 0.5 ? 'shortest' : `+${miles(more)}`),
      );
    } else row.append(make('td', { colSpan: 3, className: 'figure none' }, r.status === 'wait' ? 'searching' : r.why));
    return row;
  }));
}

/** The names of passages without what stands in brackets, where that leaves them different. */
export function shortNames(passages) {
  const bare = (p) => p.name.replace(/\s*\(.*\)$/, '');
  const count = new Map();
  for (const p of passages) count.set(bare(p), (count.get(bare(p)) ?? 0) + 1);
  return new Map(passages.map((p) => [p.id, count.get(bare(p)) === 1 ? bare(p) : p.name]));
}

/** Buttons of the passages; those that a route uses first. */
export function passageButtons(passages, closed, used, refused, toggled) {
  const names = shortNames(passages);
  const box = $('passages'), focus = document.activeElement?.dataset?.passage;
  const rank = (p) => (closed.has(p.id) ? 0 : used.has(p.id) ? 1 : 2);
  const order = [...passages].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  box.replaceChildren(...order.map((p) => {
    const button = make('button', { type: 'button', className: used.has(p.id) ? 'used' : '', title: p.name, 'aria-pressed': String(closed.has(p.id)) }, names.get(p.id));
    button.dataset.passage = p.id;
    if (refused.has(p.id)) button.append(' (ship too big)');
    button.addEventListener('click', () => toggled(p.id));
    return button;
  }));
  if (focus) box.querySelector(`[data-passage="${focus}"]`)?.focus({ preventScroll: true });
  $('closed-count').textContent = closed.size ? `(${closed.size} closed)` : '';
}

/** The voyages of a scenario in the chosen climate and class: a strip of months for each alternative, and the month. */
export function voyagePart(chart, view, chosen) {
  const box = $('voyages');
  if (!chart.voyages) {
    box.replaceChildren();
    return;
  }
  const of = chart.voyages.filter(([climate, ice]) => climate === view.climate && ice === view.shipClass);
  box.replaceChildren(...chart.scenario.alternatives.map(([label], number) => {
    const year = of.filter((v) => v[2] === number);
    const strip = make('div', { className: 'months', role: 'group', 'aria-label': `${tame(label, 60)}: months` }, ...year.map((v) => {
      const [, , , month, status, voyageDays] = v;
      const words = `${MONTHS[month - 1]}: ${status === 'ok' ? `${days(voyageDays)} days` : status}`;
      const button = make('button', { type: 'button', title: words, 'aria-label': words, className: `${status === 'ok' ? 'ok' : 'closed'}${month === view.month ? ' now' : ''}` }, MONTHS[month - 1][0]);
      button.addEventListener('click', () => chosen(month));
      return button;
    }));
    const now = year.find((v) => v[3] === view.month);
    const told = !now ? '' : now[4] === 'ok' ? `${days(now[5])} days, ${miles(now[6])} nm${now[7] == null ? '' : `, ${miles(now[7])} t fuel`}` : now[4];
    const why = now && now[8] ? [make('p', { className: 'quiet' }, tame(chart.reasons[now[8]], 600))] : [];
    return make('div', { className: 'voyage' }, make('h3', {}, make('span', {}, tame(label, 60)), make('span', {}, told)), strip, ...why);
  }));
}

export const monthName = (month) => MONTHS[month - 1];

/** Hand a file to the person who looks on. */
export function save(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
