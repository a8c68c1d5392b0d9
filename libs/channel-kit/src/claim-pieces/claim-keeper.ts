import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { Log, Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { ChannelConfig } from '../channel.ts';
import { OrderFeed } from '../import-orders/order-feed.ts';
import type { Shop } from '../shop.ts';
import { Loop } from '../take-turns/loop.ts';
import { Moments } from '../take-turns/moments.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SETTINGS, SHOP } from '../tokens.ts';

const LOOK_EVERY_MS = 60_000;
const AT_ONCE = 50;
/** Beside the declared lag, for clocks and transactions that are a little late. */
const MARGIN_MS = 1_000;

/**
 * A confirmed claim does not expire, because its buyer may have paid. Where no order of it has come although the shop's
 * feed was read past the end of the checkout, none will: its pieces are given back.
 */
@Injectable()
export class ClaimKeeper {
  private readonly loop: Loop;
  private readonly released;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(SETTINGS) private readonly config: ChannelConfig,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly database: DataSource,
    private readonly turns: Turns,
    private readonly moments: Moments,
    private readonly log: Log,
    feed: OrderFeed,
    metrics: Metrics,
  ) {
    this.released = metrics.counter(
      'samlast_claims_without_order_total',
      'Confirmed claims whose order never came',
      [],
    );
    this.loop = new Loop({ name: 'claims', pauseMs: LOOK_EVERY_MS, log, turn: () => this.look() });
    turns.add(this.loop);
    feed.onRead(() => this.loop.wake());
  }

  /** From now on its order is waited for, until the shop's feed has been read past the end of the checkout. */
  async remember(key: string, checkoutEndsInS: number): Promise<void> {
    const now = await this.moments.next();
    await this.database.query(
      `INSERT INTO claims (key, ends_at) VALUES ($1, $3::timestamptz + make_interval(secs => $2))
       ON CONFLICT (key) DO UPDATE SET ends_at = greatest(claims.ends_at, excluded.ends_at)`,
      [key, checkoutEndsInS, now],
    );
  }

  private async look(): Promise<boolean> {
    if (!this.turns.active) return false;
    const due = (await this.database.query(
      `SELECT key FROM claims WHERE state = 'confirmed'
         AND ends_at < (SELECT read_started_at - make_interval(secs => $1 / 1000.0) FROM feed) ORDER BY ends_at LIMIT $2`,
      [this.shop.features.feedLagMs + MARGIN_MS, AT_ONCE],
    )) as { key: string }[];
    for (const { key } of due) await this.release(key);
    return due.length === AT_ONCE;
  }

  private async release(key: string): Promise<void> {
    const { AUTHORITY_URL, AUTHORITY_TOKEN, CLAIM_WITHIN_MS } = this.config;
    const path = `/claims/${encodeURIComponent(key)}?channel=${this.channel.code}`;
    const response = await fetch(AUTHORITY_URL.replace(/\/*$/, '') + path, {
      method: 'DELETE',
      redirect: 'error',
      signal: AbortSignal.timeout(CLAIM_WITHIN_MS),
      headers: AUTHORITY_TOKEN ? { authorization: `Bearer ${AUTHORITY_TOKEN}` } : {},
    });
    // A claim that the authority does not know holds nothing.
    if (!response.ok && response.status !== 404)
      throw new Error(`the stock authority answered ${response.status} to the release of a claim`);
    await this.database.query(`UPDATE claims SET state = 'released' WHERE key = $1 AND state = 'confirmed'`, [
      key,
    ]);
    this.released.inc({});
    this.log.info('a confirmed claim was released, since its order never came', {
      channel: this.channel.code,
    });
  }
}
