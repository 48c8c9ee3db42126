// The page: its view, the places and routes of it, and what is told of them.

import { Bill } from './bill.js';
import { quickest, timed } from './course.js';
import { Horizon, seaPlace } from './horizon.js';
import { position } from './names.js';
import { Picture } from './picture.js';
import { reducedOf, waitH } from './queue.js';
import { ROUTES } from './routes.js';
import { fromHash, initial, PARTLY, toHash } from './state.js';
import { next, passageButtons, pressed, queueParts, shortNames, STATES } from './straits.js';
import { routeTable, TITLES } from './table.js';
import { $, miles, tame } from './ui.js';
import { Within } from './within.js';

const AT_ONCE_MS = 45, AHEAD = 6;

export class Page {
  constructor(chart) {
    this.chart = chart;
    this.known = new Map(chart.passages.map((p) => [p.id, p]));
    this.counts = { climates: chart.climates.length, seasons: chart.seasons.length, classes: chart.classes.length };
    this.view = fromHash(location.hash, initial(chart), this.known, this.counts);
    this.rows = ROUTES.map((name) => ({ name, status: 'wait' }));
    this.ends = { from: null, to: null };
    this.problems = { from: '', to: '' };
    this.picking = null;
    this.token = 0;
    this.bill = new Bill(chart.bill);
    this.limitOf = (canal) => (chart.canal_limits ? chart.passages[canal].limit_kn : null);
    this.picture = new Picture(this);
    this.within = new Within(this);
  }

  get horizon() {
    this.ownHorizon ??= new Horizon(this.picture.fine.rings);
    return this.ownHorizon;
  }

