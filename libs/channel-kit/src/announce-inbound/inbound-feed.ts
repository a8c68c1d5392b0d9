import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Log, Metrics } from '@samlast/service';
import type { ChannelConfig } from '../channel.ts';
import { back, notBeyond } from '../import-orders/feed-position.ts';
import type { Shop } from '../shop.ts';
import { Loop } from '../take-turns/loop.ts';
import { Moments } from '../take-turns/moments.ts';
import { Turns } from '../take-turns/turns.ts';
import { CHANNEL, SETTINGS, SHOP } from '../tokens.ts';
import type { InboundAccess, InboundKind } from './inbound.ts';
import { findInboundFeed, moveInboundFeed, recordInbound } from './inbound-book.ts';

/** Beside the declared lag, for clocks and transactions that are a little late. */
const MARGIN_MS = 1_000;

/** Reads what the system announces to come in: often and a little back, now and then far back. */
@Injectable()
export class InboundFeed {
  private readonly loop: Loop | undefined;
  private readonly sources: (readonly [InboundKind, InboundAccess])[];
  private readonly announced;
  private readAgainAtMs = 0;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(SETTINGS) private readonly config: ChannelConfig,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: Turns,
    private readonly moments: Moments,
    log: Log,
    metrics: Metrics,
  ) {
    const { purchases, returns } = shop;
    this.sources = [
      ...(purchases ? ([['purchase-order', purchases]] as const) : []),
      ...(returns ? ([['return', returns]] as const) : []),
    ];
    this.announced = metrics.counter('samlast_inbound_events_total', 'Events of announcements, by kind', [
      'kind',
    ]);
    if (this.sources.length === 0) return;
    this.loop = new Loop({ name: 'announcements', pauseMs: config.POLL_MS, log, turn: () => this.readAll() });
    turns.add(this.loop);
  }

  /** The system says that something has changed. */
  wake(): void {
    this.loop?.wake();
  }

  private async readAll(): Promise<boolean> {
    if (!this.turns.active) return false;
    const now = Date.now();
    const deep = now >= this.readAgainAtMs;
    for (const [kind, access] of this.sources) await this.read(kind, access, deep);
    if (deep) this.readAgainAtMs = now + this.config.OVERLAP_MS / 5;
    return false;
  }

  private async read(kind: InboundKind, access: InboundAccess, deep: boolean): Promise<void> {
    const { channel } = this;
    const startedAt = await this.moments.next();
    const first = new Date(Math.min(Date.parse(channel.startAt), startedAt.getTime())).toISOString();
    const position = await this.unitOfWork.run(async (tx) => ({
      events: [],
      answer: await findInboundFeed(tx, kind, first),
    }));
    const backMs = this.shop.features.feedLagMs + MARGIN_MS + (deep ? this.config.OVERLAP_MS : 0);
    for await (const page of access.changed(back(notBeyond(position, startedAt), backMs))) {
      if (page.entries.length === 0) continue;
      const count = await this.unitOfWork.run(async (tx) => {
        const events = await recordInbound(tx, page.entries, { kind, channel });
        await moveInboundFeed(tx, kind, notBeyond(page.readTo, startedAt), startedAt);
        return { events, answer: events.length };
      });
      this.announced.inc({ kind }, count);
    }
  }
}
