import type { GoodsOwner } from '../rest/route.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { headersOf, type Hook } from './hook.ts';
import { payloadOf, statusOf, subjectOf, type Payload, type Told } from './payload.ts';

const MINUTE_MS = 60_000;
/** Waits after the first failures; every further one waits as long as the last, until a day has passed. */
const RETRY_AFTER_MS = [1, 5, 15, 30, 120].map((minutes) => minutes * MINUTE_MS);
const RETRY_AGE_MAX_MS = 24 * 60 * MINUTE_MS;
const LOG_LENGTH_MAX = 1000;

interface Delivery {
  hook: Hook;
  payload: Payload;
  /** From 1. */
  attempt: number;
  firstAt: number;
  dueAt: number;
}

/** One try to deliver, or one that the knobs lost on the way. */
export interface DeliveryReport {
  eventId: number;
  template: string;
  /** The number of the order, of the purchase order or of the article. */
  order: string;
  /** Of an order or a purchase order. */
  status?: number;
  url: string;
  attempt: number;
  at: string;
  /** The answer's status; `failed` without an answer; `lost` where it was never sent. */
  result: number | 'failed' | 'lost';
}

export interface WebhooksState {
  hooks: Hook[];
  pending: Delivery[];
}

/** Tells the URLs that are set up what happens to orders, of every channel, on the simulated clock. */
export class Webhooks {
  hooks: Hook[] = [];
  log: DeliveryReport[] = [];
  private readonly pending = new Set<Delivery>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly goodsOwner: GoodsOwner,
    private readonly system: string,
  ) {
    const announce = (event: Told) => this.announce(event);
    warehouse.orders.happenings.on(announce);
    warehouse.purchaseOrders.happenings.on(announce);
    warehouse.articles.happenings.on(announce);
  }

  save(): WebhooksState {
    return { hooks: this.hooks, pending: [...this.pending] };
  }

  /** The clock must have forgotten its tasks before. */
  load(state: WebhooksState | undefined): void {
    this.hooks = state?.hooks ?? [];
    this.log = [];
    this.pending.clear();
    for (const delivery of state?.pending ?? []) this.enqueue(delivery);
  }

  /** Breaks off what is under way. Save before: what was pending is forgotten here. */
  stop(): void {
    this.pending.clear();
    this.stopping.abort();
  }

  private announce(event: Told): void {
    const { ground } = this.warehouse;
    const { knobs, chance, clock } = ground;
    for (const hook of this.hooks) {
      if (!hook.enabled || !hook.events.includes(event.kind)) continue;
      const status = statusOf(event);
      if (status !== undefined && hook.statuses && !hook.statuses.includes(status)) continue;
      const payload = payloadOf(ground, this.system, this.goodsOwner, event);
      const copies = chance.hits(knobs.webhookDuplicateRate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const dueAt = clock.now() + (knobs.webhookDelayMs > 0 ? chance.next() * knobs.webhookDelayMs : 0);
        const delivery = { hook, payload, attempt: 1, firstAt: clock.now(), dueAt };
        if (chance.hits(knobs.webhookLossRate)) this.report(delivery, 'lost');
        else this.enqueue(delivery);
      }
    }
  }

  private enqueue(delivery: Delivery): void {
    const { clock } = this.warehouse.ground;
    this.pending.add(delivery);
    const send = () => void this.send(delivery);
    // At once also when the clock stands still; but never within the change that is being told.
    if (delivery.dueAt <= clock.now()) setImmediate(send);
    else clock.schedule(delivery.dueAt, send);
  }

  private async send(delivery: Delivery): Promise<void> {
    if (!this.pending.has(delivery)) return;
    const result = await this.post(delivery);
    if (!this.pending.delete(delivery)) return;
    this.report(delivery, result);
    if (typeof result === 'number' && result >= 200 && result < 300) return;
    if (delivery.hook.retry === 'one-day') this.retry(delivery);
  }

  private async post({ hook, payload }: Delivery): Promise<number | 'failed'> {
    try {
      const response = await fetch(hook.url, {
        method: 'POST',
        headers: headersOf(hook),
        body: JSON.stringify(payload),
        redirect: 'manual',
        signal: AbortSignal.any([
          AbortSignal.timeout(this.warehouse.ground.knobs.webhookTimeoutMs),
          this.stopping.signal,
        ]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 'failed';
    }
  }

  /** The same event again, with the same id and the same timestamp. */
  private retry(delivery: Delivery): void {
    const waitMs = RETRY_AFTER_MS[Math.min(delivery.attempt, RETRY_AFTER_MS.length) - 1] ?? 0;
    const dueAt = this.warehouse.ground.clock.now() + waitMs;
    if (dueAt - delivery.firstAt > RETRY_AGE_MAX_MS) return;
    this.enqueue({ ...delivery, attempt: delivery.attempt + 1, dueAt });
  }

  private report({ hook, payload, attempt }: Delivery, result: DeliveryReport['result']): void {
    this.log.push({
      eventId: payload.webhookEventId,
      template: payload.webhookTemplate,
      ...subjectOf(payload),
      url: hook.url,
      attempt,
      at: new Date(this.warehouse.ground.clock.now()).toISOString(),
      result,
    });
    if (this.log.length > LOG_LENGTH_MAX) this.log.shift();
  }
}
