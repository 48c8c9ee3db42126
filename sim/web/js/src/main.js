// Opens the page: the first picture from the chart, then the network for the searches.

import { fromBase64, unpacked, unzipped } from './bytes.js';
import { fill, listen } from './controls.js';
import { Names } from './names.js';
import { Page } from './page.js';
import { Sea } from './sea.js';
import { serve } from './served.js';
import { $, searchBox } from './ui.js';

const told = async (id) => unpacked(await unzipped(fromBase64($(id).textContent)));

async function start() {
  const page = new Page(await told('chart'));
  page.picture.gates();
  fill(page);
  page.picture.draw(false);
  listen(page);
  serve(page);
  page.show();
  page.firstMs = performance.now();
  globalThis.northabout = page;
  await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
  const network = await told('sea');
  page.names = new Names(network);
  page.sea = new Sea(network);
  page.water = network.keeps_off;
  page.arctic = network.arrays.node_arctic;
  page.sea.seesPlace = (one, other) => page.horizon.sees(one.sea, other.sea);
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
