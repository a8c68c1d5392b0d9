import type { Knobs } from '../knobs.ts';
import { headersOf } from './sign.ts';
import type { Delivery, Topic, Webhook } from './webhook.ts';

const TIMEOUT_MS = 60_000;
/** In a row; then the webhook is switched off and nobody is told. */
const FAILURES_MOST = 5;
const LOG_MOST = 1000;

export interface WebhooksOptions {
  readonly nextId: () => number;
  readonly source: () => string;
  readonly knobs: Knobs;
  /** The resource as it is when it is sent, undefined when it is gone. */
  readonly payload: (topic: Topic, id: number) => object | undefined;
}

/** Tells integrations of changes: later, in no order, once, and never again where that failed. */
export class Webhooks {
  readonly list: Webhook[] = [];
  readonly log: Delivery[] = [];
  private readonly stopping = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: WebhooksOptions) {}

  create(given: Pick<Webhook, 'topic' | 'url' | 'secret' | 'status'>): Webhook {
    const webhook: Webhook = { ...given, id: this.options.nextId(), created: Date.now(), failures: 0 };
    this.list.push(webhook);
    if (webhook.status === 'active') void this.ping(webhook);
    return webhook;
  }

  /** Switching one on again forgets what failed. */
  setStatus(webhook: Webhook, status: Webhook['status']): void {
    webhook.status = status;
    if (status === 'active') webhook.failures = 0;
  }

  announce(topic: Topic, id: number): void {
    const { knobs } = this.options;
    for (const webhook of this.list) {
      if (webhook.topic !== topic || webhook.status !== 'active') continue;
      if (Math.random() < knobs.webhookLossRate) {
        this.record({ webhook: webhook.id, topic, resource: id, deliveryId: '', result: 'lost' });
        continue;
      }
      const copies = Math.random() < knobs.webhookDuplicateRate ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) this.later(() => this.deliver(webhook, id));
    }
  }

  stop(): void {
    this.stopping.abort();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private later(work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void work();
    }, Math.random() * this.options.knobs.webhookDelayMs);
    this.timers.add(timer);
  }

  /** Sent when it is made: a form, without a signature. */
  private async ping(webhook: Webhook): Promise<void> {
    webhook.ping = await this.post(
      webhook.url,
      { 'content-type': 'application/x-www-form-urlencoded' },
      `webhook_id=${webhook.id}`,
    );
  }

  private async deliver(webhook: Webhook, id: number): Promise<void> {
    const { topic, secret } = webhook;
    if (webhook.status !== 'active') return;
    const payload = this.options.payload(topic, id);
    if (!payload) return;
    const body = JSON.stringify(payload);
    const at = Date.now();
    const headers = headersOf(
      { topic, webhook: webhook.id, at, source: this.options.source() },
      secret,
      body,
    );
    const result = await this.post(webhook.url, headers, body);
    const deliveryId = headers['x-wc-webhook-delivery-id'] ?? '';
    this.record({ webhook: webhook.id, topic, resource: id, deliveryId, result });
    const isGood =
      typeof result === 'number' && ((result >= 200 && result < 300) || [301, 302].includes(result));
    webhook.failures = isGood ? 0 : webhook.failures + 1;
    if (webhook.failures >= FAILURES_MOST) webhook.status = 'disabled';
  }

  private async post(url: string, headers: Record<string, string>, body: string): Promise<number | 'failed'> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.stopping.signal]);
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 'failed';
    }
  }

  private record(delivery: Delivery): void {
    this.log.push(delivery);
    if (this.log.length > LOG_MOST) this.log.shift();
  }
}
