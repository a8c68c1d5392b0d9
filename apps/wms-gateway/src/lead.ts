import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import { CheckArticles } from './check-articles/check-articles.ts';
import type { Config } from './config.ts';
import { InboundFeed } from './follow-inbound/inbound-feed.ts';
import { OrderFeed } from './follow-orders/order-feed.ts';
import { WebhookGaps } from './receive-webhooks/gaps.ts';
import { ReportNumbers } from './report-numbers/report-numbers.ts';
import { Leadership, type Term } from './leadership.ts';
import { Wake } from './wake.ts';
import { StockFeed } from './watch-stock/stock-feed.ts';
import { WriteParts } from './write-queue/write-parts.ts';
import { WriteTerm } from './write-queue/write-term.ts';

const TIDY_MS = 60_000;

/** Takes the lease when it is free, and does what only its holder does: writing, and reading the feeds. */
@Injectable()
export class Lead implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly leadership: Leadership,
    private readonly database: DataSource,
    private readonly writing: WriteParts,
    private readonly orderFeed: OrderFeed,
    private readonly stockFeed: StockFeed,
    private readonly inboundFeed: InboundFeed,
    private readonly checkArticles: CheckArticles,
    private readonly gaps: WebhookGaps,
    private readonly reported: ReportNumbers,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Before connections are closed, so that the write under way still gets its answer. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      try {
        const term = await this.leadership.take();
        // Told to stop while the lease was being taken: nothing would end this term any more.
        if (term && signal.aborted) await this.leadership.release(term);
        else if (term) await this.serve(term);
      } catch (error) {
        this.log.warn('the lease of the writer could not be asked for, it is tried again', { error });
      }
      await new Wake().wait(this.config.QUEUE_POLL_MS, signal);
    }
  }

  private async serve(term: Term): Promise<void> {
    this.log.info('this process writes to Ongoing', { version: term.epoch });
    const stop = () => term.end();
    this.stop.signal.addEventListener('abort', stop, { once: true });
    const parts = [
      this.keepLease(term),
      this.keepTidy(term),
      new WriteTerm(this.writing, term).run(),
      this.orderFeed.serve(term),
      this.stockFeed.serve(term),
      this.inboundFeed.serve(term),
      this.reported.serve(term),
      this.checkArticles.serve(term),
    ];
    try {
      // One that fails ends the term for all; the next term begins with nothing but what the database
      // knows.
      await Promise.all(parts);
    } finally {
      term.end();
      await Promise.allSettled(parts);
      this.stop.signal.removeEventListener('abort', stop);
      this.log.info('this process no longer writes to Ongoing', { version: term.epoch });
      await this.leadership.release(term).catch(() => undefined);
    }
  }

  /** A lease that cannot be renewed in time runs out: no request starts any more, and others take over. */
  private async keepLease(term: Term): Promise<void> {
    const pause = new Wake();
    while (!term.ended.aborted) {
      await pause.wait(this.config.LEASE_MS / 4, term.ended);
      if (term.ended.aborted) return;
      try {
        if (!(await this.leadership.renew(term))) term.end();
      } catch (error) {
        this.log.warn('the lease of the writer could not be renewed, it is tried again', { error });
      }
    }
  }

  private async keepTidy(term: Term): Promise<void> {
    const pause = new Wake();
    while (!term.ended.aborted) {
      try {
        await this.writing.queue.forget(2 * this.config.READ_TIMEOUT_MS + this.config.WMS_SETTLE_MS);
        // Ongoing retries a webhook for one day.
        await this.database.query(
          `DELETE FROM webhook_events WHERE received_at < now() - interval '26 hours'`,
        );
        await this.gaps.count();
        // As long as the bus keeps an order; a person who has not decided by then finds it in its shop.
        await this.database.query(
          `UPDATE orders SET refused_order = NULL
           WHERE state = 'refused' AND refused_order IS NOT NULL AND updated_at < now() - interval '35 days'`,
        );
        await this.database.query(
          `UPDATE inbound SET refused_write = NULL, waits_for = '{}'
           WHERE refused_write IS NOT NULL AND updated_at < now() - interval '35 days'`,
        );
      } catch (error) {
        this.log.debug('what is no longer needed could not be removed, it is tried again', { error });
      }
      await pause.wait(TIDY_MS, term.ended);
    }
  }
}
