/** Quantities are kept in thousandths of a piece, as integers; the API speaks decimals. */
export type Milli = number;

export function toMilli(quantity: number | string): Milli {
  return Math.round(Number(quantity) * 1000);
}

export function fromMilli(milli: Milli): number {
  return milli / 1000;
}
