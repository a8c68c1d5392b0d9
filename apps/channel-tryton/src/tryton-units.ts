import { CannotRead } from '@samlast/channel-kit';
import { z } from 'zod';

/** A unit of measure: how many of its category's base unit one of it is. */
export const Unit = z.object({ factor: z.number().positive() });
export type Unit = z.output<typeof Unit>;

/** What lies between two thousandths is an error of floating point, or more than the warehouse can count. */
const NEARLY = 1e-6;

/** The warehouse counts an article in its default unit; a line of a sale may be in another, such as dozens. */
export const convert = (quantity: number, from: Unit, to: Unit) => (quantity * from.factor) / to.factor;

/** A quantity of the warehouse. Throws CannotRead where it has more than three decimals. */
export function quantityText(quantity: number): string {
  const rounded = rounding(quantity);
  if (Math.abs(rounded - quantity) > NEARLY) {
    throw new CannotRead(
      `It has a quantity of ${quantity}, and the warehouse counts to three decimals. Correct the quantity or the unit.`,
    );
  }
  return String(rounded);
}

/** To the thousandth. */
export const rounding = (quantity: number) => Math.round(quantity * 1000) / 1000;
