// Lengths on the WGS84 ellipsoid, and great circles on the sphere. Degrees outside, radians and unit vectors inside.

const A = 6378137.0;
const F = 1 / 298.257223563;
const B = A * (1 - F);
export const NM = 1852.0;
export const RAD = Math.PI / 180;

/** What a place adds to every length from it: sine and cosine of its reduced latitude, and its longitude. */
export function reduced(lon, lat) {
  const u = Math.atan((1 - F) * Math.tan(lat * RAD));
  return [Math.sin(u), Math.cos(u), lon * RAD];
}

/**
 * Length of a geodesic in nm between reduced places (T. Vincenty, Direct and inverse solutions of geodesics on the
 * ellipsoid, Survey Review 23, 1975). No leg of a route is near the antipodes, where the iteration fails.
 */
export function geodesicNm(sinU1, cosU1, lon1, sinU2, cosU2, lon2) {
  let L = lon2 - lon1;
  if (L > Math.PI) L -= 2 * Math.PI;
  else if (L < -Math.PI) L += 2 * Math.PI;
  let lambda = L;
  let sinSigma = 0, cosSigma = 1, sigma = 0, cos2Alpha = 1, cos2M = 0;
  for (let k = 0; k < 60; k++) {
    const sinL = Math.sin(lambda), cosL = Math.cos(lambda);
    const x = cosU2 * sinL, y = cosU1 * sinU2 - sinU1 * cosU2 * cosL;
    sinSigma = Math.sqrt(x * x + y * y);
    if (sinSigma === 0) return 0;
    cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosL;
    sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sinL) / sinSigma;
    cos2Alpha = 1 - sinAlpha * sinAlpha;
    cos2M = cos2Alpha > 1e-15 ? cosSigma - (2 * sinU1 * sinU2) / cos2Alpha : 0;
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const last = lambda;
    lambda = L + (1 - C) * F * sinAlpha
      * (sigma + C * sinSigma * (cos2M + C * cosSigma * (2 * cos2M * cos2M - 1)));
    if (Math.abs(lambda - last) < 1e-11) break;
  }
  const u2 = (cos2Alpha * (A * A - B * B)) / (B * B);
  const P = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const Q = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const c = 2 * cos2M * cos2M - 1;
  const more = Q * sinSigma * (cos2M + (Q / 4)
    * (cosSigma * c - (Q / 6) * cos2M * (4 * sinSigma * sinSigma - 3) * (4 * cos2M * cos2M - 3)));
  return (B * P * (sigma - more)) / NM;
}

/** Length in nm between [lon, lat] and [lon, lat]. */
export function lengthNm(one, other) {
  return geodesicNm(...reduced(...one), ...reduced(...other));
}

export const EQUATOR_NM = A / NM, FLATTENING = F;
export const AXES = 1 / (1 - F); // what the third part of a reduced vector is multiplied with to be that of a place

/** A place as a unit vector of its reduced latitude. */
export function reducedVector([lon, lat]) {
  const [sin, cos, east] = reduced(lon, lat);
  return [cos * Math.cos(east), cos * Math.sin(east), sin];
}

export function vector([lon, lat]) {
  const c = Math.cos(lat * RAD);
  return [c * Math.cos(lon * RAD), c * Math.sin(lon * RAD), Math.sin(lat * RAD)];
}

export function lonlat([x, y, z]) {
  return [Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD];
}

export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Angle between unit vectors, radians. */
export function angle(a, b) {
  const c = cross(a, b);
  return Math.atan2(Math.hypot(c[0], c[1], c[2]), dot(a, b));
}

/** Whether two arcs of great circles, each shorter than half a circle, meet. */
export function arcsMeet(a, b, g0, g1) {
  const gate = cross(g0, g1);
  if (dot(a, gate) > 0 === dot(b, gate) > 0) return false;
  const leg = cross(a, b);
  if (dot(leg, g0) > 0 === dot(leg, g1) > 0) return false;
  const meet = cross(leg, gate);
  const sign = dot(meet, [a[0] + b[0], a[1] + b[1], a[2] + b[2]]) < 0 ? -1 : 1;
  return sign * dot(meet, [g0[0] + g1[0], g0[1] + g1[1], g0[2] + g1[2]]) > 0;
}

/** Share of the arc a-b at which it meets the great circle of a gate. */
export function shareCrossed(a, b, g0, g1) {
  const meet = cross(cross(a, b), cross(g0, g1));
  const length = Math.hypot(...meet);
  if (length < 1e-15) return 0.5;
  const sign = dot(meet, [a[0] + b[0], a[1] + b[1], a[2] + b[2]]) > 0 ? 1 : -1;
  return angle(a, meet.map((v) => (sign * v) / length)) / angle(a, b);
}
