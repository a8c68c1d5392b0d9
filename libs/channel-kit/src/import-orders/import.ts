import { createHash } from 'node:crypto';
import {
  type Channel,
  type Event,
  NumberRefused,
  OrderCancelRequested,
  OrderPlaced,
  Quantity,
  toMilli,
  toWmsNumber,
} from '@samlast/contracts';
import { z } from 'zod';
import type { ReadOrder, ShopOrder } from '../shop.ts';

export type OrderState = 'imported' | 'cancel-requested' | 'cancelled' | 'before-start' | 'unreadable';
export type Decision = 'open' | 'held' | 'reserved' | 'rejected' | 'released';

/** One article of one order, in thousandths. */
export interface KnownLine {
  readonly row: string;
  readonly article: string;
  /** What the shop has taken off its own number. */
  readonly sold: bigint;
  readonly imported: bigint;
  readonly fulfilled: bigint;
  readonly unsettled: boolean;
}

/** What the channel remembers of an order of its shop. */
export interface KnownOrder {
  readonly id: string;
  /** Set once it is imported. */
  readonly number?: string;
  readonly shopNumber: string;
  readonly state: OrderState;
  readonly decision: Decision;
  readonly revision: number;
  readonly placedAt?: string;
  readonly changedAt: string;
  readonly attention?: string;
  readonly lines: readonly KnownLine[];
}

export interface Import {
  /** What is to be remembered; undefined when the reading says nothing new. */
  readonly order?: KnownOrder;
  readonly event?: Event;
}

export interface ImportRules {
  readonly channel: Pick<Channel, 'code' | 'orderType' | 'startAt'>;
  readonly restocksCancelled: boolean;
  /** Whether another order of this shop has been sent on under this number. */
  readonly isTaken?: (number: string) => boolean;
}

/**
 * What one reading of an order means. Reading it again changes nothing, an older reading neither, and what was placed
 * before the channel's start is never imported, whatever happens to it later.
 */
export function importOrder(known: KnownOrder | undefined, read: ReadOrder, rules: ImportRules): Import {
  const faults = timeFaults(read);
  if (faults) return unreadable(known, read, faults);
  if (known && Date.parse(read.changedAt) < Date.parse(known.changedAt)) return {};
  if (read.placedAt && Date.parse(read.placedAt) < Date.parse(rules.channel.startAt) && !isImported(known)) {
    return unlessSame(known, {
      ...base(known, read),
      state: 'before-start',
      placedAt: read.placedAt,
      attention: undefined,
      lines: [],
    });
  }
  if ('unreadable' in read) return unreadable(known, read, read.unreadable);
  if (read.state === 'not-yet') return {};
  const lineFault = faultOfLines(read);
  if (lineFault) return unreadable(known, read, lineFault);
  if (isImported(known)) return again(known, read, rules);
  if (read.state === 'cancelled') {
    return unlessSame(known, {
      ...base(known, read),
      state: 'cancelled',
      attention: undefined,
      lines: linesOf(read, known, rules).map((line) => ({ ...line, unsettled: false })),
    });
  }
  return place(known, read, rules);
}

function isImported(known: KnownOrder | undefined): known is KnownOrder & { number: string } {
  return known?.number !== undefined;
}

function place(known: KnownOrder | undefined, read: ShopOrder, rules: ImportRules): Import {
  const { channel } = rules;
  const lines = linesOf(read, known, rules).map((line) => ({ ...line, unsettled: true }));
  try {
    const number = toWmsNumber(read.number, channel.code);
    if (rules.isTaken?.(number))
      throw new NumberRefused(`another order of this shop was sent on as ${number} already`);
    const event = OrderPlaced.of({
      number,
      channel: channel.code,
      shopNumber: read.number,
      shopOrderId: read.id,
      revision: 1,
      claimKey: read.claimKey,
      type: channel.orderType,
      placedAt: read.placedAt,
      deliveryDate: read.deliveryDate,
      currency: read.currency,
      shippingMethod: read.shippingMethod,
      note: read.note,
      consignee: read.consignee,
      lines: read.lines.map(({ id, ...line }) => ({ row: id, ...line })),
    });
    return {
      event,
      order: {
        ...base(known, read),
        state: 'imported',
        number,
        revision: 1,
        attention: undefined,
        lines: lines.map((line) => ({ ...line, imported: line.sold })),
      },
    };
  } catch (error) {
    // What the shop has sold stays off the shelf, although the warehouse will not hear of it yet.
    return unlessSame(known, {
      ...base(known, read),
      state: 'unreadable',
      attention: reasonOf(error),
      lines,
    });
  }
}

