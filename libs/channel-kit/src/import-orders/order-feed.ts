import { Inject, Injectable } from '@nestjs/common';
import { type Channel, fitText } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { ChannelConfig } from '../channel.ts';
import type { FeedPosition, ReadOrder, Shop } from '../shop.ts';
import { ShopUnavailable } from '../shop-errors.ts';
import type { OrderHint } from '../shop-webhook.ts';
import { Loop } from '../take-turns/loop.ts';
import { Moments } from '../take-turns/moments.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SETTINGS, SHOP } from '../tokens.ts';
import { endFeedRead, type Feed, type FeedMove, findFeed, moveFeed } from './feed-book.ts';
import { back, earlierOf, notBeyond } from './feed-position.ts';
import type { ImportRules } from './import.ts';
import { recordOrders } from './order-book.ts';

/** Beside the declared lag, for clocks and transactions that are a little late. */
const MARGIN_MS = 1_000;
/** At many sales a second several are read at once. */
const APART_MS = 40;
const HINTS_MOST = 1_000;
const HINT_TRIES = 3;

/**
 * Reads the shop's changed orders: often and a little back, now and then far back. A webhook only makes it read
 * sooner; an order that it named and that the feed did not show is read by itself.
 */
@Injectable()
export class OrderFeed {
  private readonly loop: Loop;
  private readonly hints = new Map<string, { hint: OrderHint; tries: number }>();
  private readonly listeners: (() => void)[] = [];
  private readonly rules: ImportRules;
  private readAgainAtMs = 0;
  /** Where the last complete read began: what became visible behind its pages is behind where it ended. */
  private readFrom?: FeedPosition;
  private readonly imported;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(SETTINGS) private readonly config: ChannelConfig,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: Turns,
    private readonly moments: Moments,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.rules = { channel, restocksCancelled: shop.features.restocksCancelled };
    this.imported = metrics.counter('samlast_orders_read_total', 'Orders by what became of them', ['state']);
    const turn = () => this.readFeed();
    this.loop = new Loop({ name: 'orders', pauseMs: config.POLL_MS, apartMs: APART_MS, log, turn });
    turns.add(this.loop);
  }

  /** Reads now; with hints those orders in any case. */
  wake(hints: readonly OrderHint[] = []): void {
    for (const hint of hints) if (this.hints.size < HINTS_MOST) this.hints.set(hint.id, { hint, tries: 0 });
    this.loop.wake();
  }

  /** Calls back after each complete read of the feed. */
  onRead(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Reads one order anew, such as one that a person has corrected. Undefined when the shop has it no more. */
  async readOrder(id: string, hint?: OrderHint): Promise<ReadOrder | undefined> {
    const read = await this.shop.order(id, hint);
    if (read) await this.record([read]);
    return read;
  }

  private async readFeed(): Promise<boolean> {
    if (!this.turns.active) return false;
    const hints = [...this.hints.values()];
    const startedAt = await this.moments.next();
    const found = await findFeed(this.database, firstPosition(this.channel, startedAt));
    const feed = { ...found, position: notBeyond(found.position, startedAt) };
    const deep = performance.now() >= this.readAgainAtMs;
    const seen = await this.readPages(feed, startedAt, deep);
    if (!seen) return true;
    this.readFrom = feed.position;
    if (deep) this.readAgainAtMs = performance.now() + this.config.OVERLAP_MS / 5;
    await endFeedRead(this.database, feed.edition, startedAt);
    for (const listener of this.listeners) listener();
    await this.readHinted(hints, seen);
    return this.hints.size > 0;
  }

  /** A hint is not the truth: what it named comes by the feed anyway, if it is there. */
  private async readHinted(
    hints: readonly { hint: OrderHint; tries: number }[],
    seen: ReadonlySet<string>,
  ): Promise<void> {
    for (const { hint, tries } of hints) {
      this.hints.delete(hint.id);
      try {
        if (!seen.has(hint.id)) await this.readOrder(hint.id, hint);
      } catch (error) {
        this.log.warn('an order that a webhook named cannot be read', { id: fitText(hint.id, 100), error });
        const again = error instanceof ShopUnavailable && tries < HINT_TRIES - 1;
        if (again) this.hints.set(hint.id, { hint, tries: tries + 1 });
      }
    }
  }

  /** The ids of the orders that counted; undefined when the cursor was set by a person meanwhile. */
  private async readPages(feed: Feed, startedAt: Date, deep: boolean): Promise<Set<string> | undefined> {
    const backMs = deep ? this.config.OVERLAP_MS : 0;
    const from = back(
      earlierOf(feed.position, this.readFrom),
      this.shop.features.feedLagMs + MARGIN_MS + backMs,
    );
    const seen = new Set<string>();
    for await (const page of this.shop.changedOrders(from)) {
      if (page.orders.length === 0) continue;
      const to = notBeyond(page.readTo, startedAt);
      const moved = await this.record(page.orders, { edition: feed.edition, to, startedAt });
      if (!moved) return undefined;
      for (const read of page.orders) {
        if (!('state' in read) || read.state !== 'not-yet') seen.add(read.id);
      }
    }
    return seen;
  }

  private async record(reads: readonly ReadOrder[], move?: FeedMove): Promise<boolean> {
    const { counts, moved } = await this.unitOfWork.run(async (tx) => {
      if (move && !(await moveFeed(tx, move))) return { events: [], answer: { counts: {}, moved: false } };
      const page = await recordOrders(tx, reads, this.rules);
      return { events: page.events, answer: { counts: page.counts, moved: true } };
    });
    for (const [state, count] of Object.entries(counts)) {
      this.imported.inc({ state }, count);
      this.log.info('orders read', { channel: this.channel.code, kind: state, count });
    }
    return moved;
  }
}

/** A new channel begins with what changes from its start on; one whose start is to come begins now. */
function firstPosition(channel: Channel, now: Date): string {
  return new Date(Math.min(Date.parse(channel.startAt), now.getTime())).toISOString();
}
