// Bundles the page's program and style into ../built, with the licences of what is in it and the sources' checksums.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = join(here, '..', 'built');
mkdirSync(out, { recursive: true });

const licences = ['d3-geo', 'd3-array', 'internmap'].map((name) => {
  const { version } = JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8'));
  return `${name} ${version}\n\n${readFileSync(join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`;
}).join('\n\n');
writeFileSync(join(out, 'LICENSES.txt'), licences);

const common = { bundle: true, minify: true, write: false, charset: 'ascii', legalComments: 'none', logLevel: 'warning' };
const js = await build({ ...common, entryPoints: [join(here, 'src/main.js')], format: 'iife', target: 'es2022', banner: { js: `/*\n${licences}*/` } });
const css = await build({ ...common, entryPoints: [join(here, 'src/explore.css')] });
const program = js.outputFiles[0].text;
if (/<\/script|<!--/i.test(program)) throw new Error('the program would end the element that holds it');
writeFileSync(join(out, 'explore.js'), program);
writeFileSync(join(out, 'explore.css'), css.outputFiles[0].text);
writeFileSync(join(out, 'explore.html'), readFileSync(join(here, 'src/explore.html')));

const sources = [...readdirSync(join(here, 'src')).map((name) => `src/${name}`), 'build.mjs', 'package.json', 'package-lock.json'].sort();
const sum = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const built = ['LICENSES.txt', 'explore.css', 'explore.html', 'explore.js'];
const lines = [...sources.map((name) => `${sum(join(here, name))}  js/${name}`), ...built.map((name) => `${sum(join(out, name))}  built/${name}`)];
writeFileSync(join(out, 'sha256.txt'), `${lines.join('\n')}\n`);
