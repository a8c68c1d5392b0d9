import {
  OrderCancelled,
  OrderEdited,
  OrderShipped,
  OrderStatusChanged,
  fromMilli,
  toMilli,
  type Event,
  type OrderState,
  fitText,
} from '@samlast/contracts';
import type { RegisteredLine } from '../push-orders/order-registry.ts';

type State = (typeof OrderState.options)[number];

/** A parcel that was told, with all numbers under which it was seen. */
export interface ToldParcel {
  key: string;
  numbers: string[];
  lines: { row: string; quantity: string }[];
}

/** One order of ours, as it was last told. */
export interface Followed {
  number: string;
  channel: string;
  revision: number;
  state: 'queued' | 'accepted' | 'refused' | 'cancelled';
  accepted: boolean;
  /** A write of it is waiting or under way. */
  pending: boolean;
  status: number | null;
  parcels: ToldParcel[];
  lines: RegisteredLine[];
  /** The lines as the warehouse has them: as we wrote them, or as its people's last edit that was told. */
  there: LineThere[] | null;
  /** What an earlier read had in place of `there`; it was not told, since no later one had it too. */
  doubted?: LineThere[] | undefined;
  /** The step of the answer that the lines were accepted with. */
  acceptedAt: number;
}

export interface LineThere {
  row: string;
  article: string;
  quantity: string;
}

/** Pieces that left, with what they may be told apart by. */
export interface PickedLine extends LineThere {
  serials?: string[];
  batches?: { batch: string; quantity: string }[];
}

/** The same order as Ongoing shows it now, in our words. */
export interface Seen {
  status: number;
  statusText: string;
  state: State;
  shipped: boolean;
  shippedAt: string;
  carrier: string | undefined;
  parcels: {
    key: string;
    numbers: string[];
    trackingNumber: string;
    trackingUrl?: string;
    lines: PickedLine[];
  }[];
  picked: PickedLine[];
  lines: LineThere[];
}

export interface News {
  events: Event[];
  status: number;
  state: Followed['state'];
  parcels: ToldParcel[];
  there: LineThere[] | null;
  /** Lines that people of the warehouse seem to have changed: told when the next read has them too. */
  doubted?: LineThere[];
}

/** The parcel of an order that was shipped without any number. */
const WHOLE_ORDER = 'order';

/**
 * What is new about an order. `early`: its own write is not settled yet, so look again in a moment. `started` is the
 * step before the read.
 */
export function follow(
  was: Followed,
  seen: Seen,
  { step, started, now }: { step: number; started: number; now: string },
): News | 'early' | undefined {
  const cancelled = seen.state === 'cancelled' && was.state !== 'cancelled';
  if (!was.accepted || (cancelled && was.pending)) return was.state === 'refused' ? undefined : 'early';
  const { number, channel } = was;
  const events: Event[] = [];
  if (seen.status !== was.status) {
    const status = { number: seen.status, text: fitText(seen.statusText, 200) };
    events.push(OrderStatusChanged.of({ number, channel, state: seen.state, status, at: now }));
  }
  if (cancelled) {
    const { revision } = was;
    events.push(
      OrderCancelled.of({ number, channel, revision, sent: step, accepted: step, by: 'warehouse' }),
    );
  }
  const edit =
    cancelled || was.pending || started <= was.acceptedAt
      ? { there: was.there }
      : tellEdit(was, seen, events, now);
  const parcels = seen.shipped ? tellParcels(was, seen, events) : was.parcels;
  if (events.length === 0 && parcels === was.parcels && !edit.doubted) return undefined;
  return { events, status: seen.status, state: cancelled ? 'cancelled' : was.state, parcels, ...edit };
}

/**
 * Quantities that staff changed, lines they removed or added, pieces they moved to another order. Only a read that
 * started after our own write was answered can say so, and two must say the same: what is told here refuses every
 * change that the shop asks for until a person has looked, and one odd answer is enough to see a line without its row.
 */
