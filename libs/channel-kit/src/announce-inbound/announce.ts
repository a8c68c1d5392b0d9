import { createHash } from 'node:crypto';
import {
  type Channel,
  type Event,
  fitText,
  NumberRefused,
  PurchaseOrderAmended,
  PurchaseOrderCancelRequested,
  PurchaseOrderPlaced,
  ReturnAnnounced,
  ReturnWithdrawn,
  storable,
  toWmsNumber,
} from '@samlast/contracts';
import { isOlder } from '../import-orders/feed-position.ts';
import { isTime, reasonOf } from '../import-orders/faults.ts';
import type {
  InboundKind,
  ShopAnnouncement,
  ShopPurchase,
  ShopReturn,
  UnreadableAnnouncement,
} from './inbound.ts';

/** What the channel remembers of an announcement of its system. */
export interface KnownAnnouncement {
  readonly id: string;
  /** Set once it was sent on. */
  readonly number?: string | undefined;
  readonly shopNumber: string;
  readonly state: 'announced' | 'cancel-requested' | 'cancelled' | 'before-start' | 'unreadable';
  readonly revision: number;
  readonly changedAt: string;
  /** Of what was last sent on. */
  readonly digest: string;
  readonly attention?: string | undefined;
}

export interface Announcing {
  readonly known?: KnownAnnouncement | undefined;
  readonly event?: Event | undefined;
}

export interface AnnounceRules {
  readonly kind: InboundKind;
  readonly channel: Pick<Channel, 'code' | 'startAt'>;
  readonly isTaken?: (number: string) => boolean;
  readonly now?: Date;
}

/**
 * What one reading of an announcement means. Reading it again changes nothing, an older reading neither, and what was
 * placed before the channel's start is never sent on. It never throws: all others would wait for one.
 */
export function announce(
  known: KnownAnnouncement | undefined,
  read: ShopAnnouncement | UnreadableAnnouncement,
  rules: AnnounceRules,
): Announcing {
  try {
    return understand(known, read, rules);
  } catch (error) {
    return unreadable(known, read, reasonOf(error));
  }
}

function understand(
  known: KnownAnnouncement | undefined,
  read: ShopAnnouncement | UnreadableAnnouncement,
  rules: AnnounceRules,
): Announcing {
  if (!isTime(read.changedAt))
    return unreadable(
      known,
      { ...read, changedAt: EPOCH },
      'Its time of change cannot be read. Correct it there.',
    );
  if (known && isOlder(read.changedAt, known.changedAt, rules.now)) return {};
  if ('unreadable' in read) return unreadable(known, read, read.unreadable);
  if (known?.number === undefined) return first(known, read, rules);
  return again({ ...known, number: known.number }, read, rules);
}

const EPOCH = new Date(0).toISOString();

function first(
  known: KnownAnnouncement | undefined,
  read: ShopAnnouncement,
  { kind, channel, isTaken }: AnnounceRules,
): Announcing {
  const shopNumber = fitText(read.number, 200);
  const base = { id: read.id, shopNumber, changedAt: read.changedAt, revision: 0, digest: '' };
  if (!(Date.parse(read.placedAt) >= Date.parse(channel.startAt)))
    return unlessSame(known, { ...base, state: 'before-start' });
  if (read.state === 'cancelled') return unlessSame(known, { ...base, state: 'cancelled' });
  try {
    const number = toWmsNumber(read.number, channel.code);
    if (isTaken?.(number))
      throw new NumberRefused(`another one of this system was sent on as ${number} already`);
    const event = placed(kind, read, { number, channel: channel.code, revision: 1 });
    return { event, known: { ...base, state: 'announced', number, revision: 1, digest: digestOf(read) } };
  } catch (error) {
    return unlessSame(known, { ...base, state: 'unreadable', attention: reasonOf(error) });
  }
}