  change(changes, moving = false) {
    Object.assign(this.view, changes);
    this.picture.redraw(moving);
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(null, '', `#${toHash(this.view)}`), 150);
  }

  place(text) {
    const at = position(text);
    if (at) {
      const found = seaPlace(this.sea, this.horizon, at, this.water, this.arctic);
      if (!found) return { problem: `${tame(text, 60)} lies on land, or no water leads from it; choose a place at sea or a port` };
      return { ...found, label: `${Math.abs(at[1]).toFixed(1)} ${at[1] < 0 ? 'S' : 'N'} ${Math.abs(at[0]).toFixed(1)} ${at[0] < 0 ? 'W' : 'E'}`, text: `${at[1].toFixed(3)},${at[0].toFixed(3)}` };
    }
    const rows = this.names.find(text);
    if (rows.length !== 1) {
      const near = (rows.length ? rows : this.names.search(text, 3)).slice(0, 5).map((k) => `${this.names.names[k]} (${this.names.label(k)})`);
      const what = rows.length ? 'is the name of several ports' : 'is no port of the list';
      return { problem: `“${tame(text, 60)}” ${what}${near.length ? `; do you mean ${near.join(', ')}?` : ''}` };
    }
    return { ...this.sea.portPlace(rows[0]), label: this.names.names[rows[0]], text: this.names.label(rows[0]) };
  }

  setEnd(end, text) {
    if (!this.sea) return;
    const found = this.place(text);
    this.problems[end] = found.problem ?? '';
    $('problem').textContent = Object.values(this.problems).filter(Boolean).join('. ');
    if (found.problem) {
      $(end).setAttribute('aria-invalid', 'true');
      return;
    }
    $(end).removeAttribute('aria-invalid');
    $(end).value = found.port == null ? found.label : `${found.label}, ${this.names.countries[found.port]}`;
    this.ends[end] = found;
    this.change({ [end]: found.text });
    this.search();
  }

  ship() {
    return { draft_m: this.view.draft, beam_m: this.view.beam, length_m: this.view.length };
  }

  /** Search all routes: at once where that is quick, else some at a time; then tell them, `first` before them (null: do not). */
  search(first = '') {
    const { from, to } = this.ends, mine = ++this.token;
    if (!from || !to) return;
    const begun = performance.now();
    let k = 0;
    const some = () => {
      if (mine !== this.token) return;
      while (k < ROUTES.length) {
        this.rows[k] = this.routeRow(ROUTES[k], from, to);
        k++;
        if (performance.now() - begun > AT_ONCE_MS && k < ROUTES.length) {
          this.show();
          setTimeout(some, 0);
          return;
        }
      }
      this.show();
      this.lastSearchMs = performance.now() - begun;
      setTimeout(() => this.lookAhead(mine), 60);
      if (first !== null) this.announce(first);
    };
    some();
  }

  /** Search ahead, while nothing else is to do, how the first passages of each route are gone round, and the waters there. */
  lookAhead(mine, left = this.rows.flatMap(({ name, passages = [] }) => passages.slice(0, AHEAD).map((id) => [name, id]))) {
    if (mine !== this.token || !left.length || this.picture.moving) return;
    const [[name, id], ...rest] = left, { from, to } = this.ends;
    const found = this.sea.route(name, from, to, this.sea.bitsOf([...this.view.closed, id]), this.ship());
    if (found.status === 'ok') this.bill.shares(found.path);
    setTimeout(() => this.lookAhead(mine, rest), 20);
  }

  routeRow(name, from, to) {
    const { closed, partly, speed } = this.view, queues = this.queues();
    const find = (round) => this.sea.route(name, from, to, this.sea.bitsOf([...closed, ...round]), this.ship());
    const found = partly.size ? quickest(find, (route) => this.course(route, queues), speed, (id) => partly.has(id)) : find([]);
    const why = found.status === 'same' ? 'the same place' : 'no feasible route';
    return { name, why, ...found };
  }

  /** The traffic of a passage, ships a day: that of the scenario or of the table, or an assumed one. */
  traffic(id) {
    const { traffic, usual_traffic: usual } = this.chart;
    return traffic[id] ?? usual;
  }

  queues() {
    return new Map([...this.view.partly].map(([id, how]) => [id, reducedOf(how, this.traffic(id))]));
  }

  /** The countries of the ends as the EU's rules ask for them; null where there is none. */
  countries() {
    return ['from', 'to'].map((end) => {
      const { port } = this.ends[end];
      return port != null && this.names.codes[port] ? this.names.codes[port].slice(0, 2) : null;
    });
  }

  /** Hours and waits of a route: see `timed`. */
  course(route, queues = this.queues()) {
    const { waits } = this.chart;
    return timed(
      route, this.view.speed, this.limitOf,
      (id, hour) => (waits[id] ?? 0) + (queues.has(id) ? waitH(queues.get(id), hour) : 0),
    );
  }

  show() {
    const open = this.rows.filter((r) => r.status === 'ok'), queues = this.queues();
    for (const row of open) {
      row.course = this.course(row, queues);
      row.bill = this.bill.of(row, row.course, this.view.speed, this.limitOf, this.countries());
    }
    const drawn = open.filter((r) => !this.view.hidden.has(r.name)), used = new Set(drawn.flatMap((r) => r.passages));
    routeTable(this.rows, this.view.hidden, (name) => {
      const hidden = new Set(this.view.hidden);
      if (!hidden.delete(name)) hidden.add(name);
      this.change({ hidden });
      this.show();
    });
    const refused = new Set(this.sea ? this.sea.refused(this.ship()).map((p) => p.id) : []);
    passageButtons(this.chart.passages, this.view, used, refused, (id) => this.toggle(id));
    queueParts(this, PARTLY, (id) => {
      const waits = drawn.filter((r) => r.passages.includes(id)).map((r) => (r.course.waits.get(id) ?? 0) / 24);
      return waits.length ? Math.max(...waits) : null;
    });
    this.picture.cross(drawn);
    for (const button of $('gates').children) {
      const state = pressed(this.view, button.dataset.gate);
      button.setAttribute('aria-pressed', state);
      button.querySelector('small').textContent = STATES[state].click;
      button.classList.toggle('used', used.has(button.dataset.gate));
    }
    const notes = [];
    if (['from', 'to'].some((end) => this.ends[end]?.approximate)) notes.push('A place in the open sea is joined by a coarse coast: its lengths are estimates.');
    if (open.some((r) => r.near)) notes.push('These places are near each other: over the raw coast a way may be shorter; northabout route looks for it.');
    $('notes').textContent = notes.join(' ');
    $('priced').textContent = this.bill.words(open);
    if (this.sea) this.within.refresh();
    this.picture.redraw();
  }

  announce(first) {
    const open = this.rows.filter((r) => r.status === 'ok' && r.name !== 'usual').sort((a, b) => a.nm - b.nm);
    const shut = this.rows.filter((r) => r.status === 'unreachable').map((r) => TITLES[r.name]);
    const usual = this.rows[0].status === 'ok' ? `Usual route ${miles(this.rows[0].nm)} miles. ` : 'No usual route. ';
    $('said').textContent = `${first}${usual}${open.map((r) => `${TITLES[r.name]} ${miles(r.nm)}`).join(', ')}. ${shut.length ? `Not feasible: ${shut.join(', ')}.` : ''}`;
  }

  /** An open passage becomes closed, a closed one partly closed, a partly closed one open. */
  toggle(id) {
    const begun = performance.now();
    this.change(next(this.view, id));
    this.search(`${shortNames(this.chart.passages).get(id)}: ${STATES[pressed(this.view, id)].now}. `);
    this.lastClosureMs = performance.now() - begun;
  }

  /** Change the share of ships, the beginning or the length of a partly closed passage. */
  setPartly(id, changes) {
    this.change({ partly: new Map(this.view.partly).set(id, { ...this.view.partly.get(id), ...changes }) });
    this.search();
  }

  pick(end) {
    this.picking = end;
    this.picture.canvas.classList.toggle('picking', Boolean(end));
    for (const button of document.querySelectorAll('[data-pick]')) button.setAttribute('aria-pressed', String(button.dataset.pick === end));
  }

  clicked(xy) {
    const lonlat = this.picture.projection().invert?.(xy);
    if (!lonlat || !lonlat.every(Number.isFinite)) return;
    const end = this.picking;
    this.pick(null);
    this.setEnd(end, `${lonlat[1].toFixed(4)},${lonlat[0].toFixed(4)}`);
  }

  /** The ends of the view, then the routes between them. */
  begin() {
    for (const end of ['from', 'to']) this.setEnd(end, this.view[end]);
    this.show();
  }
}
