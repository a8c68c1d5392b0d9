import type { Order, OrderPart } from '@samlast/contracts';
import type { OngoingClient, OrderWriteOutcome } from '@samlast/ongoing-client';
import { later, type Later, type Outcome } from '../write-queue/write.ts';
import { linePriceOf, partIsThere } from './order-mapping.ts';
import type { LatePart, PutNote } from './order-parts.ts';

export interface LateChange {
  readonly client: OngoingClient;
  readonly order: Order;
  readonly wmsId: number;
  /** The parts in which it is another than what was written before. */
  readonly changed: readonly OrderPart[];
  /** Those that may be written by themselves here. */
  readonly late: readonly LatePart[];
  /** Ongoing's words for the refusal of the whole. */
  readonly refusal: string;
  /** Whether an order of this status has left the warehouse: nothing is written in it any more. */
  readonly isGone: (status: number) => boolean;
  readonly send: (request: Promise<OrderWriteOutcome>) => Promise<OrderWriteOutcome>;
}

/**
 * The warehouse works on the order, so it is not taken whole. What it has already counts as done, whoever did it: an
 * answer may have been lost. Of the rest single members are written, and it is read once more what came of them.
 */
export async function changeLate(change: LateChange): Promise<Outcome | Later> {
  const { client, order, wmsId, changed, refusal } = change;
  const there = await client.getOrderContent(wmsId);
  if (!there) return { kind: 'later', fault: `order ${wmsId} is not found by its id`, reached: true };
  const missing = changed.filter((part) => !partIsThere(part, order, there));
  const shipped = change.isGone(there.orderInfo.orderStatus.number);
  const linesStand = !missing.includes('lines');
  // The price of a line is that of all its pieces.
  const may = (part: LatePart) => missing.includes(part) && !shipped && (part !== 'prices' || linesStand);
  let said: string | undefined;
  for (const part of change.late.filter(may)) {
    for (const write of writesOf(part, order, there, client)) {
      const answer = await change.send(write());
      if (answer.outcome === 'unknown') return later(answer.cause);
      if (answer.outcome === 'refused') said ??= answer.text;
    }
  }
  const now = missing.length > 0 ? await client.getOrderContent(wmsId) : there;
  const unchanged = missing.filter((part) => !now || !partIsThere(part, order, now));
  if (unchanged.length === 0) return { kind: 'accepted', wmsId };
  const text = said === undefined ? refusal : `${refusal} ${said}`;
  const done = changed.filter((part) => !unchanged.includes(part));
  return { kind: 'refused', reason: 'too-late', text, note: { changed: done, unchanged } satisfies PutNote };
}

type Content = NonNullable<Awaited<ReturnType<OngoingClient['getOrderContent']>>>;

function writesOf(
  part: LatePart,
  order: Order,
  { orderInfo, orderLines }: Content,
  client: OngoingClient,
): (() => Promise<OrderWriteOutcome>)[] {
  const { orderId } = orderInfo;
  switch (part) {
    case 'deliveryDate': {
      const { deliveryDate } = order;
      return deliveryDate ? [() => client.patchOrder(orderId, 'deliveryDate', deliveryDate)] : [];
    }
    case 'note':
      return [() => client.patchOrder(orderId, 'orderRemark', order.note ?? '')];
    default:
      return order.lines.flatMap((line) => {
        const there = orderLines.find(({ rowNumber }) => rowNumber === line.row);
        if (!there || partIsThere(part, { ...order, lines: [line] }, { orderInfo, orderLines: [there] }))
          return [];
        const change =
          part === 'comments' ? { comment: line.comment ?? '' } : { linePrice: linePriceOf(line) };
        return [() => client.patchOrderLine({ orderId, lineId: there.id }, change)];
      });
  }
}
