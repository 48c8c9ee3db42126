// The picture of a page: what of it is drawn, when, and in which colours; the dots of the passages; SVG and PNG.

import { geoDistance, geoInterpolate } from 'd3-geo';
import { FONT, landOf, paintCanvas, squaresOf, svgText, visible } from './draw.js';
import { discOf, projectionOf } from './globe.js';
import { boxesOf } from './labels.js';
import { ROUTES } from './routes.js';
import { $, make, save } from './ui.js';

const COLOURS = ['ground', 'sea', 'icewater', 'ice1', 'ice2', 'ice3', 'ice4', 'land', 'coast', 'line', 'edge', 'halo', 'ink', 'within', 'closed', 'part', 'stable', 'stableedge', ...ROUTES];
const REST_MS = 140;
const WIDE = 0.03, OCEAN = 0.3, OFF_SHORE = 0.02; // radians, about 100, 1,000 and 70 nm

/** Where the dot of a passage lies: in the middle of its gate, of one as wide as an ocean off its first end. */
function middleOf({ gate, at }) {
  const width = geoDistance(...gate);
  return width > OCEAN ? geoInterpolate(...gate)(OFF_SHORE / width) : at;
}

/** Where a route {path, legNm} is after some miles. */
function placeAt({ path, legNm }, nm) {
  let k = 0, left = nm;
  while (k + 1 < legNm.length && left > legNm[k]) left -= legNm[k++];
  return geoInterpolate(path[k], path[k + 1])(Math.min(1, legNm[k] > 0 ? left / legNm[k] : 0));
}

export class Picture {
  constructor(page) {
    this.page = page;
    this.coarse = landOf(page.chart, 'coarse');
    this.canvas = $('map');
    this.moving = false;
    this.crossed = new Map();
  }

  /** Land in detail, read when it is first needed. */
  get fine() {
    this.fineLand ??= landOf(this.page.chart, 'fine');
    return this.fineLand;
  }

  /** Tell which routes are drawn: a dot of a wide passage lies where the first of them crosses it. */
  cross(routes) {
    this.crossed = new Map();
    for (const route of routes) {
      for (const { id, at } of route.crossings) if (!this.crossed.has(id)) this.crossed.set(id, placeAt(route, at));
    }
  }

  spotOf(passage) {
    return geoDistance(...passage.gate) > WIDE ? this.crossed.get(passage.id) ?? middleOf(passage) : passage.at;
  }

  colours(of = document.documentElement) {
    const style = getComputedStyle(of);
    return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  shades() {
    const { view, chart } = this.page;
    if (!view.ice) return null;
    this.squares ??= squaresOf(chart);
    const key = [view.climate, view.season, view.month].join();
    if (this.shaded?.key === key) return this.shaded.rings;
    const all = chart.arrays[`shade_${view.climate}_${view.season}`], n = this.squares.length;
    const out = [[], [], [], []], first = (view.month - 1) * n;
    for (let k = 0; k < n; k++) if (all[first + k]) out[all[first + k] - 1].push(this.squares[k]);
    this.shaded = { key, rings: out };
    return out;
  }

  scene(fine, size = this.size()) {
    const { rows, view, known } = this.page;
    const drawn = rows.filter((r) => r.status === 'ok' && !view.hidden.has(r.name));
    return {
      land: (fine ? this.fine : this.coarse).land, shades: this.shades(),
      within: view.corridor ? this.page.within.shape : null,
      routes: drawn.map((r) => ({ name: r.name, path: r.path })),
      gates: [...view.closed, ...view.partly.keys()].map((id) => ({ ends: known.get(id).gate, closed: view.closed.has(id) })),
      places: this.places(size),
      ...this.page.served?.drawn(),
    };
  }

  /** The ends that are seen, each with its name and the middle of the name's left side, in pixels. */
  places(size) {
    const { view, ends, known } = this.page, [width, height] = size, projection = projectionOf(view, ...size), disc = discOf(view, width, height);
    const context = this.canvas.getContext('2d');
    context.font = FONT;
    const seen = ['from', 'to'].filter((end) => ends[end]).map((end) => ({ label: ends[end].label, at: visible(projection, ends[end].lonlat, disc) }))
      .filter(({ at }) => at).map((place) => ({ ...place, width: context.measureText(place.label).width }));
    const dots = [...known.values()].filter((p) => !this.crowded() || this.crossed.has(p.id)).map((p) => visible(projection, this.spotOf(p), disc)).filter(Boolean);
    const boxes = boxesOf(seen, dots, [width, height]);
    return seen.map((place, k) => ({ ...place, text: [boxes[k].x, boxes[k].y + boxes[k].height / 2] }));
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
    const { view } = this.page, projection = projectionOf(view, width, height), disc = discOf(view, width, height);
    const from = [view.projection, view.lon, view.lat, view.zoom, view.x, view.y, width, height].join();
    if (this.from !== from) this.kept = new WeakMap();
    this.from = from;
    paintCanvas(context, projection, this.scene(fine), this.colours(), disc, this.kept);
    this.placeGates(projection, disc, width, height);
  }

  /** Whether the map is so small that only the passages of the routes have dots. */
  crowded() {
    return this.size()[0] < 520 && this.page.view.zoom < 1.6;
  }

  placeGates(projection, disc, width, height) {
    $('gates').classList.toggle('crowded', this.crowded());
    for (const button of $('gates').children) {
      const at = visible(projection, this.spotOf(this.page.known.get(button.dataset.gate)), disc);
      const shown = at && at[0] > 0 && at[1] > 0 && at[0] < width && at[1] < height;
      button.style.display = shown ? '' : 'none';
      if (!shown) continue;
      button.style.transform = `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px)`;
      button.classList.toggle('left', at[0] < 90);
      button.classList.toggle('right', at[0] > width - 90);
    }
  }

  /** Draw soon: with a coarse coast while something moves, with the fine one at rest. */
  redraw(moving = this.moving) {
    this.moving = moving;
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw(!this.moving);
      });
    }
    clearTimeout(this.rest);
    if (this.moving) {
      this.rest = setTimeout(() => {
        this.redraw(false);
      }, REST_MS);
    }
  }

  /** A button at each passage. */
  gates() {
    $('gates').replaceChildren(...this.page.chart.passages.map((p) => {
      const button = make('button', { type: 'button', tabIndex: -1, 'aria-pressed': 'false', 'aria-label': `Close ${p.name}` }, make('span', {}, p.name, make('small')));
      button.dataset.gate = p.id;
      button.addEventListener('click', () => this.page.toggle(p.id));
      return button;
    }));
  }

  projection() {
    return projectionOf(this.page.view, ...this.size());
  }

  /** Where a place lies on the page, in pixels. */
  pixel(lonlat) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = this.projection()(lonlat);
    return [left + x, top + y];
  }

  svg([width, height] = this.size(), of = document.documentElement) {
    const { view } = this.page, size = [width, height];
    return svgText(projectionOf(view, ...size), this.scene(true, size), this.colours(of), discOf(view, ...size), ...size, document.title);
  }

  saveSvg() {
    save(new Blob([this.svg()], { type: 'image/svg+xml' }), 'routes.svg');
  }

  /** The map for paper: light, and as wide as a page. */
  print() {
    const box = $('print-map'), size = this.page.view.projection === 'world' ? [900, 450] : [760, 760];
    const drawn = new DOMParser().parseFromString(this.svg(size, box), 'image/svg+xml').documentElement;
    box.replaceChildren(document.importNode(drawn, true));
  }

  savePng() {
    this.draw(true);
    this.canvas.toBlob((blob) => save(blob, 'routes.png'));
  }
}
