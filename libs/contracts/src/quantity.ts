import { z } from 'zod';

/**
 * A quantity on the wire: a decimal string with at most three fraction digits, such as "2" or "0.125".
 * Never a float: 0.1 + 0.2 pieces must be 0.3 pieces.
 */
export const Quantity = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,11})(\.\d{1,3})?$/, 'must be a decimal string with at most 3 fraction digits')
  .describe('Decimal string with at most three fraction digits');

/** A quantity above zero, as on an order line. */
export const PositiveQuantity = Quantity.refine((value) => toMilli(value) > 0n, 'must be greater than 0');

/** Thousandths of a piece, what services calculate with. The text must fit `Quantity`. */
export function toMilli(quantity: string): bigint {
  const negative = quantity.startsWith('-');
  const [whole = '0', fraction = ''] = quantity.replace('-', '').split('.');
  const milli = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'));
  return negative ? -milli : milli;
}

/** The shortest text of a number of thousandths: 2000n is "2", 125n is "0.125". */
export function fromMilli(milli: bigint): string {
  const size = milli < 0n ? -milli : milli;
  const fraction = (size % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  return `${milli < 0n ? '-' : ''}${size / 1000n}${fraction && `.${fraction}`}`;
}
