import type { Milli } from './milli.ts';

/** Members as the caller sent them; what is derived from them stands beside. */
export type Fields = Record<string, unknown>;

/** One physical part of an article's stock. */
export interface ArticleItem {
  id: number;
  location: string;
  quantity: Milli;
  /** Of these, locked but still for sale, and locked for sale. */
  locked: Milli;
  lockedForSale: Milli;
  inDate: number;
  /** Absent where the pieces are not told apart by it. */
  batch?: string | undefined;
  serial?: string | undefined;
  expiryDate?: string | undefined;
}

export interface KitPart {
  articleId: number;
  perKit: Milli;
}

/** What all open orders together want of an article; kept incrementally. */
export interface Demand {
  /** Ordered and not yet picked, status below 400. */
  booked: Milli;
  /** Ordered and not yet allocated, status below 400. */
  leftToAllocate: Milli;
  /** Allocated and not yet picked. */
  allocated: Milli;
  /** Picked, status below 500. */
  pickedToBeCollected: Milli;
}

export interface Article {
  id: number;
  number: string;
  fields: Fields;
  /** Parts of a structure article; empty for all others. */
  parts: KitPart[];
  /** As it was sent; absent where the article is none. */
  dangerousGoods?: Fields | undefined;
  items: ArticleItem[];
  demand: Demand;
  dataUpdatedAt: number;
  stockChangedAt: number;
  lastInDate: number | null;
}

export interface PickedItem {
  id: number;
  articleItemId: number;
  location: string;
  quantity: Milli;
  pickedAt: number;
  packedAt: number | null;
  parcelId: number | null;
  returnedAt: number | null;
  returnCause?: string | undefined;
  batch?: string | undefined;
  serial?: string | undefined;
  expiryDate?: string | undefined;
}

/** What one line takes from the shelves: of the article itself, or of one part of a kit. */
export interface LineStock {
  articleId: number;
  /** Pieces of this article per piece of the line. */
  perPiece: Milli;
  ordered: Milli;
  /** Keeps counting after picking, as in Ongoing. */
  allocated: Milli;
  picked: Milli;
  returned: Milli;
  pickedItems: PickedItem[];
}

export interface OrderLine {
  id: number;
  row: string;
  articleId: number;
  fields: Fields;
  ordered: Milli;
  /** Empty for what is not picked: freight, fees. */
  stock: LineStock[];
  reported: Milli | null;
  reportedReturned: Milli | null;
}

export interface Track {
  waybill: string;
  trackingUrl: string | null;
  created: number;
}

export interface Parcel {
  id: number;
  number: string;
  isReturn: boolean;
  waybill: string | null;
  trackingUrl: string | null;
}

export interface Order {
  id: number;
  number: string;
  fields: Fields;
  /** `hand`: typed in at the warehouse. */
  origin: 'api' | 'hand';
  status: number;
  lines: OrderLine[];
  parcels: Parcel[];
  tracking: Track[];
  returnTracking: Track[];
  waybill: string | null;
  returnWaybill: string | null;
  carrier: string | null;
  shipmentId: number | null;
  backOrderFor: number | null;
  createdAt: number;
  updatedAt: number;
  statusChangedAt: number;
  shippedAt: number | null;
  lastPickedAt: number | null;
  lastReturnedAt: number | null;
  /** Whether the webhook "order picked" has been fired. */
  toldPicked: boolean;
}

/** Pieces that came in against a line of a purchase order. */
export interface ReceivedItem {
  id: number;
  quantity: Milli;
  location: string;
  receivedAt: number;
  batch?: string | undefined;
  serial?: string | undefined;
  expiryDate?: string | undefined;
}

export interface PurchaseLine {
  id: number;
  row: string;
  articleId: number;
  fields: Fields;
  advised: Milli;
  items: ReceivedItem[];
  reported: Milli | null;
}

export interface PurchaseOrder {
  id: number;
  number: string;
  fields: Fields;
  status: number;
  lines: PurchaseLine[];
  createdAt: number;
  updatedAt: number;
  statusChangedAt: number;
  lastReceivedAt: number | null;
  /** Whether the webhook "received" has been fired. */
  toldReceived: boolean;
}

export interface PurchaseOrderEvent {
  kind: 'purchase-order-created' | 'purchase-order-status-changed' | 'purchase-order-received';
  purchaseOrder: PurchaseOrder;
}

export const received = (line: PurchaseLine): Milli =>
  line.items.reduce((sum, { quantity }) => sum + quantity, 0);

export interface ReturnLine {
  id: number;
  row: string;
  orderLineId: number;
  toBeReturned: Milli;
  returned: Milli;
  /** Of these, scrapped. */
  removed: Milli;
  fields: Fields;
}

export interface ReturnOrder {
  id: number;
  number: string;
  orderId: number;
  fields: Fields;
  status: number;
  lines: ReturnLine[];
  createdAt: number;
  arrivedAt: number | null;
  lastReturnedAt: number | null;
}

export interface ReturnCause {
  id: number;
  code: string;
  name: string;
  /** Its pieces are scrapped, and never sold again. */
  isRemoveCause: boolean;
}

export interface Adjustment {
  /** Scrapped from this order's return. */
  returnOf?: number | undefined;
  cause?: string | undefined;
  id: number;
  articleId: number;
  quantity: Milli;
  at: number;
  location: string;
  comment: string;
  reported: boolean;
}

export interface OrderEvent {
  kind: 'created' | 'status-changed' | 'picked';
  order: Order;
}

/** What happens to an article or to pieces of it; each kind has a webhook of its own (reference, section 8.2). */
export interface GoodsEvent {
  kind:
    | 'article-created'
    | 'article-updated'
    | 'article-deleted'
    | 'stock-adjusted'
    | 'goods-received'
    | 'item-status-changed'
    | 'pieces-allocated'
    | 'pieces-picked'
    | 'pieces-returned';
  article: Article;
  /** Of pieces. */
  quantity?: Milli;
  location?: string;
  order?: Order;
  purchaseOrder?: PurchaseOrder;
}

export const noDemand = (): Demand => ({
  booked: 0,
  leftToAllocate: 0,
  allocated: 0,
  pickedToBeCollected: 0,
});

export const linePicked = (line: OrderLine): Milli => lineShare(line, (stock) => stock.picked);
export const lineAllocated = (line: OrderLine): Milli => lineShare(line, (stock) => stock.allocated);
export const lineReturned = (line: OrderLine): Milli => lineShare(line, (stock) => stock.returned);

/** Of a kit, whole kits: as many as its scarcest part allows. */
export function lineShare(line: OrderLine, amount: (stock: LineStock) => Milli): Milli {
  if (line.stock.length === 0) return 0;
  const [only] = line.stock;
  if (line.stock.length === 1 && only && only.articleId === line.articleId) return amount(only);
  return Math.min(...line.stock.map((stock) => Math.floor(amount(stock) / stock.perPiece) * 1000));
}
