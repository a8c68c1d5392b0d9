import { createHash } from 'node:crypto';
import { type Order, OrderPart } from '@samlast/contracts';

/**
 * What of an order was last written to Ongoing: a digest of each part, and the day of delivery that was sent, which is
 * not the order's own where its shop names none.
 */
export interface Written extends Partial<Record<OrderPart, string>> {
  day?: string;
}

/** What Ongoing may still take by itself once it refuses the whole order. */
export const LATE_PARTS = ['deliveryDate', 'note', 'prices', 'comments'] as const satisfies OrderPart[];
export type LatePart = (typeof LATE_PARTS)[number];

/** What is known of a settled PUT beside its outcome. */
export interface PutNote {
  /** The day of delivery that was sent. */
  day?: string;
  /** Of a change that came too late, the parts that were written all the same, and those that were not. */
  changed?: OrderPart[];
  unchanged?: OrderPart[];
}

/** Of all parts, or only of some. */
export function writtenOf(order: Order, parts: readonly OrderPart[] = OrderPart.options): Written {
  return Object.fromEntries(parts.map((part) => [part, digestOf(order, part)]));
}

/** The parts in which an order is another one than what was written; all of them where that is not known. */
export function changedParts(order: Order, written: Written | null | undefined): OrderPart[] {
  return OrderPart.options.filter((part) => written?.[part] !== digestOf(order, part));
}

/** Short, and another one for each order: it tells that something is another, not what it is. */
function digestOf(order: Order, part: OrderPart): string {
  const text = JSON.stringify([order.number, part, contentOf(order, part)]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

function contentOf(order: Order, part: OrderPart): unknown {
  switch (part) {
    case 'lines':
      return byRow(order, ({ article, quantity, picked }) => [article, Number(quantity), picked]);
    case 'prices':
      return [order.currency, byRow(order, ({ unitPrice }) => unitPrice)];
    case 'comments':
      return byRow(order, ({ comment }) => comment);
    case 'consignee':
      return Object.entries(order.consignee)
        .filter(([, value]) => value !== undefined && value !== '')
        .toSorted(([one], [other]) => (one < other ? -1 : 1));
    case 'shippingMethod':
      return order.shippingMethod?.code;
    case 'deliveryDate':
    case 'note':
      return order[part];
  }
}

/** What there is of each row, in the order of rows. */
function byRow(order: Order, of: (line: Order['lines'][number]) => unknown): unknown[] {
  return order.lines
    .map((line) => [line.row, of(line)] as const)
    .filter(([, value]) => value !== undefined && value !== '')
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