/** A later reading of one that was sent on: a change is all of it again under a higher revision. */
function again(
  known: KnownAnnouncement & { number: string },
  read: ShopAnnouncement,
  { kind, channel }: AnnounceRules,
): Announcing {
  const { changedAt } = read;
  const revision = known.revision + 1;
  const ref = { number: known.number, channel: channel.code, revision };
  if (read.state === 'cancelled') {
    if (known.state !== 'announced') return unlessSame(known, { ...known, changedAt });
    return {
      known: { ...known, changedAt, revision, state: 'cancel-requested' },
      event: cancelled(kind, read, ref),
    };
  }
  const digest = digestOf(read);
  if (digest === known.digest || known.state !== 'announced')
    return unlessSame(known, { ...known, changedAt });
  try {
    const event = amended(kind, read, ref);
    return { event, known: { ...known, changedAt, revision, digest, attention: undefined } };
  } catch (error) {
    return unlessSame(known, { ...known, changedAt, attention: changeRefused(error) });
  }
}

interface Ref {
  number: string;
  channel: string;
  revision: number;
}

function placed(kind: InboundKind, read: ShopAnnouncement, ref: Ref): Event {
  return kind === 'return'
    ? ReturnAnnounced.of(returnOf(read as ShopReturn, ref))
    : PurchaseOrderPlaced.of(purchaseOf(read as ShopPurchase, ref));
}

function amended(kind: InboundKind, read: ShopAnnouncement, ref: Ref): Event {
  return kind === 'return'
    ? ReturnAnnounced.of(returnOf(read as ShopReturn, ref))
    : PurchaseOrderAmended.of(purchaseOf(read as ShopPurchase, ref));
}

function cancelled(kind: InboundKind, { cancelReason, changedAt }: ShopAnnouncement, ref: Ref): Event {
  const reason = cancelReason && fitText(cancelReason, 500);
  if (kind === 'return') return ReturnWithdrawn.of({ ...ref, reason });
  return PurchaseOrderCancelRequested.of({ ...ref, reason, requestedAt: new Date(changedAt).toISOString() });
}

function returnOf({ id, number, order, placedAt, lines }: ShopReturn, ref: Ref) {
  return {
    ...ref,
    shopNumber: number,
    shopOrderId: id,
    order: toWmsNumber(order, ref.channel),
    announcedAt: new Date(placedAt).toISOString(),
    lines: lines.map(({ id: row, orderLine: orderRow, ...line }) => ({ row, orderRow, ...line })),
  };
}

function purchaseOf(read: ShopPurchase, ref: Ref) {
  const { id, number, type, supplier, expectedOn, note, lines } = read;
  return {
    ...ref,
    shopNumber: number,
    shopOrderId: id,
    type,
    supplier,
    expectedOn,
    note,
    lines: lines.map(({ id: row, ...line }) => ({ row, ...line })),
  };
}

function changeRefused(error: unknown): string {
  return `It was changed, but the change cannot be sent on. ${reasonOf(error)}`;
}

function unreadable(
  known: KnownAnnouncement | undefined,
  { id, number, changedAt }: { id: string; number?: string | undefined; changedAt: string },
  why: string,
): Announcing {
  const attention = storable(why);
  const shopNumber = fitText(number ?? known?.shopNumber ?? '', 200);
  const next: KnownAnnouncement = known?.number
    ? { ...known, changedAt, attention }
    : { id, shopNumber, state: 'unreadable', revision: 0, changedAt, digest: '', attention };
  return unlessSame(known, next);
}

function unlessSame(known: KnownAnnouncement | undefined, next: KnownAnnouncement): Announcing {
  const text = (one: KnownAnnouncement) =>
    JSON.stringify([one.state, one.shopNumber, Date.parse(one.changedAt), one.attention ?? null]);
  return known && text(known) === text(next) ? {} : { known: next };
}

/** Of everything but the time of change. */
function digestOf(read: ShopAnnouncement): string {
  return createHash('sha1')
    .update(JSON.stringify({ ...read, changedAt: undefined }))
    .digest('hex');
}
