import type { MessageOf } from '@samlast/messaging';
import type {
  OrderAccepted,
  OrderAmended,
  OrderCancelForwarded,
  OrderCancelled,
  OrderCancelRefused,
  OrderCancelRequested,
  OrderEdited,
  OrderPlaced,
  OrderRefused,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderReturned,
  OrderShipped,
  OrderAmendmentRefused,
  OrderEndangered,
  OrderShort,
  OrderSplit,
  OrderStatusChanged,
  OrderWaiting,
  Shortage,
} from '@samlast/contracts';

export type FromShop = typeof OrderPlaced | typeof OrderAmended | typeof OrderCancelRequested;
export type FromAuthority =
  | typeof OrderReserved
  | typeof OrderShort
  | typeof OrderWaiting
  | typeof OrderAmendmentRefused
  | typeof OrderEndangered
  | typeof OrderRejected
  | typeof OrderReleased
  | typeof OrderCancelForwarded;
export type FromWarehouse =
  | typeof OrderAccepted
  | typeof OrderRefused
  | typeof OrderCancelled
  | typeof OrderCancelRefused
  | typeof OrderStatusChanged
  | typeof OrderEdited
  | typeof OrderSplit
  | typeof OrderReturned
  | typeof OrderShipped;
export type OrderMessage = MessageOf<FromShop | FromAuthority | FromWarehouse>;

export interface KeptLine {
  row: string;
  article: string;
  quantity: string;
  picked: boolean;
  name?: string;
}

export interface LineThere {
  row: string;
  article: string;
  quantity: string;
}

export interface KeptParcel {
  parcel: string;
  lines: LineThere[];
  carrier?: string;
  trackingNumber?: string;
  trackingUrl?: string;
  shippedAt: string;
}

export interface KeptOrder {
  revision: number;
  shopOrderId: string;
  orderType: string;
  placedAt: string;
  lines: KeptLine[];
}

/** What the console remembers of each event. */
export type Kept =
  | ({ type: 'order.placed' } & KeptOrder)
  | ({ type: 'order.amended' } & KeptOrder)
  | { type: 'order.cancel-requested'; revision: number; reason?: string }
  | { type: 'order.reserved'; revision: number }
  | {
      type: 'order.short';
      revision: number;
      outcome: 'held' | 'backordered' | 'partial' | 'rejected';
      shortages: Shortage[];
      expectedOn?: string;
      expectedBefore?: string;
    }
  | { type: 'order.waiting'; revision: number; articles: string[] }
  | { type: 'order.amendment-refused'; revision: number; reason: string; shortages: Shortage[] }
  | { type: 'order.endangered'; revision: number; shortages: Shortage[] }
  | { type: 'order.rejected'; revision: number; by: string; reason: string }
  | { type: 'order.released'; revision: number; cause: string }
  | { type: 'order.cancel-forwarded'; revision: number }
  | { type: 'order.accepted'; revision: number; wmsOrderId?: number }
  | {
      type: 'order.refused';
      revision: number;
      reason: string;
      text?: string;
      changed?: string[];
      unchanged?: string[];
    }
  | { type: 'order.cancel-refused'; revision: number; reason: string; text?: string }
  | { type: 'order.cancelled'; revision: number; by: 'channel' | 'warehouse' }
  | { type: 'order.status-changed'; state: string; text: string }
  | { type: 'order.edited'; revision: number; lines: LineThere[]; before: LineThere[] }
  | { type: 'order.split'; into: string; lines: LineThere[] }
  | { type: 'order.returned'; return?: string; lines: (LineThere & { restocked: boolean })[] }
  | ({ type: 'order.shipped' } & KeptParcel);

/**
 * What is kept of an event, field by field: a consignee, a buyer's note or a member that a later version adds never
 * reaches the console's tables.
 */
export function keep(message: OrderMessage): Kept {
  switch (message.type) {
    case 'order.placed':
    case 'order.amended': {
      const { revision, shopOrderId, placedAt, lines } = message.data;
      const orderType = message.data.type.name ?? message.data.type.code;
      return { type: message.type, revision, shopOrderId, orderType, placedAt, lines: lines.map(keptLine) };
    }
    case 'order.shipped': {
      const { parcel, carrier, trackingNumber, trackingUrl, shippedAt } = message.data;
      const lines = message.data.lines.map(lineThere);
      return { type: message.type, parcel, lines, carrier, trackingNumber, trackingUrl, shippedAt };
    }
    case 'order.status-changed':
      return { type: message.type, state: message.data.state, text: message.data.status.text };
    case 'order.returned': {
      const lines = message.data.lines.map((line) => ({ ...lineThere(line), restocked: line.restocked }));
      return { type: message.type, return: message.data.return, lines };
    }
    case 'order.split':
      return { type: message.type, into: message.data.into, lines: message.data.lines.map(lineThere) };
    default:
      return keepAnswer(message);
  }
}

type Answer = MessageOf<
  Exclude<
    FromShop | FromAuthority | FromWarehouse,
    | typeof OrderPlaced
    | typeof OrderReturned
    | typeof OrderAmended
    | typeof OrderShipped
    | typeof OrderSplit
    | typeof OrderStatusChanged
  >
>;

function keepAnswer({ type, data }: Answer): Kept {
  const { revision } = data;
  switch (type) {
    case 'order.cancel-requested':
      return { type, revision, reason: data.reason };
    case 'order.short': {
      const { outcome, shortages, expectedOn, expectedBefore } = data;
      return { type, revision, outcome, shortages, expectedOn, expectedBefore };
    }
    case 'order.endangered':
      return { type, revision, shortages: data.shortages };
    case 'order.amendment-refused':
      return { type, revision, reason: data.reason, shortages: data.shortages ?? [] };
    case 'order.waiting':
      return { type, revision, articles: data.articles };
    case 'order.rejected':
      return { type, revision, by: data.by, reason: data.reason };
    case 'order.released':
      return { type, revision, cause: data.cause };
    case 'order.accepted':
      return { type, revision, wmsOrderId: data.wmsOrderId };
    case 'order.refused': {
      const { reason, text, changed, unchanged } = data;
      return { type, revision, reason, text, changed, unchanged };
    }
    case 'order.cancel-refused':
      return { type, revision, reason: data.reason, text: data.text };
    case 'order.cancelled':
      return { type, revision, by: data.by };
    case 'order.edited':
      return { type, revision, lines: data.lines.map(lineThere), before: data.before.map(lineThere) };
    case 'order.reserved':
    case 'order.cancel-forwarded':
      return { type, revision };
  }
}

function keptLine({ row, article, quantity, picked, name }: KeptLine): KeptLine {
  return { row, article, quantity, picked, name };
}

const lineThere = ({ row, article, quantity }: LineThere): LineThere => ({ row, article, quantity });
