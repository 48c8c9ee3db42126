// What a page carries: a header and arrays, compressed and written as base64 (see sim/web/packing.py).

const KINDS = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array, int32: Int32Array,
  float32: Float32Array, float64: Float64Array, uint64: BigUint64Array,
};

/** The bytes of base64 text. */
export function fromBase64(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) out[k] = raw.charCodeAt(k);
  return out;
}

/** The bytes that gzip has packed. */
export async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The values of a stream's header, with its arrays in `arrays` by name. */
export function unpacked(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = bytes.byteOffset + 4 + length;
  const arrays = {};
  for (const [name, [kind, at, count]] of Object.entries(head.arrays)) {
    arrays[name] = new KINDS[kind](bytes.buffer, start + at, count);
  }
  return { ...head, arrays };
}

/** Numbers of differences. */
export function summed(steps, Kind = Float64Array) {
  const out = new Kind(steps.length);
  let sum = 0;
  for (let k = 0; k < steps.length; k++) out[k] = sum += steps[k];
  return out;
}

/** Two columns of differences, one after the other, as [x, y] in a unit. */
export function columns(steps, unit) {
  const n = steps.length / 2;
  const x = summed(steps.subarray(0, n));
  const y = summed(steps.subarray(n));
  for (let k = 0; k < n; k++) {
    x[k] *= unit;
    y[k] *= unit;
  }
  return [x, y];
}

/** Where each group begins, of their sizes; one more than there are groups. */
export function starts(counts) {
  const out = new Int32Array(counts.length + 1);
  for (let k = 0; k < counts.length; k++) out[k + 1] = out[k] + counts[k];
  return out;
}
