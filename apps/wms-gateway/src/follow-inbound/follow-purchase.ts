import {
  fromMilli,
  PurchaseOrderCancelled,
  PurchaseOrderClosed,
  PurchaseOrderReceived,
  PurchaseOrderStatusChanged,
  toMilli,
  type Event,
  type PurchaseOrderState,
  fitText,
} from '@samlast/contracts';

/** Pieces of one row that are alike. */
export interface Received {
  row: string;
  article: string;
  quantity: string;
  batch?: string | undefined;
  serials?: string[] | undefined;
  expiresOn?: string | undefined;
}

export interface Told {
  /** How many receipts were told. */
  receipts: number;
  received: Received[];
}

/** One purchase order of ours, as it was last told. */
export interface FollowedPurchase {
  number: string;
  channel: string;
  revision: number;
  state: 'queued' | 'accepted' | 'refused' | 'cancelled';
  accepted: boolean;
  /** A write of it is waiting or under way. */
  pending: boolean;
  wmsId: number;
  status: number | null;
  closed: boolean;
  told: Told | null;
  /** What an earlier read had of receipts, less than was told; no later one had it too. */
  doubted?: Received[] | undefined;
}

/** The same purchase order as Ongoing shows it now, in our words. */
export interface SeenPurchase {
  status: number;
  statusText: string;
  state: PurchaseOrderState;
  received: Received[];
  lines: { row: string; article: string; ordered: string; received: string }[];
}

export interface PurchaseNews {
  events: Event[];
  status: number;
  state: FollowedPurchase['state'];
  closed: boolean;
  told: Told | null;
  /** Receipts that seem to have been taken back: told when the next read has them too. */
  doubted?: Received[];
}

/** What is new about a purchase order; nothing while its own write is not settled, since it is looked at again. */
export function followPurchase(
  was: FollowedPurchase,
  seen: SeenPurchase,
  now: string,
): PurchaseNews | undefined {
  const cancelled = seen.state === 'cancelled' && was.state !== 'cancelled';
  if (!was.accepted || (cancelled && was.pending)) return undefined;
  const { number, channel, revision } = was;
  const events: Event[] = [];
  if (seen.status !== was.status) {
    const status = { number: seen.status, text: fitText(seen.statusText, 200) };
    events.push(PurchaseOrderStatusChanged.of({ number, channel, state: seen.state, status, at: now }));
  }
  const receipt = tellReceipt(was, seen, events, now);
  const ended = seen.state === 'received' || seen.state === 'deviating';
  if (ended && !was.closed) {
    const { lines } = seen;
    const deviation = lines.some((line) => toMilli(line.ordered) !== toMilli(line.received));
    events.push(PurchaseOrderClosed.of({ number, channel, deviation, lines, closedAt: now }));
  }
  if (cancelled) events.push(PurchaseOrderCancelled.of({ number, channel, revision, by: 'warehouse' }));
  if (events.length === 0 && !receipt.doubted) return undefined;
  // Opened again, it is closed again later.
  const closed = ended || (was.closed && seen.state === 'unknown');
  return { events, status: seen.status, state: cancelled ? 'cancelled' : was.state, closed, ...receipt };
}

/**
 * What came since the last receipt; less than nothing where the warehouse corrects its count. That two reads must say:
 * a batch that one odd answer leaves out would be told as gone, and as come again by the next.
 */
function tellReceipt(
  was: FollowedPurchase,
  seen: SeenPurchase,
  events: Event[],
  now: string,
): Pick<PurchaseNews, 'told' | 'doubted'> {
  const before = new Map((was.told?.received ?? []).map((one) => [keyOf(one), one]));
  const after = new Map(seen.received.map((one) => [keyOf(one), one]));
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, next] = [before.get(key), after.get(key)];
    const quantity = toMilli(next?.quantity ?? '0') - toMilli(old?.quantity ?? '0');
    const some = next ?? old;
    if (quantity === 0n || !some) return [];
    const known = new Set(old?.serials);
    const serials = next?.serials?.filter((serial) => !known.has(serial));
    const { row, article, batch, expiresOn } = some;
    return [
      {
        row,
        article,
        quantity: fromMilli(quantity),
        ...(batch && { batch }),
        ...(serials && serials.length > 0 && { serials }),
        ...(expiresOn && { expiresOn }),
      },
    ];
  });
  if (lines.length === 0) return { told: was.told };
  const isSame = was.doubted && JSON.stringify(was.doubted) === JSON.stringify(seen.received);
  if (!isSame && lines.some(({ quantity }) => toMilli(quantity) < 0n))
    return { told: was.told, doubted: seen.received };
  const receipts = (was.told?.receipts ?? 0) + 1;
  const { number, channel, wmsId } = was;
  const receipt = `${wmsId}-${receipts}`;
  events.push(PurchaseOrderReceived.of({ number, channel, receipt, lines, receivedAt: now }));
  return { told: { receipts, received: seen.received } };
}

const keyOf = ({ row, article, batch = '', expiresOn = '' }: Received) =>
  JSON.stringify([row, article, batch, expiresOn]);
