import { z } from 'zod';

// Ongoing sends null for what is absent, older recordings omit it, and numbers may come as numeric strings
// (ongoing-api reference, section 1.4). So every optional member takes all of that.

/** Absent, null and present alike; null becomes undefined. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

/** A list that may be null or absent is an empty one. */
export function list<T extends z.ZodType>(schema: T) {
  return z
    .array(schema)
    .nullish()
    .transform((value): z.output<T>[] => value ?? []);
}

/**
 * A list of entries with an id that no answer is without. Null, or an entry twice, is no fact of the warehouse: taken
 * for one, it would be told as lines that its people have removed or added.
 */
export function entries<T extends z.ZodType<{ id: number }>>(schema: T) {
  return z
    .array(schema)
    .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'must have each entry once');
}

export const id = z
  .union([z.int(), z.string().regex(/^\d{1,10}$/, 'must be an integer')])
  .transform((value) => Number(value));

const unstorable = '\\u0000\\ud800-\\udfff';
const leftOut = new RegExp(`[${unstorable}]`, 'gu');

/**
 * Codes come as text, and from some tenants as numbers. NUL and half a surrogate pair are left out: no database and no
 * message takes them, and nobody sees them at the warehouse either.
 */
export const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).replace(leftOut, ''));

export const flag = z.boolean();

/**
 * A decimal of Ongoing as the shortest decimal string with at most three fraction digits. Further digits
 * round down.
 */
export const quantity = z.union([z.number(), z.string()]).transform((value, context) => {
  const result = toQuantity(value);
  if (result === undefined) context.addIssue({ code: 'custom', message: 'must be a decimal number' });
  return result ?? '0';
});

/** A decimal that nobody calculates with, such as a price. */
export const decimal = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number);

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * Undefined where the value is no plain decimal. It rounds down, not to the nearest: a stock of 0.9996 pieces
 * must never become 1.
 */
export function toQuantity(value: number | string): string | undefined {
  // Small numbers would be written with an exponent.
  const plain = typeof value === 'number' && Math.abs(value) < 1e-3 ? value.toFixed(9) : String(value).trim();
  const match = DECIMAL.exec(plain);
  if (!match) return undefined;
  const [, sign, whole = '0', digits = ''] = match;
  const rest = /[1-9]/.test(digits.slice(3));
  const milli = BigInt(whole) * 1000n + BigInt(digits.slice(0, 3).padEnd(3, '0'));
  return fromMilli(sign === '-' ? -milli - (rest ? 1n : 0n) : milli);
}

/** The sum of decimal strings as `toQuantity` makes them. */
export function addQuantities(quantities: string[]): string {
  let sum = 0n;
  for (const quantity of quantities) {
    const [whole = '0', digits = ''] = quantity.replace('-', '').split('.');
    const milli = BigInt(whole) * 1000n + BigInt(digits.padEnd(3, '0'));
    sum += quantity.startsWith('-') ? -milli : milli;
  }
  return fromMilli(sum);
}

function fromMilli(milli: bigint): string {
  const size = milli < 0n ? -milli : milli;
  const fraction = (size % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  return `${milli < 0n ? '-' : ''}${size / 1000n}${fraction && `.${fraction}`}`;
}

export const codeAndName = z.object({ code: optional(text), name: optional(text) });
