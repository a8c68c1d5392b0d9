// What /api answers, as its pages read it. Types alone, so that pages and service cannot drift apart.
import type { Shortage } from '@samlast/contracts';
import type { OrderNow, OrderStateName } from '../follow-orders/fold.ts';
import type { KeptParcel } from '../follow-orders/keep.ts';
import type { Station } from '../follow-orders/say.ts';

export interface OrderRow {
  number: string;
  shopNumber: string;
  channel: string;
  state: OrderStateName;
  since: string;
  firstAt: string;
  lastAt: string;
  placedAt?: string;
  orderType?: string;
  wmsOrderId?: number;
  cancelAsked: boolean;
  lineCount: number;
}

export interface OrdersPage {
  orders: OrderRow[];
  next?: string;
}

export type SaidShortage = Shortage & { text: string };

export interface TimelineEvent {
  id: string;
  at: string;
  source: string;
  type: string;
  station: Station;
  text: string;
}

export interface OrderDetail extends OrderRow {
  revision: number;
  shopOrderId?: string;
  lines: OrderNow['lines'];
  shortages: SaidShortage[];
  refusal?: string;
  wmsStatus?: string;
  parcels: KeptParcel[];
  events: TimelineEvent[];
}

export interface HeldOrder extends OrderRow {
  lines: OrderNow['lines'];
  shortages: SaidShortage[];
}

/** It waits for pieces alone; `late` where it was told a day that does not hold, and no other one is known. */
export interface BackOrder extends HeldOrder {
  days: string;
  late: boolean;
}

export interface HeldOrders {
  orders: HeldOrder[];
  backOrders: BackOrder[];
}

export interface ArticleRow {
  article: string;
  name?: string;
  status?: string;
  free?: string;
  sellable?: string;
  reserved?: string;
  doubtful: boolean;
  /** What each shop shows, by channel; absent where nothing was confirmed yet. */
  shelves: { channel: string; shelf?: string; level?: string; refused?: string }[];
}

export interface ArticleDetail {
  article: string;
  name?: string;
  version?: number;
  levelAt?: string;
  free?: string;
  sellable?: string;
  reserved?: string;
  /** `doubtful` where the gateway holds it, see StockGate. */
  read?: { at: string; status: string; sellable: string; incoming?: string; doubtful: boolean };
  /** What purchase orders announce, soonest first; `on` is a date. */
  expected: { on?: string; quantity: string }[];
  channels: ArticleChannel[];
}

export interface ArticleChannel {
  channel: string;
  level?: string;
  mode?: string;
  shelf?: string;
  shelfVersion?: number;
  shelfAt?: string;
  /** The shop would not take the newest write. */
  refused?: { reason: string; text?: string; at: string };
  listed?: boolean;
  /** What the warehouse answered to this channel's article data. */
  data?: { answer: string; text?: string };
}

export interface Overview {
  states: Record<string, number>;
  /** Back-ordered orders that were told a day which does not hold, and no other one is known. */
  lateBackOrders: number;
  channels: { code: string; name?: string; kind: string; lastAt?: string; lastType?: string }[];
}

/** What a service says of itself. With `problem` it said nothing, and why. */
export interface ServiceNow {
  service: string;
  problem?: string;
  ready?: boolean;
  faults: string[];
  parked?: number;
  /** Orders of its shop that a channel could not take, and calls that its shop refused. */
  onLists?: number;
  /** What its shop lets fail again and again, or what a person should do about the warehouse, in sentences. */
  failing?: string[];
}

export interface ParkedMessage {
  id: string;
  type?: string;
  key?: string;
  code: string;
  reason: string;
  parkedAt: string;
  /** Later messages of the same key that wait behind it. */
  behind?: number;
}

export interface ParkedAt {
  service: string;
  problem?: string;
  messages: ParkedMessage[];
}

/** A stock reading that the gateway holds, as it would do much harm were it wrong; `open` where none is. */
export interface StockGate {
  state: 'open' | 'waiting' | 'differs' | 'accepted' | 'discarded';
  doubt?: 'zeroed' | 'page-missing' | 'list-shrunk';
  heldAt?: string;
  secondReadAt?: string;
  count: number;
  articles: { article: string; sellable: string; sellableBefore: string; status: string; differs: boolean }[];
}

/** Orders that were promised pieces which have vanished since. */
export interface AtRisk {
  orders: { number: string; channel: string; article: string; wanted: string; missing: string }[];
}

/** What shops that nobody hears of can still sell without asking. */
export interface SilentLeases {
  channels: { channel: string; articles: number; pieces: string }[];
}

/** Stock that a person has to look at; with `problem`, its owner could not be asked. */
export interface StockNow {
  gate: StockGate | { problem: string };
  atRisk: AtRisk | { problem: string };
  silent: SilentLeases | { problem: string };
}

/** An order in the warehouse that no channel sent. */
export interface ForeignOrder {
  number: string;
  wmsOrderId: number;
  type?: string;
  firstSeen: string;
  lastSeen: string;
}

/** A call to a shop that has not succeeded yet; `parked` when the shop refused it. */
export interface OpenCall {
  id: string;
  kind: string;
  state: 'waiting' | 'parked';
  tries: number;
  reason?: string;
  createdAt: string;
  number?: string;
  shopNumber: string;
}

export interface UnreadableOrder {
  id: string;
  number?: string;
  shopNumber: string;
  reason: string;
  since?: string;
}

export interface ChannelLists {
  service: string;
  problem?: string;
  orders: UnreadableOrder[];
  calls: OpenCall[];
}

/** What a channel still has to tell its shop about one order. */
export interface ToldNow {
  problem?: string;
  calls: OpenCall[];
}

/** A purchase order or a return. */
export interface InboundRow {
  kind: string;
  number: string;
  channel: string;
  state: string;
  firstAt: string;
  lastAt: string;
}

export interface InboundDetail extends InboundRow {
  events: TimelineEvent[];
}

/** Something that does not fit in an article's data; `channel` is empty for the warehouse. */
export interface ArticleFinding {
  article: string;
  kind: string;
  channel: string;
  text: string;
  remedy: string;
  since: string;
}

export interface Catalogue {
  /** A note needs nobody. */
  counts: { kind: string; count: number; what: 'act' | 'note' }[];
  findings: ArticleFinding[];
}

/** Whose each member of an article is, and who says what. */
export interface ArticleData {
  article: string;
  fields: {
    field: string;
    owner?: string | undefined;
    said?: unknown;
    there?: unknown;
    others: { channel: string; says?: unknown }[];
  }[];
  findings: ArticleFinding[];
}
