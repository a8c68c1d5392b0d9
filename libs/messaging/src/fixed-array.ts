/** Parameters of arrays whose elements have one size, in Postgres's binary form; as text each would be written out. */
const OID_BOOLEAN = 16;
const OID_BIGINT = 20;
const OID_INT = 23;
const OID_UUID = 2950;
const HEAD_BYTES = 20;
const HALF = 2 ** 32;

type Put = (array: Buffer, index: number, at: number) => void;

function fixedArray(oid: number, bytes: number, values: readonly unknown[], put: Put): Buffer {
  const empty = values.length === 0;
  let nulls = 0;
  for (const value of values) if (value === null) nulls += 1;
  const array = Buffer.allocUnsafe(empty ? 12 : HEAD_BYTES + (4 + bytes) * values.length - bytes * nulls);
  array.writeInt32BE(empty ? 0 : 1, 0);
  array.writeInt32BE(nulls > 0 ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  if (empty) return array;
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let to = HEAD_BYTES;
  for (let index = 0; index < values.length; index += 1) {
    const present = values[index] !== null;
    to = array.writeInt32BE(present ? bytes : -1, to);
    if (!present) continue;
    put(array, index, to);
    to += bytes;
  }
  return array;
}

/** A parameter of type bigint[]. A text must be a whole number. */
export function bigintArray(values: readonly (bigint | number | string | null)[]): Buffer {
  return fixedArray(OID_BIGINT, 8, values, (array, index, at) => {
    const value = values[index] as bigint | number | string;
    const number = Number(value);
    if (Number.isSafeInteger(number)) {
      array.writeInt32BE(Math.floor(number / HALF), at);
      array.writeUInt32BE(number >>> 0, at + 4);
    } else array.writeBigInt64BE(BigInt(value), at);
  });
}

/** A parameter of type integer[]. */
export function intArray(values: readonly (number | null)[]): Buffer {
  return fixedArray(OID_INT, 4, values, (array, index, at) =>
    array.writeInt32BE(values[index] as number, at),
  );
}

/** A parameter of type boolean[]. */
export function booleanArray(values: readonly (boolean | null)[]): Buffer {
  return fixedArray(OID_BOOLEAN, 1, values, (array, index, at) =>
    array.writeUInt8(values[index] ? 1 : 0, at),
  );
}

const HYPHENS = new Set([8, 13, 18, 23]);

/** A parameter of type uuid[]. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixedArray(OID_UUID, 16, values, (array, index, at) => {
    const text = values[index] as string;
    let to = at;
    if (text.length !== 36) throw new TypeError(`'${text}' is not a UUID.`);
    for (let from = 0; from < 36; from += HYPHENS.has(from + 2) ? 3 : 2) {
      const [high, low] = [digit(text.charCodeAt(from)), digit(text.charCodeAt(from + 1))];
      if (high < 0 || low < 0) throw new TypeError(`'${text}' is not a UUID.`);
      array[to++] = high * 16 + low;
    }
  });
}

/** What a hexadecimal digit stands for, by its character; -1 for anything else. */
function digit(character: number): number {
  if (character >= 48 && character <= 57) return character - 48;
  const letter = character | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
