import type { Topic } from './event.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function topic(name: string, settings: Partial<Topic> = {}): Topic {
  return {
    name,
    owner: name.slice(0, name.indexOf('.')) as Topic['owner'],
    partitions: 6,
    cleanup: 'delete',
    retentionMs: 35 * DAY_MS,
    maxMessageBytes: 1_000_000,
    ...settings,
  };
}

/** Orders as the shops have them; key: order number. */
export const ChannelOrders = topic('channel.orders.v1');
/** Purchase orders as the ERP has them; key: purchase order number. */
export const ChannelPurchaseOrders = topic('channel.purchase-orders.v1');
/** Returns that shops announce; key: return number. */
export const ChannelReturns = topic('channel.returns.v1');
/** Article data and listings; key: article number. */
export const ChannelArticles = topic('channel.articles.v1');
/** What was written to shops' shelves; key: channel and article. */
export const ChannelShelves = topic('channel.shelves.v1');
/** What the stock authority decided about orders; key: order number. */
export const StockOrders = topic('stock.orders.v1');
/** What each channel may show, newest version per article; key: article number. */
export const StockLevels = topic('stock.levels.v1', { cleanup: 'compact' });
/** What the warehouse did with orders; key: order number. */
export const WmsOrders = topic('wms.orders.v1');
/** What the warehouse did with purchase orders; key: purchase order number. */
export const WmsPurchaseOrders = topic('wms.purchase-orders.v1');
/** What became of announced returns; what came back is told of the order. Key: return number. */
export const WmsReturns = topic('wms.returns.v1');
/** What became of article data that was sent to the warehouse; key: article number. */
export const WmsArticles = topic('wms.articles.v1');
/** What the warehouse has, and how much of each order it has taken; key: article number. */
export const WmsStock = topic('wms.stock.v1');

/** All topics that services share. Each consumer group has a dead-letter topic beside them, see `deadLetterTopic`. */
export const topics: readonly Topic[] = [
  ChannelOrders,
  ChannelPurchaseOrders,
  ChannelReturns,
  ChannelArticles,
  ChannelShelves,
  StockOrders,
  StockLevels,
  WmsOrders,
  WmsPurchaseOrders,
  WmsReturns,
  WmsArticles,
  WmsStock,
];

/** Where a consumer group's parked messages are copied to; the group's own table is what counts. */
export function deadLetterTopic(group: string): Topic {
  return topic(`${group}.dead.v1`, { owner: 'service' });
}