function tellEdit(was: Followed, seen: Seen, events: Event[], now: string): Pick<News, 'there' | 'doubted'> {
  const { there: before } = was;
  if (!before || sameLines(before, seen.lines)) return { there: before };
  if (!was.doubted || !sameLines(was.doubted, seen.lines)) return { there: before, doubted: seen.lines };
  const { number, channel, revision } = was;
  events.push(OrderEdited.of({ number, channel, revision, lines: seen.lines, before, at: now }));
  return { there: seen.lines };
}

export function sameLines(some: LineThere[], others: LineThere[]): boolean {
  const text = (lines: LineThere[]) =>
    JSON.stringify(
      lines
        .filter(({ quantity }) => toMilli(quantity) !== 0n)
        .map(({ row, article, quantity }) => [row, article, toMilli(quantity).toString()])
        .toSorted(),
    );
  return text(some) === text(others);
}

/**
 * Each parcel once, also when Ongoing names it differently later; parcels may follow late. `carriedBy` is the number
 * of another order of the warehouse that the pieces lie in, so that its parcels are not taken for the order's own.
 */
export function tellParcels(
  was: Pick<Followed, 'number' | 'channel' | 'parcels'>,
  seen: Seen,
  events: Event[],
  carriedBy?: string,
): ToldParcel[] {
  const told = was.parcels.map((parcel) => ({ ...parcel }));
  let changed = false;
  const found = seen.parcels.length > 0 || told.length > 0 ? seen.parcels : [wholeOrder()];
  for (const parcel of found) {
    const known = told.find(
      (one) => one.numbers.includes(same(parcel.key)) || parcel.numbers.map(same).includes(same(one.key)),
    );
    const numbers = [...new Set([parcel.key, ...parcel.numbers].map(same))];
    if (known) {
      const all = [...new Set([...known.numbers, ...numbers])];
      changed ||= all.length > known.numbers.length;
      known.numbers = all;
      continue;
    }
    const lines = linesIn(parcel.lines, seen.picked, told, found.length);
    told.push({ key: parcel.key, numbers, lines: lines.map(({ row, quantity }) => ({ row, quantity })) });
    const key = carriedBy === undefined ? parcel.key : `${carriedBy}/${parcel.key}`;
    events.push(shipped(was, seen, { ...parcel, key }, lines));
    changed = true;
  }
  return changed ? told : was.parcels;
}

/**
 * Where Ongoing does not say what lies in a parcel, the first one carries all that was picked and not told
 * yet: the shop must learn of every piece once, and only once.
 */
function linesIn(
  said: Seen['picked'],
  picked: Seen['picked'],
  told: ToldParcel[],
  parcels: number,
): Seen['picked'] {
  if (said.length > 0) return said;
  if (parcels > 1 && told.length > 0) return [];
  return picked
    .map((line) => {
      const before = told
        .flatMap((parcel) => parcel.lines)
        .filter(({ row }) => row === line.row)
        .reduce((sum, { quantity }) => sum + toMilli(quantity), 0n);
      return { ...line, left: toMilli(line.quantity) - before };
    })
    .filter(({ left }) => left > 0n)
    .map(({ left, ...line }) => ({ ...line, quantity: fromMilli(left) }));
}

function shipped(
  was: Pick<Followed, 'number' | 'channel'>,
  seen: Seen,
  parcel: Seen['parcels'][number],
  lines: Seen['picked'],
): Event {
  const { trackingNumber, trackingUrl } = parcel;
  return OrderShipped.of({
    number: was.number,
    channel: was.channel,
    parcel: fitText(parcel.key, 100),
    lines,
    ...(seen.carrier && { carrier: fitText(seen.carrier, 200) }),
    ...(trackingNumber && { trackingNumber: fitText(trackingNumber, 100) }),
    ...(trackingUrl && trackingUrl.length <= 1000 && { trackingUrl }),
    shippedAt: seen.shippedAt,
  });
}

const wholeOrder = (): Seen['parcels'][number] => ({
  key: WHOLE_ORDER,
  numbers: [],
  trackingNumber: '',
  lines: [],
});

const same = (number: string) => number.trim().toLowerCase();
