import {
  type Event,
  fitText,
  fromMilli,
  type ShelfMethod,
  ShelfRefused,
  ShelfSet,
  toMilli,
} from '@samlast/contracts';
import type { ShelfNumber } from '../shop-shelf.ts';
import type { ShelfResult, ShelfRow } from './shelf-book.ts';
import { offeredBy, type ShelfReading } from './shelf.ts';

/** A number as the shop writes it, in thousandths. */
export function toReading(number: ShelfNumber): ShelfReading {
  return {
    number: toMilli(number.number),
    reserved: number.reserved === undefined ? undefined : toMilli(number.reserved),
    atPayment: number.atPayment === undefined ? undefined : toMilli(number.atPayment),
  };
}

interface Written {
  readonly channel: string;
  readonly article: string;
  readonly version: number;
  readonly writeId: string;
  readonly method: ShelfMethod;
}

/** Says what the shop shows now, and what it was ever allowed to sell where that is proven. */
export function shelfSet(
  written: Written,
  before: ShelfReading,
  after: ShelfReading,
  allowance: bigint | undefined,
  renew: boolean,
): Event {
  return ShelfSet.of({
    ...written,
    shelf: fromMilli(offeredBy(written.method, after)),
    numberBefore: fromMilli(before.number),
    numberAfter: fromMilli(after.number),
    ...(allowance !== undefined && { allowance: fromMilli(allowance) }),
    ...(renew && { renew }),
    at: new Date().toISOString(),
  });
}

export function shelfRefused(
  channel: string,
  { article, version }: ShelfRow,
  reason: 'unknown-article' | 'shop-refused',
  text: string | undefined,
): Event {
  const at = new Date().toISOString();
  return ShelfRefused.of({ channel, article, version, reason, text: text && fitText(text, 1000), at });
}

/** What the authority has not been told of this version yet. What it never hears of as sold cannot be sold either. */
export function toTell(row: ShelfRow, proven: bigint | undefined, renew = false): ShelfResult['told'] {
  if (proven === undefined) return undefined;
  const allowance = proven - row.kept;
  const known = !renew && row.told?.version === row.version && row.told.allowance === allowance;
  return known ? undefined : { allowance, version: row.version };
}
