const OID_TEXT = 25;
const HEAD_BYTES = 20;

/**
 * A parameter of type text[] in Postgres's binary form. As text every quote in it would be escaped here and read back
 * there, which for whole orders costs more than storing them.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  const lengths = new Int32Array(values.length);
  let bytes = HEAD_BYTES + 4 * values.length;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? null;
    const length = value === null ? -1 : Buffer.byteLength(value);
    lengths[at] = length;
    if (length > 0) bytes += length;
  }
  const array = Buffer.allocUnsafe(bytes);
  // One dimension from 1 on, or none where it is empty; the flag says that there may be nulls.
  array.writeInt32BE(values.length > 0 ? 1 : 0, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(OID_TEXT, 8);
  if (values.length === 0) return array.subarray(0, 12);
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let to = HEAD_BYTES;
  for (let at = 0; at < values.length; at += 1) {
    to = array.writeInt32BE(lengths[at] as number, to);
    const value = values[at] ?? null;
    if (value !== null) to += array.write(value, to);
  }
  return array;
}
