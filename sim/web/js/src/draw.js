// The map: one description of what is drawn, painted on a canvas or written as SVG.

import { geoGraticule10, geoPath } from 'd3-geo';
import { columns, starts, summed } from './bytes.js';

const SPHERE = { type: 'Sphere' }, GRATICULE = geoGraticule10();
export const FONT = '600 13px system-ui, sans-serif';

/** Dashes in pixels and colours of routes; light and dark name custom properties of the style. */
export const STYLES = {
  usual: { dash: [], width: 7 },
  suez: { dash: [], width: 3.4 },
  cape: { dash: [9, 3], width: 3 },
  panama: { dash: [2.5, 2.5], width: 3 },
  nsr: { dash: [], width: 2.6 },
  nwp: { dash: [14, 3, 3, 3], width: 2.6 },
  transpolar: { dash: [5, 2.2], width: 2.4 },
};

/** Land of a level as GeoJSON, and its rings. */
export function landOf(chart, level) {
  const a = chart.arrays;
  const [lon, lat] = columns(a[`${level}_lonlat`], 0.01);
  const at = starts(a[`${level}_ring`]), polygon = starts(a[`${level}_polygon`]);
  const rings = [];
  for (let k = 0; k + 1 < at.length; k++) {
    const ring = [];
    for (let i = at[k]; i < at[k + 1]; i++) ring.push([lon[i], lat[i]]);
    rings.push(ring);
  }
  const closed = rings.map((ring) => [...ring, ring[0]]);
  const coordinates = [];
  for (let k = 0; k + 1 < polygon.length; k++) coordinates.push(closed.slice(polygon[k], polygon[k + 1]));
  return { rings, land: { type: 'MultiPolygon', coordinates } };
}

/** The squares of the ice as closed rings of [lon, lat]. */
export function squaresOf(chart) {
  const steps = chart.arrays.square, n = steps.length / 2;
  const x = summed(steps.subarray(0, n)), y = summed(steps.subarray(n)), R = chart.radius_km;
  const at = (px, py) => {
    const half = Math.min(1, (Math.hypot(px, py) * chart.square_km) / (2 * R));
    return [(Math.atan2(py, px) * 180) / Math.PI, 90 - (2 * Math.asin(half) * 180) / Math.PI];
  };
  const out = [];
  for (let k = 0; k < n; k++) {
    const [a, b] = [x[k], y[k]];
    // clockwise, seen from above
    const ring = [at(a - 0.5, b - 0.5), at(a - 0.5, b + 0.5), at(a + 0.5, b + 0.5), at(a + 0.5, b - 0.5)];
    out.push([...ring, ring[0]]);
  }
  return out;
}

class CanvasPainter {
  /** `kept` (a WeakMap) has the paths of what was painted before by the same projection. */
  constructor(context, projection, kept) {
    this.context = context;
    this.projection = projection;
    this.kept = kept;
  }

  pathOf(geometry, thing) {
    if (!this.kept.has(thing)) {
      const path = new Path2D();
      geoPath(this.projection, path)(geometry);
      this.kept.set(thing, path);
    }
    return this.kept.get(thing);
  }

  within(disc, draw) {
    const c = this.context;
    c.save();
    c.beginPath();
    c.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI);
    c.clip();
    draw();
    c.restore();
  }

  shape(geometry, { fill, stroke, width = 1, dash = [] }, thing = geometry) {
    const c = this.context, path = this.pathOf(geometry, thing);
    if (fill) {
      c.fillStyle = fill;
      c.fill(path);
    }
    if (stroke) {
      c.strokeStyle = stroke;
      c.lineWidth = width;
      c.lineJoin = c.lineCap = dash.length ? 'butt' : 'round';
      if (dash.length) c.lineJoin = 'round';
      c.setLineDash(dash);
      c.stroke(path);
    }
  }

  dot([x, y], radius, fill, stroke) {
    const c = this.context;
    c.beginPath();
    c.arc(x, y, radius, 0, 2 * Math.PI);
    c.fillStyle = fill;
    c.fill();
    c.setLineDash([]);
    c.lineWidth = 2;
    c.strokeStyle = stroke;
    c.stroke();
  }

  text([x, y], words, fill, halo) {
    const c = this.context;
    c.font = FONT;
    c.textBaseline = 'middle';
    c.setLineDash([]);
    c.lineJoin = 'round';
    c.lineWidth = 4;
    c.strokeStyle = halo;
    c.strokeText(words, x, y);
    c.fillStyle = fill;
    c.fillText(words, x, y);
  }
}

const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  // eslint-disable-next-line no-control-regex
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

