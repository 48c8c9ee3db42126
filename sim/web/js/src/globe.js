// Projections of a view, and how dragging, zooming and keys change it.

import { geoEqualEarth, geoOrthographic, geoStereographic } from 'd3-geo';

const RIM = 75; // degrees from the pole to the rim of the polar map
const POLAR_CLIP = 90.0047; // a little beyond the equator: corners of the land that lie on the rim turn it inside out
const WORLD = 5.41; // width of the world in Equal Earth, in radii

/** The projection of a view on a canvas of a size in pixels. */
export function projectionOf(view, width, height) {
  const half = Math.min(width, height) / 2 - 6;
  const middle = [width / 2 + view.x * half, height / 2 + view.y * half];
  if (view.projection === 'globe') {
    return geoOrthographic().rotate([-view.lon, -view.lat]).scale(half * view.zoom).translate([width / 2, height / 2])
      .clipAngle(90).precision(0.4);
  }
  if (view.projection === 'polar') {
    const scale = half / Math.tan((RIM * Math.PI) / 360);
    return geoStereographic().rotate([-view.lon, -90]).scale(scale * view.zoom).translate(middle)
      .clipAngle(POLAR_CLIP).clipExtent([[-4, -4], [width + 4, height + 4]]).precision(0.4);
  }
  const scale = Math.min(width / WORLD, height / 2.64) * 0.99;
  return geoEqualEarth().rotate([-view.lon, 0]).scale(scale * view.zoom).translate(middle)
    .clipExtent([[-4, -4], [width + 4, height + 4]]).precision(0.4);
}

/**
 * The disc of a polar map, {x, y, radius} in pixels, outside which nothing is drawn; null for other maps. The projection
 * itself is clipped at the equator: d3-geo fills polygons wrongly that cross the rim of a smaller cap several times.
 */
export function discOf(view, width, height) {
  if (view.projection !== 'polar') return null;
  const half = Math.min(width, height) / 2 - 6;
  return { x: width / 2 + view.x * half, y: height / 2 + view.y * half, radius: half * view.zoom };
}

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const turned = (lon) => ((lon + 540) % 360) - 180;

/** The view after a drag by dx, dy pixels that began at `at`. */
export function dragged(view, dx, dy, at, width, height) {
  const half = Math.min(width, height) / 2 - 6, out = { ...view };
  if (view.projection === 'globe') {
    const turn = 57.3 / (half * view.zoom);
    out.lon = turned(view.lon - (dx * turn) / Math.max(0.3, Math.cos((view.lat * Math.PI) / 180)));
    out.lat = clamp(view.lat + dy * turn, -90, 90);
  } else if (view.projection === 'world') {
    const radius = Math.min(width / WORLD, height / 2.64) * view.zoom;
    out.lon = turned(view.lon - (dx * 360) / (WORLD * radius));
    out.y = clamp(view.y + dy / half, -1.3 * view.zoom, 1.3 * view.zoom);
  } else if (view.zoom <= 1.15) {
    const [x, y] = [at[0] - width / 2, at[1] - height / 2];
    const sweep = Math.atan2(y + dy, x + dx) - Math.atan2(y, x);
    out.lon = turned(view.lon + (sweep * 180) / Math.PI);
  } else {
    out.x = clamp(view.x + dx / half, -view.zoom, view.zoom);
    out.y = clamp(view.y + dy / half, -view.zoom, view.zoom);
  }
  return out;
}

/** The view after zooming by a factor; what lies at `at` (pixels) stays there on flat maps. */
export function zoomed(view, factor, at, width, height) {
  const half = Math.min(width, height) / 2 - 6;
  const zoom = clamp(view.zoom * factor, 0.8, 40), f = zoom / view.zoom, out = { ...view, zoom };
  if (view.projection === 'globe') return out;
  const [px, py] = at ?? [width / 2, height / 2];
  out.y = ((py - height / 2) - ((py - height / 2) - view.y * half) * f) / half;
  if (view.projection === 'polar') out.x = ((px - width / 2) - ((px - width / 2) - view.x * half) * f) / half;
  if (zoom <= 1) [out.x, out.y] = [0, 0];
  return out;
}

/** The view with both ends of a voyage on it. */
export function facing(view, projection) {
  return { ...view, projection, zoom: 1, x: 0, y: 0, lat: projection === 'globe' ? 45 : view.lat };
}
