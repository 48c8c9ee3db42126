// The controls beside the map. Text that a person or a file brings is set as text, never as markup.

export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
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

export const monthName = (month) => MONTHS[month - 1];

/** Hand a file to the person who looks on. */
export function save(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
