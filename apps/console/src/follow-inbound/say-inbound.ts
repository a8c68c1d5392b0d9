import type {
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderCancelRequested,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  PurchaseOrderStatusChanged,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  ReturnWithdrawn,
} from '@samlast/contracts';
import type { MessageOf } from '@samlast/messaging';
import type { Station } from '../follow-orders/say.ts';

export type InboundKind = 'purchase-order' | 'return';
export type InboundMessage = MessageOf<
  | typeof PurchaseOrderPlaced
  | typeof PurchaseOrderAmended
  | typeof PurchaseOrderCancelRequested
  | typeof PurchaseOrderAccepted
  | typeof PurchaseOrderRefused
  | typeof PurchaseOrderCancelled
  | typeof PurchaseOrderCancelRefused
  | typeof PurchaseOrderStatusChanged
  | typeof PurchaseOrderReceived
  | typeof PurchaseOrderClosed
  | typeof ReturnAnnounced
  | typeof ReturnWithdrawn
  | typeof ReturnAccepted
  | typeof ReturnRefused
  | typeof ReturnCancelled
  | typeof ReturnCancelRefused
>;

/** Where an announcement stands, in one word. */
export type InboundState =
  'placed' | 'expected' | 'refused' | 'coming' | 'received' | 'deviating' | 'cancelled';

export interface SaidInbound {
  station: Station;
  text: string;
  /** Where it stands after this, where this changes it. */
  state?: InboundState;
}

const because = (text?: string) => (text ? `: ${text}` : '');
const pieces = (lines: { article: string; quantity: string; batch?: string | undefined }[]) =>
  lines
    .map(({ article, quantity, batch }) => `${quantity} ${article}${batch ? ` (batch ${batch})` : ''}`)
    .join(', ');

const refusals: Record<string, string> = {
  foreign: 'the number belongs to another one there',
  'too-late': 'goods have come already',
  unknown: 'the warehouse does not say why',
  wms: 'refused by Ongoing',
};

/** One event as a person reads it. Its system's own remarks are left out: they may hold anything. */
export function sayInbound(message: InboundMessage): SaidInbound {
  switch (message.type) {
    case 'purchase-order.placed': {
      const { channel, shopNumber, lines, expectedOn } = message.data;
      const when = expectedOn ? `, expected on ${expectedOn}` : '';
      return {
        station: 'shop',
        text: `${channel} ordered ${shopNumber}: ${pieces(lines)}${when}`,
        state: 'placed',
      };
    }
    case 'purchase-order.amended': {
      const { channel, lines, expectedOn, revision } = message.data;
      const when = expectedOn ? `, expected on ${expectedOn}` : '';
      return {
        station: 'shop',
        text: `${channel} changed it (revision ${revision}): ${pieces(lines)}${when}`,
      };
    }
    case 'purchase-order.cancel-requested':
      return { station: 'shop', text: `${message.data.channel} asks to cancel` };
    case 'purchase-order.accepted': {
      const { wmsPurchaseOrderId: id, revision } = message.data;
      const known = `The warehouse expects it${id === undefined ? '' : ` as purchase order ${id}`}`;
      return { station: 'gateway', text: `${known} (revision ${revision})`, state: 'expected' };
    }
    case 'purchase-order.refused': {
      const { reason, text, revision } = message.data;
      const why = `${refusals[reason] ?? reason}${because(text)}`;
      const said = `The warehouse does not take revision ${revision}: ${why}`;
      // A refused change leaves it as it was.
      return { station: 'gateway', text: said, ...(revision === 1 && { state: 'refused' as const }) };
    }
    case 'return.announced': {
      const { channel, order, lines, revision } = message.data;
      const again = revision > 1 ? ` (revision ${revision})` : '';
      return {
        station: 'shop',
        text: `${channel} expects back of ${order}: ${pieces(lines)}${again}`,
        state: 'placed',
      };
    }
    case 'return.withdrawn':
      return { station: 'shop', text: `${message.data.channel} says that it will not come` };
    case 'return.accepted': {
      const { wmsReturnOrderId: id } = message.data;
      const known = `The warehouse expects it${id === undefined ? '' : ` as return ${id}`}`;
      return { station: 'gateway', text: known, state: 'expected' };
    }
    case 'return.refused': {
      const { reason, text } = message.data;
      const said = `The warehouse does not take it: ${refusals[reason] ?? reason}${because(text)}`;
      return { station: 'gateway', text: said, state: 'refused' };
    }
    case 'return.cancelled':
    case 'purchase-order.cancelled': {
      const byShop = message.data.by === 'channel';
      const text = byShop ? `Cancelled, as ${message.data.channel} asked` : 'Cancelled in the warehouse';
      return { station: byShop ? 'gateway' : 'warehouse', text, state: 'cancelled' };
    }
    case 'return.cancel-refused':
    case 'purchase-order.cancel-refused': {
      const { reason, text } = message.data;
      return {
        station: 'gateway',
        text: `The cancel is refused (${refusals[reason] ?? reason})${because(text)}`,
      };
    }
    case 'purchase-order.status-changed':
      return {
        station: 'warehouse',
        text: `The warehouse says: ${message.data.status.text || message.data.state}`,
      };
    case 'purchase-order.received':
      return { station: 'warehouse', text: `Received: ${pieces(message.data.lines)}`, state: 'coming' };
    case 'purchase-order.closed': {
      const { deviation, lines } = message.data;
      const what = lines
        .map(({ article, ordered, received }) => `${received} of ${ordered} ${article}`)
        .join(', ');
      return {
        station: 'warehouse',
        text: deviation ? `Closed, not as it was ordered: ${what}` : `Received in full: ${what}`,
        state: deviation ? 'deviating' : 'received',
      };
    }
  }
}
