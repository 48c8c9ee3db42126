// Answers questions of tests/web/test_models.py with the page's own modules: node answers.mjs SRC CHART SEA QUESTIONS
import { readFileSync } from 'node:fs';

const [src, chartFile, seaFile, questionFile] = process.argv.slice(2);
const from = (name) => import(`${src}/${name}.js`);
const { unpacked } = await from('bytes'), { vector } = await from('geodesy');
const { Bill } = await from('bill'), { Corridors } = await from('corridor'), { quickest, timed } = await from('course');
const { reducedOf, waitH } = await from('queue'), { Sea } = await from('sea');

const chart = unpacked(new Uint8Array(readFileSync(chartFile))), sea = new Sea(unpacked(new Uint8Array(readFileSync(seaFile))));
const asked = JSON.parse(readFileSync(questionFile));
const limitOf = (canal) => chart.passages[canal].limit_kn;

/** Days, wait, miles and bill of a route, past a queue where there is one. */
function voyage({ from: start, to, via, knots, ship, partly, bill, countries }) {
  const queues = new Map(partly.map(([id, how, traffic]) => [id, reducedOf(how, traffic)]));
  const course = (route) => timed(route, knots, limitOf, (id, hour) => (queues.has(id) ? waitH(queues.get(id), hour) : 0));
  const find = (closed) => sea.route(via, sea.portPlace(start), sea.portPlace(to), sea.bitsOf(closed), ship);
  const found = quickest(find, course, knots, (id) => queues.has(id));
  if (found.status !== 'ok') return { status: found.status };
  const sums = bill && new Bill(bill).of(found, found.course, knots, limitOf, countries);
  return { status: 'ok', nm: found.nm, days: found.course.hours / 24, wait: found.course.waitHours / 24, passages: found.passages, ...sums };
}

const water = new Corridors(sea, sea.mask);

/** What the shaded water of two allowances is of the other, and of its route. */
function corridor({ from: start, to, via, closed, allowances }) {
  const ends = [sea.portPlace(start), sea.portPlace(to)];
  const found = allowances.map((nm) => water.of(via, ...ends, sea.bitsOf(closed), {}, nm));
  const within = found.map((f) => f.spare.reduce((sum, left) => sum + (left >= 0), 0));
  const lost = found[0].spare.reduce((sum, left, k) => sum + (left >= 0 && !(found.at(-1).spare[k] >= 0)), 0);
  const { path, nm } = sea.route(via, ...ends, sea.bitsOf(closed));
  let off = 0, points = 0;
  path.slice(1).forEach((end, k) => {
    const a = vector(path[k]), b = vector(end);
    for (let f = 0; f < 1; f += 0.1) {
      const at = a.map((x, d) => x + f * (b[d] - x));
      if (water.spareAt(water.land, at)) continue;
      points++;
      off += !(water.spareAt(found[0].spare, at) >= 0);
    }
  });
  const most = found.map((f) => f.spare.reduce((top, left) => (left > top ? left : top), -Infinity));
  return { within, lost, off, points, most, best: found[0].best, nm, nodes: [...found[0].nodes].every((n) => found.at(-1).nodes.has(n)) };
}

console.log(JSON.stringify({
  waits: asked.waits.map(([reduced, hour]) => { const w = waitH(reduced, hour); return Number.isFinite(w) ? w : null; }),
  voyages: asked.voyages.map(voyage),
  corridors: asked.corridors.map(corridor),
}));
