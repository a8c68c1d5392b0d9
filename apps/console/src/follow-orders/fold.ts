import type { Shortage } from '@samlast/contracts';
import { events as definitions, fromMilli, toMilli } from '@samlast/contracts';
import type { Kept, KeptLine, KeptOrder, KeptParcel } from './keep.ts';

/** Where an order stands, in one word. `held` and `refused` wait for a person, `backordered` for pieces alone. */
export const orderStates = [
  'placed',
  'waiting',
  'held',
  'backordered',
  'reserved',
  'refused',
  'in-warehouse',
  'shipped',
  'cancelled',
  'rejected',
] as const;
export type OrderStateName = (typeof orderStates)[number];

/** One event as it is stored: `position` is its offset, which within one topic is the order of the facts. */
export interface StoredEvent {
  id: string;
  topic: string;
  position: string;
  at: string;
  source: string;
  kept: Kept;
}

export interface OrderNow {
  state: OrderStateName;
  /** When the event that put it into this state was written. */
  since: string;
  firstAt: string;
  lastAt: string;
  revision: number;
  shopOrderId?: string;
  orderType?: string;
  placedAt?: string;
  lines: (KeptLine & { shipped: string })[];
  shortages: Shortage[];
  /** Of a back-ordered order: when all of it can be there; and what was told before, where that is not so any more. */
  expectedOn?: string;
  expectedBefore?: string;
  refusal?: string;
  wmsOrderId?: number;
  /** The warehouse's own word for where the order stands. */
  wmsStatus?: string;
  parcels: KeptParcel[];
  /** The shop asked for a cancel and nobody has answered it yet. */
  cancelAsked: boolean;
}

/**
 * The part of an order's way that a topic tells of; causes come before their effects where two clocks read the same.
 */
const rank = ({ kept }: StoredEvent) =>
  ['channel', 'stock', 'wms'].indexOf(definitions.get(kept.type)?.topic.owner ?? '');
const compareAt = (a: StoredEvent, b: StoredEvent) => Date.parse(a.at) - Date.parse(b.at);
const comparePosition = (a: StoredEvent, b: StoredEvent) => Number(BigInt(a.position) - BigInt(b.position));

/** As a person reads them: by time, but facts of one topic never out of their true order. */
export function inOrder(events: readonly StoredEvent[]): StoredEvent[] {
  const topics = [...new Set(events.map((event) => event.topic))];
  const streams = topics.map((topic) =>
    events.filter((event) => event.topic === topic).toSorted(comparePosition),
  );
  const ordered: StoredEvent[] = [];
  for (;;) {
    const heads = streams.filter((stream) => stream.length > 0);
    const next = heads.toSorted((a, b) => compareAt(a[0]!, b[0]!) || rank(a[0]!) - rank(b[0]!))[0]?.shift();
    if (!next) return ordered;
    ordered.push(next);
  }
}

/** Where the order stands after all of these events, in whatever order and however often they came. */
export function fold(events: readonly StoredEvent[]): OrderNow {
  const ordered = inOrder(events);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last) throw new Error('An order without events is not an order.');
  const order = lastOf(ordered, 'order.placed', 'order.amended');
  const short = lastOf(ordered, 'order.short');
  const refused = lastOf(ordered, 'order.refused');
  const parcels = parcelsOf(ordered);
  const { state, event } = stateOf(ordered);
  return {
    state,
    since: event.at,
    firstAt: first.at,
    lastAt: last.at,
    revision: Math.max(1, ...ordered.map(({ kept }) => ('revision' in kept ? kept.revision : 1))),
    shopOrderId: order?.kept.shopOrderId,
    orderType: order?.kept.orderType,
    placedAt: order?.kept.placedAt,
    lines: order ? withShipped(order.kept, parcels) : [],
    shortages: ['held', 'backordered', 'rejected'].includes(state) ? (short?.kept.shortages ?? []) : [],
    expectedOn: state === 'backordered' ? short?.kept.expectedOn : undefined,
    expectedBefore: state === 'backordered' ? short?.kept.expectedBefore : undefined,
    refusal: state === 'refused' ? (refused?.kept.text ?? refused?.kept.reason) : undefined,
    wmsOrderId: lastOf(ordered, 'order.accepted')?.kept.wmsOrderId,
    wmsStatus: lastOf(ordered, 'order.status-changed')?.kept.text,
    parcels,
    cancelAsked: cancelAsked(ordered),
  };
}

