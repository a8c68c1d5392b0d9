import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { OngoingAnswerInvalid } from '@samlast/ongoing-client';
import { CONFIG, Log } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { ODD_TRIES } from '../odd-answers.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { WebhookGaps } from '../receive-webhooks/gaps.ts';
import { ApplyOrders } from './apply-orders.ts';
import { Hints, type Hint } from './hints.ts';

const AT_ONCE = 8;
const LEASE_MS = 2_000;
const POLL_MS = 500;

/** Fetches the orders that webhooks named. Any process does it: reads need no lease. */
@Injectable()
export class FollowHints implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly hints: Hints,
    private readonly ongoing: Ongoing,
    private readonly applyOrders: ApplyOrders,
    private readonly gaps: WebhookGaps,
    private readonly reachability: Reachability,
    private readonly signals: Signals,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { reachability, log } = this;
    const pace = { ended: this.stop.signal, reachability, log, name: 'orders of webhooks', everyMs: POLL_MS };
    this.running = repeat({ ...pace, wake: this.signals.hints }, async () => {
      while (!this.stop.signal.aborted && (await this.followSome()) === AT_ONCE);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async followSome(): Promise<number> {
    const due = await this.hints.take(AT_ONCE, Math.max(LEASE_MS, this.config.QUEUE_POLL_MS));
    await Promise.all(
      due.map(async (hint) => {
        try {
          await this.fetch(hint);
        } catch (error) {
          // One that cannot be read time and again has been named by then; polling looks at it when it changes.
          if (!(error instanceof OngoingAnswerInvalid) || hint.tries < ODD_TRIES) throw error;
        }
        await this.hints.done(hint);
      }),
    );
    return due.length;
  }

  private async fetch({ wmsOrderId }: Hint): Promise<void> {
    const started = await nextStep(this.database);
    const order = await this.ongoing.reads.getOrder(wmsOrderId);
    await this.applyOrders.apply(order ? [order] : [], started);
    const status = order?.orderInfo.orderStatus.number;
    if (status !== undefined) await this.gaps.fetched('order', { wmsId: wmsOrderId, status });
  }
}
