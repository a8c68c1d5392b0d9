import {
  type Channel,
  type Event,
  fitText,
  NumberRefused,
  OrderAmended,
  OrderCancelRequested,
  OrderPlaced,
  storable,
  toMilli,
  toWmsNumber,
} from '@samlast/contracts';
import type { ReadOrder, ShopOrder } from '../shop.ts';
import { isOlder } from './feed-position.ts';
import { faultOfLines, isTime, reasonOf, timeFaults } from './faults.ts';
import { contentOf, digestOf, hasPieces, isComparable } from './order-content.ts';
import { isSame } from './same-order.ts';

export { unheardOf } from './unheard.ts';

export type OrderState =
  'imported' | 'cancel-requested' | 'cancelled' | 'before-start' | 'held' | 'unreadable';
export type Decision = 'open' | 'held' | 'reserved' | 'rejected' | 'released';

/** One article of one order, in thousandths. */
export interface KnownLine {
  readonly row: string;
  readonly article: string;
  /** What the shop has taken off its own number. */
  readonly sold: bigint;
  /** What of it was sent on, by the last revision. */
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
  /** The revision under which it was last sent on, and the digest of what was sent; a cancel sends nothing on. */
  readonly sentRevision?: number;
  readonly digest?: string;
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
  /** Our own time, by which a time of change that is far ahead is known. */
  readonly now?: Date;
}

/**
 * What one reading of an order means. Reading it again changes nothing, an older reading neither, and what was placed
 * before the channel's start is never imported, whatever happens to it later. It never throws: all other orders of the
 * shop would wait for one.
 */
export function importOrder(known: KnownOrder | undefined, read: ReadOrder, rules: ImportRules): Import {
  try {
    return understand(known, read, rules);
  } catch (error) {
    return unreadable(known, read, reasonOf(error));
  }
}

function understand(known: KnownOrder | undefined, read: ReadOrder, rules: ImportRules): Import {
  const faults = timeFaults(read);
  if (faults) return unreadable(known, read, faults);
  if (known && isOlder(read.changedAt, known.changedAt, rules.now)) return {};
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
  if (read.state === 'held') {
    const lines = linesOf(read, known, rules).map((line) => ({ ...line, unsettled: true }));
    return unlessSame(known, { ...base(known, read), state: 'held', attention: undefined, lines });
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
    const event = OrderPlaced.of(contentOf(read, { number, revision: 1, channel }));
    return {
      event,
      order: {
        ...base(known, read),
        state: 'imported',
        number,
        revision: 1,
        sentRevision: 1,
        digest: digestOf(read),
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
  const next = {
    ...known,
    changedAt: read.changedAt,
    lines: linesOf(read, known, rules).map((line) => ({
      ...line,
      unsettled: line.unsettled || line.sold > line.imported,
    })),
  };
  if (read.state !== 'cancelled' && known.state === 'imported') return amend(known, next, read, rules);
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
      ? { ...next, ...answered(known), state: 'cancelled', revision, lines: counted }
      : { ...next, ...answered(known), state: 'cancel-requested', revision },
    event: OrderCancelRequested.of({
      number: known.number,
      channel: rules.channel.code,
      revision,
      reason: read.cancelReason && fitText(read.cancelReason, 500),
      restocked: rules.restocksCancelled,
      requestedAt: new Date(read.changedAt).toISOString(),
    }),
  };
}

const UNSENT = 'was changed in the shop, and the change cannot be sent on';

/** An order that was changed in its shop since it was sent on is sent on again, whole, under its next revision. */
function amend(
  known: KnownOrder,
  next: KnownOrder & { number: string },
  read: ShopOrder,
  { channel }: ImportRules,
): Import {
  const digest = digestOf(read);
  const isNew = isComparable(known.digest, digest)
    ? known.digest !== digest
    : next.lines.some((line) => line.sold !== line.imported);
  if (!isNew) return unlessSame(known, { ...next, digest, ...answered(known) });
  try {
    const revision = known.revision + 1;
    const event = OrderAmended.of(
      contentOf({ ...read, number: known.shopNumber }, { number: next.number, revision, channel }),
    );
    const lines = next.lines.map((line) => ({ ...line, imported: line.sold }));
    const order = { ...next, revision, sentRevision: revision, digest, lines, ...answered(known) };
    return { event, order };
  } catch (error) {
    const reason = read.lines.some(hasPieces) ? reasonOf(error) : 'Nothing is left in it: cancel it there.';
    const attention = `Order ${known.shopNumber} ${UNSENT}: the warehouse has it as it was. ${reason}`;
    return unlessSame(known, { ...next, attention });
  }
}

/** What could not be sent on before has been sent on, was changed back, or matters no more. */
const answered = ({ attention }: KnownOrder) =>
  attention !== undefined && isUnsentChange(attention) ? { attention: undefined } : {};

export const isUnsentChange = (attention: string): boolean => attention.includes(UNSENT);

function unreadable(known: KnownOrder | undefined, read: ReadOrder, why: string): Import {
  const changedAt = isTime(read.changedAt) ? read.changedAt : new Date(0).toISOString();
  // An adapter may have quoted the shop in it.
  const reason = storable(why);
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
    shopNumber: fitText(read.number ?? known?.shopNumber ?? '', 200),
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
  // A row that got another article is another line: what was sold of the first one is put back.
  const before = new Map(known?.lines.map((line) => [`${line.row}\0${line.article}`, line]));
  const lines = read.lines
    .filter((line) => line.picked !== false)
    .map((line): KnownLine => {
      const name = `${line.id}\0${line.article}`;
      const was = before.get(name);
      before.delete(name);
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

function laterOf(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other;
}

function unlessSame(known: KnownOrder | undefined, next: KnownOrder): Import {
  return known && isSame(known, next) ? {} : { order: next };
}
