// Fingers, mouse, wheel and keys on the map.

import { dragged, zoomed } from './globe.js';
import { $ } from './ui.js';

/** Let the map be dragged, zoomed and clicked. */
export function listenMap(page) {
  const { picture } = page, { canvas } = picture, fingers = new Map();
  const zoom = (factor, at) => page.change(zoomed(page.view, factor, at, ...picture.size()), true);
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
      zoom(apart(now) / apart(was), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else {
      moved += Math.hypot(now[0] - was[0], now[1] - was[1]);
      if (moved > 3) page.change(dragged(page.view, now[0] - was[0], now[1] - was[1], was, ...picture.size()), true);
    }
    fingers.set(event.pointerId, now);
  });
  const up = (event) => {
    const was = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (event.type === 'pointerup' && was && moved <= 3 && page.picking) page.clicked(was);
  };
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', up);
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0016), at(event));
  }, { passive: false });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
    if (step) {
      const [width, height] = picture.size();
      page.change(dragged(page.view, ...step, [width / 2, height - 20], width, height), true);
    } else if (event.key === '+' || event.key === '=') zoom(1.3);
    else if (event.key === '-') zoom(1 / 1.3);
    else if (event.key === '0') page.change({ zoom: 1, x: 0, y: 0 });
    else return;
    event.preventDefault();
  });
  $('zoom-in').addEventListener('click', () => zoom(1.4));
  $('zoom-out').addEventListener('click', () => zoom(1 / 1.4));
  $('zoom-home').addEventListener('click', () => page.change({ zoom: 1, x: 0, y: 0 }));
}
