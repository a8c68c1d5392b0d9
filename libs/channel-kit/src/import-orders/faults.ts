import { fitText, NonNegativeQuantity, NumberRefused, Quantity, storable } from '@samlast/contracts';
import { z } from 'zod';
import type { ReadOrder, ShopOrder } from '../shop.ts';
import { faultOf } from './misfit.ts';

/** Of a year that messages and Postgres can write. */
export function isTime(text: string | undefined): text is string {
  const time = new Date(text ?? Number.NaN);
  return !Number.isNaN(time.getTime()) && time.getUTCFullYear() > 0 && time.getUTCFullYear() < 10_000;
}

export function timeFaults(read: ReadOrder): string | undefined {
  if (!isTime(read.changedAt)) return `Its time of change cannot be read. Correct it in the shop's answer.`;
  if (!('unreadable' in read) && !isTime(read.placedAt))
    return `The time at which it was placed cannot be read, so it cannot be compared with the channel's start.`;
  return undefined;
}

/** Lines are calculated with, and kept, before the whole order is checked, so they are checked first. */
export function faultOfLines(read: ShopOrder): string | undefined {
  const rows = new Set<string>();
  for (const [index, line] of read.lines.entries()) {
    if ([line.id, line.article].some((text) => text !== storable(text)))
      return `Line ${index + 1} has an id or an article number with a broken character in it. Correct it in the shop.`;
    const quantities = [line.quantity, line.fulfilled ?? '0'];
    if (quantities.some((quantity) => !Quantity.safeParse(quantity).success))
      return `Line ${index + 1} has a quantity that is no number with at most three decimals. Correct it in the shop.`;
    // A rebate may be a line of its own; of what is picked, less than nothing would put pieces on the shelf.
    if (
      line.picked !== false &&
      quantities.some((quantity) => !NonNegativeQuantity.safeParse(quantity).success)
    )
      return `Line ${index + 1} has a quantity below 0, and nobody can pick less than nothing. Correct it in the shop.`;
    if (rows.has(line.id))
      return `Two of its lines have the id ${fitText(line.id, 50)}. Each line needs its own.`;
    rows.add(line.id);
  }
  return undefined;
}

/** Says what is wrong without quoting what is in the order. */
export function reasonOf(error: unknown): string {
  if (error instanceof NumberRefused) {
    return `Its number cannot be used in the warehouse: ${error.message}. Give it another number in the shop.`;
  }
  if (error instanceof z.ZodError) {
    const faults = error.issues.slice(0, 5).map(inWords);
    return `It does not fit: ${faults.join('; ')}. Correct it in the shop; it is read again when it changes.`;
  }
  // The message of any other error could quote the order, and with it a name or an address.
  const kind = error instanceof Error ? error.name : 'an error';
  return `It has a shape that this channel does not know (${kind}). Report it with the order's id.`;
}

const MEMBERS: Record<string, string> = {
  currency: 'its currency is no code of three capitals, such as SEK',
  deliveryDate: 'its day of delivery is no date, such as 2026-12-24',
  note: 'its note is longer than 500 characters',
  'consignee.countryCode': 'the country of the address is no country code of two letters, such as SE',
};

const OF_LINES: Record<string, (line: string) => string> = {
  row: (line) => `${line} has an id that is empty or longer than 50 characters`,
  article: (line) => `${line} has no article number, or one of more than 100 characters`,
  warehouse: (line) => `${line} names a warehouse that is no code of up to 20 letters and digits`,
  quantity: (line) => `${line} has a quantity that is not above 0`,
  unitPrice: (line) => `the price of ${line} is no number with at most four decimals, such as 129.00`,
  name: (line) => `the name of ${line} is too long`,
  comment: (line) => `the comment of ${line} is longer than 500 characters`,
};

/** What a schema found, as the keeper of a shop would say it, where that is known. */
function inWords(issue: z.core.$ZodIssue): string {
  const { path, code, message } = issue;
  const [first, second, third] = path;
  // A text that nobody can store is wrong in another way than its field's other faults.
  if (message.startsWith('must hold no')) return faultOf(issue);
  if (first === 'lines' && typeof second === 'number') {
    const words = OF_LINES[String(third)];
    if (words) return words(`line ${second + 1}`);
  }
  if (first === 'lines' && path.length === 1 && code === 'too_small') return 'it has no lines';
  const member = MEMBERS[path.join('.')];
  if (member) return member;
  if (first === 'consignee' && code === 'too_big') return `${String(second)} of the address is too long`;
  return faultOf(issue);
}
