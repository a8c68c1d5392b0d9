import { Controller } from '@nestjs/common';
import {
  type Event,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderClosed,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { addCalls, type NewCall } from './inbound-book.ts';
import { InboundCaller } from './inbound-caller.ts';

type FromWarehouse = MessageOf<
  | typeof PurchaseOrderReceived
  | typeof PurchaseOrderClosed
  | typeof PurchaseOrderRefused
  | typeof PurchaseOrderCancelled
  | typeof PurchaseOrderCancelRefused
>;

type Returned = MessageOf<typeof ReturnRefused | typeof ReturnCancelled | typeof ReturnCancelRefused>;

/** What came of this channel's announcements: receipts go to its system, refusals to the people as well. */
@Controller()
export class FollowInbound {
  constructor(private readonly caller: InboundCaller) {}

  @Consumes(
    PurchaseOrderReceived,
    PurchaseOrderClosed,
    PurchaseOrderRefused,
    PurchaseOrderCancelled,
    PurchaseOrderCancelRefused,
  )
  async onWarehouse(messages: FromWarehouse[], tx: EntityManager): Promise<Event[]> {
    await addCalls(tx, 'purchase-order', messages.flatMap(callOf));
    this.caller.wakeAfterCommit();
    return [];
  }

  /** What comes back is told of its order; here is only what does not go as it was announced. */
  @Consumes(ReturnRefused, ReturnCancelled, ReturnCancelRefused)
  async onReturns(messages: Returned[], tx: EntityManager): Promise<Event[]> {
    const calls = messages.flatMap((message) => {
      const text = textOfReturn(message);
      const { number, revision } = message.data;
      const key = `${message.type}-${revision}`;
      return text ? [{ number, news: { kind: 'note' as const, key, text }, attention: text }] : [];
    });
    await addCalls(tx, 'return', calls);
    this.caller.wakeAfterCommit();
    return [];
  }
}

function callOf(message: FromWarehouse): NewCall[] {
  const { number } = message.data;
  switch (message.type) {
    case 'purchase-order.received': {
      const { receipt, receivedAt } = message.data;
      const lines = message.data.lines.map(({ row, ...line }) => ({ id: row, ...line }));
      const key = `receipt-${receipt}`;
      return [{ number, news: { kind: 'receipt', key, receipt, lines, receivedAt } }];
    }
    case 'purchase-order.closed': {
      const { deviation, closedAt } = message.data;
      const lines = message.data.lines.map(({ row, ...line }) => ({ id: row, ...line }));
      return [{ number, news: { kind: 'closed', key: `closed-${closedAt}`, deviation, lines, closedAt } }];
    }
    default: {
      const text = textOf(message);
      if (!text) return [];
      const key = `${message.type}-${message.data.revision}`;
      return [{ number, news: { kind: 'note', key, text }, attention: text }];
    }
  }
}

type Answer = Extract<FromWarehouse, { data: { revision: number } }>;

function textOf({ type, data }: Answer): string | undefined {
  const words = 'text' in data && data.text ? ` (${data.text})` : '';
  switch (type) {
    case 'purchase-order.refused':
      return data.reason === 'too-late'
        ? `The change came too late: the warehouse has received goods on this purchase order${words}. It stays as it was.`
        : `The warehouse refused this purchase order: ${data.reason}${words}. See Samlast's console.`;
    case 'purchase-order.cancel-refused':
      return `Cancelled here, but the warehouse still expects the goods: it was too late${words}.`;
    case 'purchase-order.cancelled':
      return data.by === 'warehouse'
        ? 'Cancelled in the warehouse, not here: it expects none of these goods.'
        : undefined;
  }
}

function textOfReturn({ type, data }: Returned): string | undefined {
  const words = 'text' in data && data.text ? ` (${data.text})` : '';
  switch (type) {
    case 'return.refused':
      return `The warehouse does not expect this return: ${data.reason}${words}. When the goods come, they are taken back all the same.`;
    case 'return.cancel-refused':
      return `Withdrawn here, but the goods have come back already${words}.`;
    case 'return.cancelled':
      return data.by === 'warehouse' ? 'Cancelled in the warehouse, not here.' : undefined;
  }
}