/** A later reading of an order that has been sent on. */
function again(known: KnownOrder & { number: string }, read: ShopOrder, rules: ImportRules): Import {
  const lines = linesOf(read, known, rules);
  const edited = read.state === 'placed' && lines.some((line) => line.sold !== line.imported);
  const next: KnownOrder = {
    ...known,
    changedAt: read.changedAt,
    attention: edited
      ? `Order ${read.number} was changed in the shop after it had been sent on. The warehouse has it as it was: settle the difference by hand.`
      : known.attention,
    lines: lines.map((line) => ({ ...line, unsettled: line.unsettled || line.sold > line.imported })),
  };
  if (read.state !== 'cancelled' || known.state !== 'imported') return unlessSame(known, next);
  const revision = known.revision + 1;
  // Where it was us who asked for it, or nothing is promised any more, no answer follows. The authority is told all the
  // same: the shop has put the pieces back, and only now.
  const ended = known.decision === 'rejected' || known.decision === 'released';
  // A rejected order counts until then; any other until the level comes that does not contain it.
  const rejected = known.decision === 'rejected' && rules.restocksCancelled;
  const counted = rejected ? next.lines.map((line) => ({ ...line, unsettled: false })) : next.lines;
  return {
    order: ended
      ? { ...next, state: 'cancelled', revision, lines: counted }
      : { ...next, state: 'cancel-requested', revision },
    event: OrderCancelRequested.of({
      number: known.number,
      channel: rules.channel.code,
      revision,
      reason: read.cancelReason?.slice(0, 500),
      restocked: rules.restocksCancelled,
      requestedAt: new Date(read.changedAt).toISOString(),
    }),
  };
}

/**
 * How much more of a line the shop has sold than the stock authority counts: it never hears of an order that was
 * cancelled before it was read, nor of a line that was changed after it was sent on. A cancel takes back all that was
 * sent on, where the shop puts it back.
 */
export function unheardOf(
  { number, state }: KnownOrder,
  line: KnownLine,
  restocksCancelled: boolean,
): bigint {
  if (number === undefined) return state === 'cancelled' ? line.sold : 0n;
  return state !== 'imported' && restocksCancelled ? 0n : line.sold - line.imported;
}

function unreadable(known: KnownOrder | undefined, read: ReadOrder, reason: string): Import {
  const changedAt = Number.isNaN(Date.parse(read.changedAt)) ? new Date(0).toISOString() : read.changedAt;
  if (isImported(known)) {
    return unlessSame(known, {
      ...known,
      changedAt: laterOf(known.changedAt, changedAt),
      attention: `Order ${known.shopNumber} was sent on, but can no longer be read: ${reason}`,
    });
  }
  // Lines that were read once stay off the shelf.
  return unlessSame(known, { ...base(known, read), changedAt, state: 'unreadable', attention: reason });
}

function base(known: KnownOrder | undefined, read: ReadOrder): KnownOrder {
  return {
    id: read.id,
    shopNumber: (read.number ?? known?.shopNumber ?? '').slice(0, 200),
    state: 'unreadable',
    decision: known?.decision ?? 'open',
    revision: known?.revision ?? 0,
    placedAt: 'placedAt' in read && isTime(read.placedAt) ? read.placedAt : known?.placedAt,
    changedAt: read.changedAt,
    lines: known?.lines ?? [],
  };
}

/** Lines that the warehouse picks; one that vanished from the order stays with nothing sold. */
function linesOf(read: ShopOrder, known: KnownOrder | undefined, rules: ImportRules): KnownLine[] {
  const gone = read.state === 'cancelled' && rules.restocksCancelled;
  const before = new Map(known?.lines.map((line) => [line.row, line]));
  const lines = read.lines
    .filter((line) => line.picked !== false)
    .map((line): KnownLine => {
      const was = before.get(line.id);
      before.delete(line.id);
      return {
        row: line.id,
        article: line.article,
        sold: gone ? 0n : toMilli(line.quantity),
        imported: was?.imported ?? 0n,
        fulfilled: toMilli(line.fulfilled ?? '0'),
        unsettled: was?.unsettled ?? false,
      };
    });
  return [...lines, ...[...before.values()].map((line) => ({ ...line, sold: 0n }))];
}

const isTime = (text: string | undefined) => text !== undefined && !Number.isNaN(Date.parse(text));

function timeFaults(read: ReadOrder): string | undefined {
  if (!isTime(read.changedAt)) return `Its time of change cannot be read. Correct it in the shop's answer.`;
  if (!('unreadable' in read) && !isTime(read.placedAt))
    return `The time at which it was placed cannot be read, so it cannot be compared with the channel's start.`;
  return undefined;
}

/** Quantities are calculated with before the whole order is checked, so they are checked first. */
function faultOfLines(read: ShopOrder): string | undefined {
  const rows = new Set<string>();
  for (const [index, line] of read.lines.entries()) {
    const wrong = [line.quantity, line.fulfilled ?? '0'].some(
      (quantity) => !Quantity.safeParse(quantity).success,
    );
    if (wrong)
      return `Line ${index + 1} has a quantity that is no number with at most three decimals. Correct it in the shop.`;
    if (rows.has(line.id))
      return `Two of its lines have the id ${line.id.slice(0, 50)}. Each line needs its own.`;
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
    const faults = error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'the order'} ${issue.message}`);
    return `It does not fit: ${faults.join('; ')}. Correct it in the shop; it is read again when it changes.`;
  }
  throw error;
}

function laterOf(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other;
}

function unlessSame(known: KnownOrder | undefined, next: KnownOrder): Import {
  return known && digest(known) === digest(next) ? {} : { order: next };
}

function digest(order: KnownOrder): string {
  const { attention = '', number = '', shopNumber, state, decision, revision, changedAt } = order;
  const lines = order.lines
    .map(
      ({ row, article, sold, imported, fulfilled, unsettled }) =>
        `${row}\0${article}\0${sold}\0${imported}\0${fulfilled}\0${unsettled}`,
    )
    .toSorted();
  return createHash('sha1')
    .update(
      [attention, number, shopNumber, state, decision, revision, Date.parse(changedAt), ...lines].join(
        '\u0001',
      ),
    )
    .digest('hex');
}
