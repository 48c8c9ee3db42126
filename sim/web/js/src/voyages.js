// The voyages of a scenario through ice, by month.

import { $, days, make, miles, MONTHS, tame } from './ui.js';

/** The voyages of a scenario in the chosen climate, season and class: a strip of months for each alternative, and the month. */
export function voyagePart(chart, view, chosen) {
  const box = $('voyages');
  if (!chart.voyages) {
    box.replaceChildren();
    return;
  }
  const of = chart.voyages.filter(([climate, season, ice]) => climate === view.climate && season === view.season && ice === view.shipClass);
  box.replaceChildren(...chart.scenario.alternatives.map(([label], number) => {
    const year = of.filter((v) => v[3] === number);
    const strip = make('div', { className: 'months', role: 'group', 'aria-label': `${tame(label, 60)}: months` }, ...year.map((v) => {
      const [, , , , month, status, voyageDays] = v;
      const words = `${MONTHS[month - 1]}: ${status === 'ok' ? `${days(voyageDays)} days` : status}`;
      const button = make('button', { type: 'button', title: words, 'aria-label': words, className: `${status === 'ok' ? 'ok' : 'closed'}${month === view.month ? ' now' : ''}` }, MONTHS[month - 1][0]);
      button.addEventListener('click', () => chosen(month));
      return button;
    }));
    const now = year.find((v) => v[4] === view.month);
    const told = !now ? '' : now[5] === 'ok' ? figures(now) : now[5];
    const why = now && now[11] ? [make('p', { className: 'quiet' }, tame(chart.reasons[now[11]], 600))] : [];
    return make('div', { className: 'voyage' }, make('h3', {}, make('span', {}, tame(label, 60)), make('span', {}, told)), strip, ...why);
  }));
}

/** Days, miles, fuel and cost of a voyage that arrives. */
function figures([, , , , , , time, nm, fuel, , usd]) {
  const more = [fuel == null ? '' : `${miles(fuel)} t fuel`, usd == null ? '' : `${miles(usd / 1000)} k USD`];
  return [`${days(time)} days`, `${miles(nm)} nm`, ...more].filter(Boolean).join(', ');
}
