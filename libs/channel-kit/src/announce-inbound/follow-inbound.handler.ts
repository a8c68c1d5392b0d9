import { Controller } from '@nestjs/common';
import {
  type Event,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderClosed,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
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

/** What came of this channel's purchase orders: receipts go to its system, refusals to the people as well. */
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
