// The controls beside the map: what they show of a view, and what they change.

import { facing } from './globe.js';
import { listenMap } from './gestures.js';
import { ROUTES } from './routes.js';
import { fromHash, toHash } from './state.js';
import { TITLES } from './table.js';
import { $, make, monthName, tame } from './ui.js';
import { voyagePart } from './voyages.js';

/** Words beside the sliders, and the voyages of the chosen month. */
export function labels(page) {
  const { view, chart } = page, [year, pathway] = chart.climates[view.climate], season = chart.seasons[view.season];
  $('speed-out').textContent = `${view.speed.toFixed(1)} kn`;
  $('month-out').textContent = monthName(view.month);
  $('climate-out').textContent = `${year}${pathway ? `, ${pathway}` : ''}`;
  $('season-out').textContent = season !== 'own' ? season : pathway ? 'normal' : 'its own';
  $('class-out').textContent = tame(chart.classes[view.shipClass], 40);
  document.documentElement.dataset.map = view.projection;
  for (const button of document.querySelectorAll('[data-projection]')) {
    button.setAttribute('aria-pressed', String(button.dataset.projection === view.projection));
  }
  voyagePart(chart, view, (month) => {
    $('month').value = month;
    page.change({ month });
    labels(page);
  });
}

/** All controls as the view says. */
export function fill(page) {
  const { view, chart } = page, s = chart.scenario;
  $('name').textContent = s.name ? tame(s.name, 200) : 'Routes over the world’s seas';
  $('description').textContent = s.description ? tame(s.description, 2000) : '';
  $('foot').textContent = `northabout ${chart.version}. Lengths are WGS84 geodesics from berth to berth, in nautical miles. Land: Natural Earth, simplified; a line may seem to touch it. Not for navigation.`;
  $('speed').value = view.speed;
  $('draft').value = view.draft ?? '';
  $('beam').value = view.beam ?? '';
  $('ice').checked = view.ice;
  $('month').value = view.month;
  $('climate').max = page.counts.climates - 1;
  $('climate').value = view.climate;
  $('season').max = page.counts.seasons - 1;
  $('season').value = view.season;
  $('season-line').hidden = page.counts.seasons < 2;
  $('class').max = page.counts.classes - 1;
  $('class').value = view.shipClass;
  $('class-line').hidden = !chart.voyages;
  $('within-route').replaceChildren(...ROUTES.map((name) => make('option', { value: name, selected: name === view.corridor }, TITLES[name])));
  $('from').value = tame(view.from, 120);
  $('to').value = tame(view.to, 120);
  labels(page);
}

/** Let every control change the view. */
export function listen(page) {
  const number = (id) => $(id).addEventListener('change', () => {
    const value = Number($(id).value);
    page.change({ [id]: $(id).value !== '' && value > 0 && value < 1000 ? value : null });
    page.search();
  });
  number('draft');
  number('beam');
  $('speed').addEventListener('input', () => {
    page.change({ speed: Number($('speed').value) });
    labels(page);
    if (page.view.partly.size) page.search(null);
    else page.show();
  });
  for (const [id, key] of [['month', 'month'], ['climate', 'climate'], ['season', 'season'], ['class', 'shipClass']]) {
    $(id).addEventListener('input', () => {
      page.change({ [key]: Number($(id).value) });
      labels(page);
    });
  }
  $('ice').addEventListener('change', () => page.change({ ice: $('ice').checked }));
  const within = () => {
    page.change({ corridor: page.view.corridor ? '' : $('within-route').value });
    page.show();
  };
  $('within').addEventListener('click', within);
  $('within-route').addEventListener('change', () => {
    page.change({ corridor: '' });
    within();
  });
  $('swap').addEventListener('click', () => {
    const { from, to } = page.view;
    page.setEnd('from', to);
    page.setEnd('to', from);
  });
  $('open-all').addEventListener('click', () => {
    page.change({ closed: new Set(), partly: new Map() });
    page.search();
  });
  for (const button of document.querySelectorAll('[data-projection]')) {
    button.addEventListener('click', () => {
      page.change(facing(page.view, button.dataset.projection));
      labels(page);
    });
  }
  for (const button of document.querySelectorAll('[data-pick]')) {
    button.addEventListener('click', () => page.pick(page.picking === button.dataset.pick ? null : button.dataset.pick));
  }
  $('save-svg').addEventListener('click', () => page.picture.saveSvg());
  $('save-png').addEventListener('click', () => page.picture.savePng());
  $('copy').addEventListener('click', async () => {
    const link = `${location.href.split('#')[0]}#${toHash(page.view)}`;
    try {
      await navigator.clipboard.writeText(link);
      $('said').textContent = 'Link copied';
    } catch {
      location.hash = toHash(page.view);
      $('said').textContent = 'The link is in the address';
    }
  });
  window.addEventListener('hashchange', () => {
    if (location.hash.slice(1) === toHash(page.view)) return;
    page.view = fromHash(location.hash, page.view, page.known, page.counts);
    fill(page);
    page.begin();
  });
  new ResizeObserver(() => page.picture.redraw()).observe(page.picture.canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => page.picture.redraw());
  window.addEventListener('beforeprint', () => page.picture.print());
  listenMap(page);
}
