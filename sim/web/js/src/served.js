// A page that comes from a server: a form that has a voyage sailed on any date, its lines, and the corridor round one.

import { TITLES } from './table.js';
import { $, days, make, miles, tame } from './ui.js';

const WORDS = { when_needed: 'when needed' };

const nameOf = (route) => TITLES[route] ?? tame(route, 60);

/** What the server says of itself in the page; null where the page is a file. */
export function serverOf(document) {
  const meta = document.querySelector('meta[name="northabout-served"]');
  return meta ? JSON.parse(meta.content) : null;
}

/** The question of a form over a view: `chosen` has the values of its controls, empty ones are left to the server. */
export function questionOf(view, chosen, ownSpeed) {
  const out = { from: view.from, to: view.to, depart: chosen.depart, closures: [...view.closed].sort() };
  if (view.speed !== ownSpeed) out.speed_kn = view.speed;
  if (view.draft) out.draft_m = view.draft;
  if (view.beam) out.beam_m = view.beam;
  if (chosen.route) out.routes = [chosen.route];
  for (const key of ['ice_class', 'season', 'escort', 'pathway']) if (chosen[key]) out[key] = chosen[key];
  return out;
}

/** One alternative of an answer in words. */
export function figuresOf(a) {
  if (a.status !== 'ok') return a.status;
  const cost = a.cost_usd == null ? '' : `, $${(a.cost_usd / 1e6).toFixed(2)}M`;
  return `${days(a.days)} days, ${miles(a.distance_nm)} nm${a.fuel_t == null ? '' : `, ${miles(a.fuel_t)} t fuel`}${cost}`;
}

/** The parts of lines of GeoJSON. */
const partsOf = (geometry) => (!geometry ? [] : geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates);

function select(id, words, first) {
  const options = words.map((word) => make('option', { value: word }, WORDS[word] ?? TITLES[word] ?? tame(word, 40)));
  return make('select', { id }, ...(first ? [make('option', { value: '' }, first)] : []), ...options);
}

class Served {
  constructor(page, server) {
    this.page = page;
    this.lines = [];
    this.outlines = [];
    this.form = make('form', { id: 'sail', className: 'sail' },
      make('label', {}, 'Departure', make('input', { id: 'sail-depart', type: 'date', value: server.depart, min: '1979-01-01', max: '2100-12-31', required: true })),
      make('label', {}, 'Route', select('sail-route', server.routes, 'all')),
      make('label', {}, 'Ice class', select('sail-ice_class', server.ice_classes, 'the ship’s')),
      make('label', {}, 'Escort', select('sail-escort', server.escorts, 'as given')),
      make('label', {}, 'Season', select('sail-season', server.seasons, 'usual')),
      make('label', {}, 'Pathway', select('sail-pathway', server.pathways, 'as given')),
      this.button = make('button', { type: 'submit' }, 'Sail it'));
    this.told = make('div', { id: 'sailed', role: 'region', 'aria-label': 'Voyages sailed' });
    $('notes').after(make('section', { 'aria-label': 'Sail on a date' }, make('h2', {}, 'Sail on a date'), this.form, this.told));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.sail();
    });
  }

  chosen() {
    return Object.fromEntries(['depart', 'route', 'ice_class', 'escort', 'season', 'pathway'].map((key) => [key, $(`sail-${key}`).value]));
  }

  /** What the map shows of the last answers, as long as it is between their ends. */
  drawn() {
    const { from, to } = this.page.view;
    return this.asked?.from === from && this.asked.to === to ? { sailed: this.lines, stable: this.outlines } : {};
  }

  /** The answer to a question; null where it was refused, which is told, or where another was asked since. */
  async ask(path, question, what) {
    this.waiting?.abort();
    const own = this.waiting = new AbortController();
    this.button.setAttribute('aria-busy', 'true');
    $('said').textContent = what;
    try {
      const body = JSON.stringify(question), headers = { 'content-type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body, signal: own.signal });
      const found = await answer.json();
      if (own !== this.waiting) return null;
      if (answer.ok) return found;
      this.refused(found.problems.map((p) => p.what));
    } catch (error) {
      if (own === this.waiting) this.refused([`The server does not answer (${error.message})`]);
    } finally {
      if (own === this.waiting) this.button.removeAttribute('aria-busy');
    }
    return null;
  }

  refused(texts) {
    this.told.replaceChildren(make('p', { role: 'alert', className: 'refused' }, texts.map((t) => tame(t, 600)).join('. ')));
    this.lines = this.outlines = [];
    this.page.picture.redraw();
  }

  async sail() {
    const question = questionOf(this.page.view, this.chosen(), this.page.chart.scenario.speed_kn);
    this.told.replaceChildren(make('p', { className: 'quiet' }, 'Sailing …'));
    const found = await this.ask('voyage', question, 'Sailing');
    if (!found) return;
    this.asked = question;
    this.lines = found.alternatives.flatMap((a) => partsOf(a.geometry).map((path) => ({ path, open: a.status === 'ok' })));
    this.outlines = [];
    const title = `${found.from} to ${found.to}, ${question.depart}, ${found.ship}`;
    this.told.replaceChildren(make('h3', {}, tame(title, 200)), ...found.alternatives.map((a) => this.row(a)), make('p', { className: 'quiet', id: 'corridor-told' }));
    if (found.ice) this.told.append(make('p', { className: 'quiet' }, tame(found.ice, 600)));
    $('said').textContent = `${title}: ${found.alternatives.map((a) => `${nameOf(a.route)} ${figuresOf(a)}`).join('; ')}`;
    this.page.picture.redraw();
  }

  row(a) {
    const out = make('div', { className: 'voyage' }, make('h3', {}, make('span', {}, nameOf(a.route)), make('span', {}, figuresOf(a))));
    out.dataset.sailed = a.route;
    out.dataset.status = a.status;
    if (a.reason) out.append(make('p', { className: 'quiet' }, tame(a.reason, 600)));
    if (a.status === 'ok') {
      const button = make('button', { type: 'button', className: 'stable', 'aria-pressed': 'false', title: 'Shade the water through ice that costs at most a day more' }, 'Room in the ice');
      button.addEventListener('click', () => this.shade(a.route, button));
      out.append(button);
    }
    return out;
  }

  async shade(route, button) {
    const pressed = button.getAttribute('aria-pressed') === 'true';
    for (const other of this.told.querySelectorAll('.stable')) other.setAttribute('aria-pressed', 'false');
    this.outlines = [];
    $('corridor-told').textContent = '';
    $('corridor-told').classList.remove('on');
    this.page.picture.redraw();
    if (pressed) return;
    const found = await this.ask('corridor', { ...this.asked, routes: [route] }, 'Searching the corridor');
    if (!found) return;
    button.setAttribute('aria-pressed', 'true');
    this.outlines = found.outlines;
    const words = found.area_km2 ? `Shaded: ${miles(found.area_km2 / 1000)} thousand km² of water that can freeze, on which ${nameOf(route)} takes at most a day more` : `No water that can freeze lies within a day of ${nameOf(route)}`;
    $('corridor-told').textContent = words;
    $('corridor-told').classList.toggle('on', Boolean(found.area_km2));
    $('said').textContent = words;
    this.page.picture.redraw();
  }
}

/** Give a page its form where it comes from a server. */
export function serve(page) {
  const server = serverOf(document);
  if (server) page.served = new Served(page, server);
}
