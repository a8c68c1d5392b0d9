import { OrderSplit, type Event, fitText } from '@samlast/contracts';
import type { RegisteredLine } from '../push-orders/order-registry.ts';
import { sameLines, tellParcels, type LineThere, type Seen, type ToldParcel } from './follow.ts';

/** An order of the warehouse with pieces of ours, as it was last told. */
export interface Split {
  wmsOrderId: number;
  number: string;
  /** Null before the first time. */
  lines: LineThere[] | null;
  parcels: ToldParcel[];
}

export interface SplitNews {
  events: Event[];
  lines: LineThere[];
  parcels: ToldParcel[];
}

/** What is new about it, told as news of our order: which pieces it carries, and its parcels. */
export function followSplit(
  order: { number: string; channel: string; lines: RegisteredLine[] },
  was: Split,
  seen: Seen,
  now: string,
): SplitNews | undefined {
  const { number, channel } = order;
  const events: Event[] = [];
  const inOrder = <Line extends LineThere>(line: Line): Line => ({ ...line, row: rowOf(line, order.lines) });
  const lines = seen.state === 'cancelled' ? [] : seen.lines.map(inOrder);
  if (was.lines === null || !sameLines(was.lines, lines)) {
    const into = fitText(was.number, 200);
    events.push(OrderSplit.of({ number, channel, into, wmsOrderId: was.wmsOrderId, lines, at: now }));
  }
  const told = { number, channel, parcels: was.parcels };
  const parcels = seen.shipped
    ? tellParcels(told, inOurRows(seen, inOrder), events, was.number)
    : was.parcels;
  if (events.length === 0 && parcels === was.parcels) return undefined;
  return { events, lines, parcels };
}

const inOurRows = (seen: Seen, inOrder: <Line extends LineThere>(line: Line) => Line): Seen => ({
  ...seen,
  picked: seen.picked.map(inOrder),
  parcels: seen.parcels.map((parcel) => ({ ...parcel, lines: parcel.lines.map(inOrder) })),
});

/** The shop knows its own rows only; the other order may count its rows anew. */
export function rowOf(
  { row, article }: Pick<LineThere, 'row' | 'article'>,
  lines: readonly RegisteredLine[],
): string {
  const same = lines.find((line) => line.row === row && line.article === article);
  return (same ?? lines.find((line) => line.article === article && !line.part))?.row ?? row;
}
