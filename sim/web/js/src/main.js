// The page: reads its data, draws, and answers what a person does.

import { fromBase64, unpacked, unzipped } from './bytes.js';
import { landOf, paintCanvas, squaresOf, svgText, visible } from './draw.js';
import { discOf, dragged, facing, projectionOf, zoomed } from './globe.js';
import { Horizon, seaPlace } from './horizon.js';
import { Names, position } from './names.js';
import { Sea } from './sea.js';
import { fromHash, initial, toHash } from './state.js';
import { $, make, miles, monthName, passageButtons, routeTable, save, searchBox, tame, TITLES, voyagePart } from './ui.js';

const ROUTES = ['usual', 'suez', 'cape', 'panama', 'nsr', 'nwp', 'transpolar'];
const COLOURS = ['ground', 'sea', 'icewater', 'ice1', 'ice2', 'ice3', 'ice4', 'land', 'coast', 'line', 'edge', 'halo', 'ink', 'closed', ...ROUTES];
const REST_MS = 140, AT_ONCE_MS = 45, AHEAD = 6;

const told = async (id) => unpacked(await unzipped(fromBase64($(id).textContent)));

class Page {
  constructor(chart) {
    this.chart = chart;
    this.known = new Map(chart.passages.map((p) => [p.id, p]));
    this.counts = { climates: chart.climates.length, classes: chart.classes.length };
    this.view = fromHash(location.hash, initial(chart), this.known, this.counts);
    this.coarse = landOf(chart, 'coarse');
    this.hidden = new Set();
    this.rows = ROUTES.map((name) => ({ name, status: 'wait' }));
    this.ends = { from: null, to: null };
    this.problems = { from: '', to: '' };
    this.canvas = $('map');
    this.moving = false;
    this.picking = null;
    this.token = 0;
  }

  // -- the picture

