// The passages beside the map: buttons that close them, wholly or partly, and the queues at those that are partly closed.

import { FIRST_PARTLY } from './state.js';
import { $, days, make } from './ui.js';

/** The names of passages without what stands in brackets, where that leaves them different. */
export function shortNames(passages) {
  const bare = (p) => p.name.replace(/\s*\(.*\)$/, '');
  const count = new Map();
  for (const p of passages) count.set(bare(p), (count.get(bare(p)) ?? 0) + 1);
  return new Map(passages.map((p) => [p.id, count.get(bare(p)) === 1 ? bare(p) : p.name]));
}

const percent = (share) => `${Math.round(share)}\u202f%`;

/** How the button of a passage is pressed: false where it is open, mixed where partly closed, true where closed. */
export const pressed = ({ closed, partly }, id) => (closed.has(id) ? 'true' : partly.has(id) ? 'mixed' : 'false');

/** What is told of a passage in each state, and of a click on it. */
export const STATES = {
  false: { now: 'open', click: 'Click: close' },
  true: { now: 'closed', click: 'Closed. Click: let some ships through' },
  mixed: { now: 'partly closed', click: 'Partly closed. Click: open' },
};

/** The passages {closed, partly} after a click: an open one is closed, a closed one partly closed, a partly closed one open. */
export function next(view, id) {
  const closed = new Set(view.closed), partly = new Map(view.partly);
  if (closed.delete(id)) partly.set(id, { ...FIRST_PARTLY });
  else if (!partly.delete(id)) closed.add(id);
  return { closed, partly };
}

/** Buttons of the passages; those that a route uses first. */
export function passageButtons(passages, view, used, refused, toggled) {
  const names = shortNames(passages), { closed, partly } = view;
  const box = $('passages'), focus = document.activeElement?.dataset?.passage;
  const rank = (p) => (closed.has(p.id) || partly.has(p.id) ? 0 : used.has(p.id) ? 1 : 2);
  const order = [...passages].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  box.replaceChildren(...order.map((p) => {
    const button = make('button', { type: 'button', className: used.has(p.id) ? 'used' : '', title: `${p.name}. ${STATES[pressed(view, p.id)].click}`, 'aria-pressed': pressed(view, p.id) }, names.get(p.id));
    button.dataset.passage = p.id;
    if (partly.has(p.id)) button.append(` ${percent(partly.get(p.id).share)}`);
    if (refused.has(p.id)) button.append(' (ship too big)');
    button.addEventListener('click', () => toggled(p.id));
    return button;
  }));
  if (focus) box.querySelector(`[data-passage="${focus}"]`)?.focus({ preventScroll: true });
  const told = [closed.size ? `${closed.size} closed` : '', partly.size ? `${partly.size} partly` : ''].filter(Boolean);
  $('closed-count').textContent = told.length ? `(${told.join(', ')})` : '';
}

/** A labelled number of a queue; what is not a number within its bounds leaves it as it was. */
function number(words, key, value, [min, max], changed) {
  const input = make('input', { type: 'number', min, max, step: 'any', value: value ?? '', placeholder: key === 'lasts' ? 'no end' : '' });
  input.dataset.key = key;
  input.addEventListener('change', () => {
    const now = input.value === '' ? null : Number(input.value);
    const fits = now === null ? key === 'lasts' && !input.validity.badInput : now >= min && now <= max;
    if (fits) changed({ [key]: now });
    else input.value = value ?? '';
  });
  return make('label', {}, words, input);
}

/**
 * A part for each partly closed passage, with the share of ships that go through, when that began and how long it lasts,
 * and the wait. `waitOf` gives the longest wait in days of a route drawn (null where none crosses it), `traffic` the
 * ships a day of a passage.
 */
export function queueParts(page, bounds, waitOf) {
  const box = $('queues'), { partly } = page.view;
  if ([...box.children].map((part) => part.dataset.queue).join() !== [...partly.keys()].join()) {
    box.replaceChildren(...[...partly.keys()].map((id) => queuePart(page, bounds, id)));
  }
  for (const part of box.children) {
    const id = part.dataset.queue, { share } = partly.get(id), wait = waitOf(id), { normal, arrivals, assumed } = page.traffic(id);
    part.querySelector('output').textContent = percent(share);
    const come = normal == null ? '' : `${Math.round((100 * arrivals) / normal)} % of its usual capacity arrives${assumed ? ' (assumed)' : ''}`;
    const waits = wait == null ? 'no route drawn crosses it' : !Number.isFinite(wait) ? 'no ship gets through' : wait < 0.05 ? 'no wait' : `a ship waits ${days(wait)} days`;
    part.querySelector('p').textContent = [waits, come].filter(Boolean).join('; ');
  }
}

function queuePart(page, bounds, id) {
  const how = page.view.partly.get(id), { name } = page.known.get(id);
  const slider = make('input', { type: 'range', min: 1, max: bounds.share[1], step: 1, value: how.share });
  slider.addEventListener('input', () => page.setPartly(id, { share: Number(slider.value) }));
  const part = make(
    'fieldset', {}, make('legend', {}, name), make('label', {}, 'Ships that go through ', make('output'), slider),
    make('div', { className: 'pair' },
      number('Began, days before departure', 'since', how.since, bounds.since, (c) => page.setPartly(id, c)),
      number('Lasts, days', 'lasts', how.lasts, bounds.lasts, (c) => page.setPartly(id, c))),
    make('p', { className: 'quiet' }),
  );
  part.dataset.queue = id;
  return part;
}