type EventOf<Type extends Kept['type']> = StoredEvent & { kept: Extract<Kept, { type: Type }> };

function lastOf<Type extends Kept['type']>(
  ordered: StoredEvent[],
  ...types: Type[]
): EventOf<Type> | undefined {
  return ordered.findLast((event): event is EventOf<Type> => types.includes(event.kept.type as Type));
}

/** The warehouse's word counts before the authority's, and the authority's before the shop's. */
function stateOf(ordered: StoredEvent[]): { state: OrderStateName; event: StoredEvent } {
  const shipped = lastOf(ordered, 'order.shipped');
  if (shipped) return { state: 'shipped', event: shipped };
  const cancelled = lastOf(ordered, 'order.cancelled');
  if (cancelled) return { state: 'cancelled', event: cancelled };
  const status = lastOf(ordered, 'order.status-changed');
  if (status && ['sent', 'collected'].includes(status.kept.state)) return { state: 'shipped', event: status };
  const decided = lastOf(ordered, 'order.released', 'order.rejected');
  if (decided) {
    const rejected = ordered.some(({ kept }) => kept.type === 'order.rejected');
    return { state: rejected ? 'rejected' : 'cancelled', event: decided };
  }
  const answered = lastOf(ordered, 'order.accepted', 'order.refused');
  const there = lastOf(ordered, 'order.accepted');
  // A change that is refused leaves the order in the warehouse as it was.
  if (answered?.kept.type === 'order.refused' && !there) return { state: 'refused', event: answered };
  if (there) return { state: 'in-warehouse', event: status ?? there };
  if (status) return { state: 'in-warehouse', event: status };
  const verdict = lastOf(ordered, 'order.reserved', 'order.short', 'order.waiting', 'order.cancel-forwarded');
  if (!verdict) return { state: 'placed', event: lastOf(ordered, 'order.placed') ?? ordered[0]! };
  const { kept } = verdict;
  if (kept.type === 'order.waiting') return { state: 'waiting', event: verdict };
  if (kept.type !== 'order.short') return { state: 'reserved', event: verdict };
  return { state: kept.outcome === 'partial' ? 'reserved' : kept.outcome, event: verdict };
}

function parcelsOf(ordered: StoredEvent[]): KeptParcel[] {
  const parcels = new Map<string, KeptParcel>();
  for (const { kept } of ordered) {
    if (kept.type !== 'order.shipped') continue;
    const { type: _, ...parcel } = kept;
    parcels.set(parcel.parcel, parcel);
  }
  return [...parcels.values()];
}

function withShipped(order: KeptOrder, parcels: KeptParcel[]): OrderNow['lines'] {
  const inParcels = parcels.flatMap((parcel) => parcel.lines);
  return order.lines.map((line) => {
    const quantities = inParcels
      .filter(({ row }) => row === line.row)
      .map(({ quantity }) => toMilli(quantity));
    return { ...line, shipped: fromMilli(quantities.reduce((sum, quantity) => sum + quantity, 0n)) };
  });
}

const answersToCancel = ['order.cancelled', 'order.cancel-refused', 'order.released', 'order.rejected'];

function cancelAsked(ordered: StoredEvent[]): boolean {
  const asked = lastOf(ordered, 'order.cancel-requested');
  if (!asked) return false;
  return !ordered.some(
    ({ kept }) =>
      answersToCancel.includes(kept.type) && 'revision' in kept && kept.revision >= asked.kept.revision,
  );
}
