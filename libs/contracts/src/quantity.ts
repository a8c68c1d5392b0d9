import { z } from 'zod';

const wholePieces = /^[1-9]\d{0,11}$/;
const decimal = /^-?(0|[1-9]\d{0,11})(\.\d{1,3})?$/;

/**
 * A quantity on the wire: a decimal string with at most three fraction digits, such as "2" or "0.125".
 * Never a float: 0.1 + 0.2 pieces must be 0.3 pieces.
 */
export const Quantity = z
  .string()
  .regex(decimal, 'must be a decimal string with at most 3 fraction digits')
  .describe('Decimal string with at most three fraction digits');

/** A quantity above zero, as on an order line. A pattern and not a refinement, so that the JSON Schema says it too. */
export const PositiveQuantity = Quantity.regex(/^(?!-|0(\.0{1,3})?$)/, 'must be greater than 0');

/** A quantity of zero or more, as a margin. */
export const NonNegativeQuantity = Quantity.regex(/^(?!-)/, 'must not be negative');

/** Thousandths of a piece, what services calculate with. Throws a RangeError where the text does not fit `Quantity`. */
export function toMilli(quantity: string): bigint {
  // Nearly all are whole pieces, and there are many.
  if (wholePieces.test(quantity)) return BigInt(quantity) * 1000n;
  // Without this check "1.2345" would be taken for 3.345 pieces, and "" for none.
  if (!decimal.test(quantity)) {
    throw new RangeError(
      `'${quantity}' is not a quantity: it must be a decimal string with at most 3 fraction digits`,
    );
  }
  const negative = quantity.startsWith('-');
  const [whole = '0', fraction = ''] = quantity.replace('-', '').split('.');
  const milli = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'));
  return negative ? -milli : milli;
}

/** The shortest text of a number of thousandths: 2000n is "2", 125n is "0.125". */
export function fromMilli(milli: bigint): string {
  if (milli % 1000n === 0n) return (milli / 1000n).toString();
  const size = milli < 0n ? -milli : milli;
  const fraction = (size % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
  return `${milli < 0n ? '-' : ''}${size / 1000n}${fraction && `.${fraction}`}`;
}