class SvgPainter {
  constructor(projection) {
    this.geo = geoPath(projection).digits(1);
    this.parts = [];
  }

  within({ x, y, radius }, draw) {
    this.parts.push(`<clipPath id="disc"><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}"/></clipPath><g clip-path="url(#disc)">`);
    draw();
    this.parts.push('</g>');
  }

  shape(geometry, { fill, stroke, width = 1, dash = [] }) {
    const d = this.geo(geometry);
    if (!d) return;
    const line = stroke ? ` stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"` : '';
    this.parts.push(`<path d="${d}" fill="${fill ?? 'none'}"${line}${dash.length ? ` stroke-dasharray="${dash}"` : ''}/>`);
  }

  dot([x, y], radius, fill, stroke) {
    this.parts.push(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`);
  }

  text([x, y], words, fill, halo) {
    this.parts.push(`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" dominant-baseline="middle" font-family="system-ui, sans-serif" `
      + `font-size="13" font-weight="600" fill="${fill}" stroke="${halo}" stroke-width="4" paint-order="stroke" `
      + `stroke-linejoin="round">${escaped(words)}</text>`);
  }
}

/**
 * Paint a scene {land, shades: [rings of level 1..4] or null, within: shaded water or null, routes: [{name, path}], gates: [{ends, closed}],
 * places: [{at, text, label}] in pixels} in colours; of a page from a server also sailed: [{path, open}] and stable: [[rings] of polygons].
 */
function paint(painter, projection, scene, colours, disc) {
  if (disc) painter.within(disc, () => layers(painter, scene, colours));
  else {
    layers(painter, scene, colours);
    painter.shape(SPHERE, { stroke: colours.edge, width: 1.2 });
  }
  for (const { at } of scene.places) painter.dot(at, 5.5, colours.ink, colours.halo);
  for (const { text, label } of scene.places) painter.text(text, label, colours.ink, colours.halo);
}

function layers(painter, scene, colours) {
  painter.shape(SPHERE, { fill: scene.shades ? colours.icewater : colours.sea });
  scene.shades?.forEach((rings, level) => {
    const fill = colours[`ice${level + 1}`];
    painter.shape({ type: 'MultiPolygon', coordinates: rings.map((ring) => [ring]) }, { fill, stroke: fill, width: 0.8 }, rings);
  });
  if (scene.within) painter.shape(scene.within, { fill: colours.within });
  painter.shape(GRATICULE, { stroke: colours.line, width: 0.6 });
  if (scene.stable?.length) {
    painter.shape({ type: 'MultiPolygon', coordinates: scene.stable }, { fill: colours.stable, stroke: colours.stableedge, width: 1.2, dash: [4, 3] });
  }
  painter.shape(scene.land, { fill: colours.land, stroke: colours.coast, width: 0.7 });
  const lines = scene.routes.map(({ path, name }) => ({ name, style: STYLES[name], line: { type: 'LineString', coordinates: path } }));
  // the light rims first: where routes share water, the lower one shows between the dashes of the upper
  for (const { line, name, style } of lines) if (name !== 'usual') painter.shape(line, { stroke: colours.halo, width: style.width + 2 });
  for (const { line, name, style } of lines) painter.shape(line, { stroke: colours[name], width: style.width, dash: style.dash });
  for (const { path, open } of scene.sailed ?? []) {
    const line = { type: 'LineString', coordinates: path };
    if (open) painter.shape(line, { stroke: colours.halo, width: 5 });
    painter.shape(line, open ? { stroke: colours.ink, width: 2.4 } : { stroke: colours.closed, width: 1.6, dash: [2, 4] });
  }
  for (const gate of scene.gates) {
    painter.shape({ type: 'LineString', coordinates: gate.ends }, { stroke: gate.closed ? colours.closed : colours.part, width: 4 });
  }
}

/** Where a place lies on the map, in pixels; null where the map does not show it. */
export function visible(projection, lonlat, disc = null) {
  let seen = null;
  projection.stream({ point(x, y) { seen = [x, y]; } }).point(lonlat[0], lonlat[1]);
  return seen && disc && Math.hypot(seen[0] - disc.x, seen[1] - disc.y) > disc.radius ? null : seen;
}

export function paintCanvas(context, projection, scene, colours, disc, kept) {
  paint(new CanvasPainter(context, projection, kept), projection, scene, colours, disc);
}

export function svgText(projection, scene, colours, disc, width, height, title) {
  const painter = new SvgPainter(projection);
  paint(painter, projection, scene, colours, disc);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`
    + `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="${colours.ground}"/>${painter.parts.join('\n')}</svg>\n`;
}