  get fine() {
    this.fineLand ??= landOf(this.chart, 'fine');
    return this.fineLand;
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  shades() {
    if (!this.view.ice) return null;
    this.squares ??= squaresOf(this.chart);
    const all = this.chart.arrays[`shade_${this.view.climate}`], n = this.squares.length;
    const out = [[], [], [], []], first = (this.view.month - 1) * n;
    for (let k = 0; k < n; k++) if (all[first + k]) out[all[first + k] - 1].push(this.squares[k]);
    return out;
  }

  scene(fine) {
    const drawn = this.rows.filter((r) => r.status === 'ok' && !this.hidden.has(r.name));
    return {
      land: (fine ? this.fine : this.coarse).land, shades: this.shades(),
      routes: drawn.map((r) => ({ name: r.name, path: r.path })),
      gates: [...this.view.closed].map((id) => ({ ends: this.known.get(id).gate })),
      places: ['from', 'to'].filter((end) => this.ends[end]).map((end) => ({ lonlat: this.ends[end].lonlat, label: this.ends[end].label })),
    };
  }

  size() {
    return [this.canvas.clientWidth || 600, this.canvas.clientHeight || 400];
  }

  draw(fine) {
    const [width, height] = this.size(), dense = Math.min(window.devicePixelRatio || 1, 2);
    if (this.canvas.width !== Math.round(width * dense) || this.canvas.height !== Math.round(height * dense)) {
      this.canvas.width = Math.round(width * dense);
      this.canvas.height = Math.round(height * dense);
    }
    const context = this.canvas.getContext('2d');
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    const projection = projectionOf(this.view, width, height);
    const disc = discOf(this.view, width, height);
    paintCanvas(context, projection, this.scene(fine), this.colours(), disc);
    this.placeGates(projection, disc, width, height);
  }

  placeGates(projection, disc, width, height) {
    for (const button of $('gates').children) {
      const at = visible(projection, this.known.get(button.dataset.gate).at, disc);
      const shown = at && at[0] > 0 && at[1] > 0 && at[0] < width && at[1] < height;
      button.style.display = shown ? '' : 'none';
      if (!shown) continue;
      button.style.transform = `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px)`;
      button.classList.toggle('left', at[0] < 90);
      button.classList.toggle('right', at[0] > width - 90);
    }
  }

  /** Draw soon: with a coarse coast while something moves, with the fine one at rest. */
  redraw() {
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw(!this.moving);
      });
    }
    clearTimeout(this.rest);
    if (this.moving) {
      this.rest = setTimeout(() => {
        this.moving = false;
        this.redraw();
      }, REST_MS);
    }
  }

  change(changes, moving = false) {
    Object.assign(this.view, changes);
    this.moving = moving;
    this.redraw();
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(null, '', `#${toHash(this.view)}`), 150);
  }

  // -- places and routes

  place(text) {
    const at = position(text);
    if (at) {
      this.horizon ??= new Horizon(this.fine.rings);
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

  /** Search all routes: at once where that is quick, else some at a time. */
  search(announce = true) {
    const { from, to } = this.ends, mine = ++this.token;
    if (!from || !to) return;
    const begun = performance.now();
    let k = 0;
    const next = () => {
      if (mine !== this.token) return;
      while (k < ROUTES.length) {
        this.rows[k] = this.routeRow(ROUTES[k], from, to);
        k++;
        if (performance.now() - begun > AT_ONCE_MS && k < ROUTES.length) {
          this.show();
          setTimeout(next, 0);
          return;
        }
      }
      this.show();
      this.lastSearchMs = performance.now() - begun;
      setTimeout(() => this.lookAhead(mine), 60);
      if (announce) this.announce();
    };
    next();
  }

  /** Search ahead, while nothing else is to do, how the first passages of the usual route are gone round. */
  lookAhead(mine, k = 0) {
    const id = this.rows[0].passages?.[k], { from, to } = this.ends;
    if (mine !== this.token || !id || k >= AHEAD || this.moving) return;
    this.sea.route('usual', from, to, this.sea.bitsOf([...this.view.closed, id]), this.ship());
    setTimeout(() => this.lookAhead(mine, k + 1), 20);
  }

  routeRow(name, from, to) {
    const found = this.sea.route(name, from, to, this.sea.bitsOf(this.view.closed), this.ship());
    const why = found.status === 'same' ? 'the same place' : 'no feasible route';
    return { name, why, ...found };
  }

  show() {
    const open = this.rows.filter((r) => r.status === 'ok');
    const used = new Set(open.filter((r) => !this.hidden.has(r.name)).flatMap((r) => r.passages));
    routeTable(this.rows, this.view.speed, this.hidden, (name) => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      this.show();
    });
    const refused = new Set(this.sea ? this.sea.refused(this.ship()).map((p) => p.id) : []);
    passageButtons(this.chart.passages, this.view.closed, used, refused, (id) => this.toggle(id));
    for (const button of $('gates').children) {
      button.setAttribute('aria-pressed', String(this.view.closed.has(button.dataset.gate)));
      button.classList.toggle('used', used.has(button.dataset.gate));
    }
    const notes = [];
    if (['from', 'to'].some((end) => this.ends[end]?.approximate)) notes.push('A place in the open sea is joined by a coarse coast: its lengths are estimates.');
    if (open.some((r) => r.near)) notes.push('These places are near each other: over the raw coast a way may be shorter; northabout route looks for it.');
    $('notes').textContent = notes.join(' ');
    this.redraw();
  }

  announce() {
    const open = this.rows.filter((r) => r.status === 'ok' && r.name !== 'usual').sort((a, b) => a.nm - b.nm);
    const shut = this.rows.filter((r) => r.status === 'unreachable').map((r) => TITLES[r.name]);
    const usual = this.rows[0].status === 'ok' ? `Usual route ${miles(this.rows[0].nm)} miles. ` : 'No usual route. ';
    $('said').textContent = `${usual}${open.map((r) => `${TITLES[r.name]} ${miles(r.nm)}`).join(', ')}. ${shut.length ? `Not feasible: ${shut.join(', ')}.` : ''}`;
  }

  toggle(id) {
    const begun = performance.now();
    const closed = new Set(this.view.closed);
    if (!closed.delete(id)) closed.add(id);
    this.change({ closed });
    this.search();
    this.lastClosureMs = performance.now() - begun;
  }

  // -- controls

  labels() {
    const { view, chart } = this, [year, pathway] = chart.climates[view.climate];
    $('speed-out').textContent = `${view.speed.toFixed(1)} kn`;
    $('month-out').textContent = monthName(view.month);
    $('climate-out').textContent = `${year}${pathway ? `, ${pathway}` : ''}`;
    $('class-out').textContent = tame(chart.classes[view.shipClass], 40);
    for (const button of document.querySelectorAll('[data-projection]')) {
      button.setAttribute('aria-pressed', String(button.dataset.projection === view.projection));
    }
    voyagePart(chart, view, (month) => {
      $('month').value = month;
      this.change({ month });
      this.labels();
    });
  }

  fill() {
    const { view, chart } = this, s = chart.scenario;
    $('name').textContent = s.name ? tame(s.name, 200) : 'Routes over the world’s seas';
    $('description').textContent = s.description ? tame(s.description, 2000) : '';
    $('foot').textContent = `northabout ${chart.version}. Lengths are WGS84 geodesics from berth to berth, in nautical miles. Land: Natural Earth, simplified; a line may seem to touch it. Not for navigation.`;
    $('speed').value = view.speed;
    $('draft').value = view.draft ?? '';
    $('beam').value = view.beam ?? '';
    $('ice').checked = view.ice;
    $('month').value = view.month;
    $('climate').max = this.counts.climates - 1;
    $('climate').value = view.climate;
    $('class').max = this.counts.classes - 1;
    $('class').value = view.shipClass;
    $('class-line').hidden = !chart.voyages;
    $('from').value = tame(view.from, 120);
    $('to').value = tame(view.to, 120);
    this.labels();
  }

  listen() {
    const number = (id) => $(id).addEventListener('change', () => {
      const value = Number($(id).value);
      this.change({ [id]: $(id).value !== '' && value > 0 && value < 1000 ? value : null });
      this.search();
    });
    number('draft');
    number('beam');
    $('speed').addEventListener('input', () => {
      this.change({ speed: Number($('speed').value) });
      this.labels();
      this.show();
    });
    for (const [id, key] of [['month', 'month'], ['climate', 'climate'], ['class', 'shipClass']]) {
      $(id).addEventListener('input', () => {
        this.change({ [key]: Number($(id).value) });
        this.labels();
      });
    }
    $('ice').addEventListener('change', () => this.change({ ice: $('ice').checked }));
    $('swap').addEventListener('click', () => {
      const { from, to } = this.view;
      this.setEnd('from', to);
      this.setEnd('to', from);
    });
    $('open-all').addEventListener('click', () => {
      this.change({ closed: new Set() });
      this.search();
    });
    for (const button of document.querySelectorAll('[data-projection]')) {
      button.addEventListener('click', () => {
        this.change(facing(this.view, button.dataset.projection));
        this.labels();
      });
    }
    for (const button of document.querySelectorAll('[data-pick]')) {
      button.addEventListener('click', () => this.pick(this.picking === button.dataset.pick ? null : button.dataset.pick));
    }
    $('save-svg').addEventListener('click', () => this.saveSvg());
    $('save-png').addEventListener('click', () => {
      this.draw(true);
      this.canvas.toBlob((blob) => save(blob, 'routes.png'));
    });
    $('copy').addEventListener('click', async () => {
      const link = `${location.href.split('#')[0]}#${toHash(this.view)}`;
      try {
        await navigator.clipboard.writeText(link);
        $('said').textContent = 'Link copied';
      } catch {
        location.hash = toHash(this.view);
        $('said').textContent = 'The link is in the address';
      }
    });
    window.addEventListener('hashchange', () => {
      if (location.hash.slice(1) === toHash(this.view)) return;
      this.view = fromHash(location.hash, this.view, this.known, this.counts);
      this.fill();
      this.begin();
    });
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
    this.listenMap();
  }

  pick(end) {
    this.picking = end;
    this.canvas.classList.toggle('picking', Boolean(end));
    for (const button of document.querySelectorAll('[data-pick]')) button.setAttribute('aria-pressed', String(button.dataset.pick === end));
  }

  saveSvg() {
    const [width, height] = this.size();
    const text = svgText(projectionOf(this.view, width, height), this.scene(true), this.colours(), discOf(this.view, width, height), width, height, document.title);
    save(new Blob([text], { type: 'image/svg+xml' }), 'routes.svg');
  }

  zoom(factor, at) {
    this.change(zoomed(this.view, factor, at, ...this.size()), true);
  }

  listenMap() {
    const { canvas } = this, fingers = new Map();
    let moved = 0;
    const at = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, at(event));
      moved = 0;
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!fingers.has(event.pointerId)) return;
      const was = fingers.get(event.pointerId), now = at(event);
      if (fingers.size === 2) {
        const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, xy]) => xy);
        const apart = (xy) => Math.hypot(xy[0] - other[0], xy[1] - other[1]) || 1;
        this.zoom(apart(now) / apart(was), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
      } else {
        moved += Math.hypot(now[0] - was[0], now[1] - was[1]);
        if (moved > 3) this.change(dragged(this.view, now[0] - was[0], now[1] - was[1], was, ...this.size()), true);
      }
      fingers.set(event.pointerId, now);
    });
    const up = (event) => {
      const was = fingers.get(event.pointerId);
      fingers.delete(event.pointerId);
      if (event.type === 'pointerup' && was && moved <= 3 && this.picking) this.clicked(was);
    };
    canvas.addEventListener('pointerup', up);
    canvas.addEventListener('pointercancel', up);
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * 0.0016), at(event));
    }, { passive: false });
    canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
      if (step) {
        const [width, height] = this.size();
        this.change(dragged(this.view, ...step, [width / 2, height - 20], width, height), true);
      } else if (event.key === '+' || event.key === '=') this.zoom(1.3);
      else if (event.key === '-') this.zoom(1 / 1.3);
      else if (event.key === '0') this.change({ zoom: 1, x: 0, y: 0 });
      else return;
      event.preventDefault();
    });
    $('zoom-in').addEventListener('click', () => this.zoom(1.4));
    $('zoom-out').addEventListener('click', () => this.zoom(1 / 1.4));
    $('zoom-home').addEventListener('click', () => this.change({ zoom: 1, x: 0, y: 0 }));
  }

  clicked(xy) {
    const lonlat = projectionOf(this.view, ...this.size()).invert?.(xy);
    if (!lonlat || !lonlat.every(Number.isFinite)) return;
    const end = this.picking;
    this.pick(null);
    this.setEnd(end, `${lonlat[1].toFixed(4)},${lonlat[0].toFixed(4)}`);
  }

  /** Where a place lies on the page, in pixels. */
  pixel(lonlat) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = projectionOf(this.view, ...this.size())(lonlat);
    return [left + x, top + y];
  }

  /** The ends of the view, then the routes between them. */
  begin() {
    for (const end of ['from', 'to']) this.setEnd(end, this.view[end]);
    this.show();
  }

  gates() {
    $('gates').replaceChildren(...this.chart.passages.map((p) => {
      const button = make('button', { type: 'button', tabIndex: -1, 'aria-pressed': 'false', 'aria-label': `Close ${p.name}` }, make('span', {}, p.name));
      button.dataset.gate = p.id;
      button.addEventListener('click', () => this.toggle(p.id));
      return button;
    }));
  }
}

async function start() {
  const page = new Page(await told('chart'));
  page.gates();
  page.fill();
  page.draw(false);
  page.listen();
  page.show();
  page.firstMs = performance.now();
  globalThis.northabout = page;
  await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
  const network = await told('sea');
  page.names = new Names(network);
  page.sea = new Sea(network);
  page.water = network.keeps_off;
  page.arctic = network.arrays.node_arctic;
  page.sea.seesPlace = (one, other) => {
    page.horizon ??= new Horizon(page.fine.rings);
    return page.horizon.sees(one.sea, other.sea);
  };
  searchBox('from', () => page.names, (text) => page.setEnd('from', text));
  searchBox('to', () => page.names, (text) => page.setEnd('to', text));
  page.begin();
  page.readyMs = performance.now();
  document.documentElement.dataset.ready = 'yes';
}

start().catch((error) => {
  $('problem').textContent = `This page cannot be shown here: ${error.message}. A browser of 2023 or later is needed.`;
  throw error;
});
