import { Module } from '@nestjs/common';
import { CatalogueController } from './check-articles/catalogue.controller.ts';
import { CheckArticles } from './check-articles/check-articles.ts';
import { FindingBook } from './check-articles/finding-book.ts';
import { Cursors } from './cursors.ts';
import { ApplyPurchases } from './follow-inbound/apply-purchases.ts';
import { ApplyReturns } from './follow-inbound/apply-returns.ts';
import { ExpectedGoods } from './follow-inbound/expected-goods.ts';
import { InboundFeed } from './follow-inbound/inbound-feed.ts';
import { PurchaseHints } from './follow-inbound/purchase-hints.ts';
import { ApplyOrders } from './follow-orders/apply-orders.ts';
import { FollowHints } from './follow-orders/follow-hints.ts';
import { ForeignOrders } from './follow-orders/foreign-orders.ts';
import { Hints } from './follow-orders/hints.ts';
import { OrderFeed } from './follow-orders/order-feed.ts';
import { RestingOrders } from './follow-orders/resting-orders.ts';
import { SplitOrders } from './follow-orders/split-orders.ts';
import { Lead } from './lead.ts';
import { Leadership } from './leadership.ts';
import { OddAnswers } from './odd-answers.ts';
import { Ongoing } from './ongoing.ts';
import { InboundController } from './operate/inbound.controller.ts';
import { OperateController } from './operate/operate.controller.ts';
import { StockGateController } from './operate/stock-gate.controller.ts';
import { ArticleWords } from './publish-articles/article-words.ts';
import { BookArticles } from './publish-articles/book-articles.ts';
import { CatalogueTerms } from './publish-articles/catalogue-terms.ts';
import { PublishArticles } from './publish-articles/publish-articles.handler.ts';
import { QueueArticles } from './publish-articles/queue-articles.ts';
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
import { RegistersController } from './read-registers/registers.controller.ts';
import { TenantRegisters } from './read-registers/tenant-registers.ts';
import { WebhookGaps } from './receive-webhooks/gaps.ts';
import { TlsListener } from './receive-webhooks/tls-listener.ts';
import { WebhookStateController } from './receive-webhooks/webhook-state.controller.ts';
import { WebhooksController } from './receive-webhooks/webhooks.controller.ts';
import { ReportNumbers } from './report-numbers/report-numbers.ts';
import { Reachability } from './reachability.ts';
import { Signals } from './signals.ts';
import { Steps } from './steps.ts';
import { ArticleFigures } from './watch-stock/article-figures.ts';
import { HeldReads } from './watch-stock/held-reads.ts';
import { OwnPieces } from './watch-stock/own-pieces.ts';
import { PublishRead } from './watch-stock/publish-read.ts';
import { StockFeed } from './watch-stock/stock-feed.ts';
import { StockGate } from './watch-stock/stock-gate.ts';
import { VanishedArticles } from './watch-stock/vanished.ts';
import { WriteQueue } from './write-queue/write-queue.ts';
import { WriteParts } from './write-queue/write-parts.ts';

/** Who may write, and writing: order.accepted, line.accepted, order.cancelled, order.refused. */
const writing = [Leadership, Lead, WriteQueue, WriteParts, SendOrder, OrderOutcomes, OrderRegistry];
/** Whose an article's data is, and bringing it to the WMS: article.accepted. */
const articles = [CatalogueTerms, ArticleWords, QueueArticles, BookArticles, SendArticle];
/** What does not fit in article data. */
const checking = [CheckArticles, FindingBook];
/** What the warehouse does with orders: order.status-changed, .shipped, .cancelled, .edited, .split. */
const following = [OrderFeed, RestingOrders, Hints, FollowHints, ApplyOrders, ForeignOrders, SplitOrders];
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
  PurchaseHints,
];
/** What the warehouse has: stock.observed. */
const watching = [
  StockFeed,
  StockGate,
  HeldReads,
  OwnPieces,
  PublishRead,
  VanishedArticles,
  ArticleFigures,
  Steps,
];

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
    InboundController, // /ops/inbound
    CatalogueController, // /ops/catalogue
    StockGateController, // /ops/stock-gate
    WebhookStateController, // /ops/webhooks
    RegistersController, // /ops/registers
  ],
  providers: [
    ...writing,
    ...articles,
    ...checking,
    ...following,
    ...inbound,
    ...watching,
    ReportNumbers,
    TenantRegisters,
    WebhookGaps,
    TlsListener,
    Ongoing,
    OddAnswers,
    Reachability,
    Cursors,
    Signals,
  ],
})
export class WmsGatewayModule {}
