import { Module } from '@nestjs/common';
import { Cursors } from './cursors.ts';
import { ApplyPurchases } from './follow-inbound/apply-purchases.ts';
import { ApplyReturns } from './follow-inbound/apply-returns.ts';
import { ExpectedGoods } from './follow-inbound/expected-goods.ts';
import { InboundFeed } from './follow-inbound/inbound-feed.ts';
import { ApplyOrders } from './follow-orders/apply-orders.ts';
import { FollowHints } from './follow-orders/follow-hints.ts';
import { ForeignOrders } from './follow-orders/foreign-orders.ts';
import { Hints } from './follow-orders/hints.ts';
import { OrderFeed } from './follow-orders/order-feed.ts';
import { SplitOrders } from './follow-orders/split-orders.ts';
import { WebhooksController } from './follow-orders/webhooks.controller.ts';
import { Lead } from './lead.ts';
import { Leadership } from './leadership.ts';
import { OddAnswers } from './odd-answers.ts';
import { Ongoing } from './ongoing.ts';
import { OperateController } from './operate/operate.controller.ts';
import { StockGateController } from './operate/stock-gate.controller.ts';
import { PublishArticles } from './publish-articles/publish-articles.handler.ts';
import { SendArticle } from './publish-articles/send-article.ts';
import { InboundOutcomes } from './push-inbound/inbound-outcomes.ts';
import { InboundRegistry } from './push-inbound/inbound-registry.ts';
import { PushPurchaseOrders } from './push-inbound/push-purchase-orders.handler.ts';
import { PushReturns } from './push-inbound/push-returns.handler.ts';
import { QueueInbound } from './push-inbound/queue-inbound.ts';
import { SendInbound } from './push-inbound/send-inbound.ts';
import { SendPurchaseOrder } from './push-inbound/send-purchase-order.ts';
import { SendReturn } from './push-inbound/send-return.ts';
import { OrderOutcomes } from './push-orders/order-outcomes.ts';
import { OrderRegistry } from './push-orders/order-registry.ts';
import { PushOrders } from './push-orders/push-orders.handler.ts';
import { SendOrder } from './push-orders/send-order.ts';
import { Reachability } from './reachability.ts';
import { Signals } from './signals.ts';
import { Steps } from './steps.ts';
import { ArticleFigures } from './watch-stock/article-figures.ts';
import { HeldReads } from './watch-stock/held-reads.ts';
import { OwnPieces } from './watch-stock/own-pieces.ts';
import { PublishRead } from './watch-stock/publish-read.ts';
import { StockFeed } from './watch-stock/stock-feed.ts';
import { StockGate } from './watch-stock/stock-gate.ts';
import { WriteQueue } from './write-queue/write-queue.ts';
import { WriteParts } from './write-queue/write-parts.ts';

/**
 * Who may write, and writing: order.accepted, line.accepted, order.cancelled, order.refused,
 * article.accepted.
 */
const writing = [
  Leadership,
  Lead,
  WriteQueue,
  WriteParts,
  SendOrder,
  OrderOutcomes,
  OrderRegistry,
  SendArticle,
];
/** What the warehouse does with orders: order.status-changed, .shipped, .cancelled, .edited, .split. */
const following = [OrderFeed, Hints, FollowHints, ApplyOrders, ForeignOrders, SplitOrders];
/** What is announced to come in, and what came: purchase-order.*, return.*, order.returned, stock.expected. */
const inbound = [
  QueueInbound,
  InboundRegistry,
  SendInbound,
  SendPurchaseOrder,
  SendReturn,
  InboundOutcomes,
  InboundFeed,
  ApplyPurchases,
  ApplyReturns,
  ExpectedGoods,
];
/** What the warehouse has: stock.observed. */
const watching = [StockFeed, StockGate, HeldReads, OwnPieces, PublishRead, ArticleFigures, Steps];

/**
 * The table of contents.
 */
@Module({
  controllers: [
    PushOrders, // stock.orders → the queue to Ongoing; order.cancelled, order.cancel-refused, order.refused
    PublishArticles, // channel.articles → the queue to Ongoing; article.refused
    PushPurchaseOrders, // channel.purchase-orders → the queue to Ongoing; purchase-order.cancelled, .refused
    PushReturns, // channel.returns → the queue to Ongoing; return.cancelled, .refused
    WebhooksController, // POST /webhooks/ongoing
    OperateController, // /ops/queue, /ops/orders, /ops/refused-orders, /ops/foreign-orders
    StockGateController, // /ops/stock-gate
  ],
  providers: [
    ...writing,
    ...following,
    ...inbound,
    ...watching,
    Ongoing,
    OddAnswers,
    Reachability,
    Cursors,
    Signals,
  ],
})
export class WmsGatewayModule {}
