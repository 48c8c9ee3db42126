// The shaded water that a ship can use within a day more than the shortest way: when it is searched, and its legend.

import { Corridors } from './corridor.js';
import { vector } from './geodesy.js';
import { outlines } from './raster.js';
import { TITLES } from './table.js';
import { $, miles } from './ui.js';

const HOURS = 24, SOON_MS = 120, SLICE_MS = 25;

export class Within {
  constructor(page) {
    this.page = page;
    this.shape = null;
    this.key = '';
  }

  /** Search anew where something has changed that matters, soon after the rest is shown. */
  refresh() {
    const { page } = this, { view } = page, row = page.rows.find((r) => r.name === view.corridor);
    $('within').setAttribute('aria-pressed', String(Boolean(view.corridor)));
    if (view.corridor) $('within-route').value = view.corridor;
    const closed = row?.status === 'ok' ? [...view.closed, ...[...view.partly.keys()].filter((id) => !row.passages.includes(id))] : [];
    const key = row?.status === 'ok' ? [row.name, page.ends.from.key, page.ends.to.key, closed, view.draft, view.beam, view.length, view.speed].join(' ') : '';
    if (key === this.key) return this.legend(row);
    this.key = key;
    clearTimeout(this.soon);
    if (!key) {
      this.shape = null;
      return this.legend(row);
    }
    $('within-legend').textContent = 'Searching the water within a day more';
    this.soon = setTimeout(() => {
      this.corridors ??= new Corridors(page.sea, page.sea.mask);
      const { from, to } = page.ends;
      this.begun = performance.now();
      this.slices = [];
      this.run(this.searching(row, from, to, page.sea.bitsOf(closed), page.ship(), HOURS * view.speed));
    }, SOON_MS);
    return null;
  }

  *searching(row, ...asked) {
    this.found = yield* this.corridors.searching(row.name, ...asked);
    yield;
    this.shape = this.found && { type: 'MultiPolygon', coordinates: outlines(this.found.spare).map((ring) => [ring]) };
    this.lastMs = performance.now() - this.begun;
    this.legend(row);
    this.page.picture.redraw();
  }

  /** Take a search further for a moment, and again soon: what a person does comes between. Another search ends it. */
  run(search) {
    const begun = performance.now();
    let done = false;
    while (!done && performance.now() - begun < SLICE_MS) ({ done } = search.next());
    this.slices.push(performance.now() - begun);
    if (!done) this.soon = setTimeout(() => this.run(search), 0);
  }

  legend(row) {
    const { corridor, speed } = this.page.view;
    $('within-legend').textContent = !corridor ? '' : row?.status !== 'ok' ? `${TITLES[corridor]}: no feasible route`
      : `Shaded: open water by which the voyage is at most a day longer (${miles(HOURS * speed)} nm) than by the shortest way of the route “${TITLES[corridor]}”. On a raster of half a degree.`;
    $('within-legend').classList.toggle('on', Boolean(corridor && row?.status === 'ok'));
  }

  /** Whether a place [lon, lat] is shaded. */
  holds(place) {
    return Boolean(this.found) && this.corridors.spareAt(this.found.spare, vector(place)) >= 0;
  }
}
