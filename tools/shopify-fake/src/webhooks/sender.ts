import { createHmac, randomUUID } from 'node:crypto';
import type { Faults } from '../faults.ts';
import type { Subscription } from '../shop/model.ts';
import type { Happening, World } from '../shop/world.ts';

const TIMEOUT_MS = 5_000;
const TRIES_MOST = 9;
const FAILURES_MOST = 8;

export interface SenderSettings {
  readonly secret: string;
  readonly apiVersion: string;
  /** Before the first retry; each further one waits twice as long. 56 s makes eight of them in four hours. */
  readonly retryMs: number;
}

/** What each delivery carries, for whoever wants to make one. */
export function deliveryOf(
  { topic, body, domain, triggeredAt, webhookId, eventId }: Delivery,
  { secret, apiVersion }: Pick<SenderSettings, 'secret' | 'apiVersion'>,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    'x-shopify-shop-domain': domain,
    'x-shopify-api-version': apiVersion,
    'x-shopify-webhook-id': webhookId,
    'x-shopify-event-id': eventId,
    'x-shopify-triggered-at': triggeredAt,
  };
}

export interface Delivery {
  readonly topic: string;
  readonly body: string;
  readonly domain: string;
  readonly triggeredAt: string;
  readonly webhookId: string;
  readonly eventId: string;
}

/** Tells subscribers of what happened: at least once, in no order, for four hours, and then no more. */
export class WebhookSender {
  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly settings: SenderSettings,
  ) {}

  listen(): void {
    this.world.happenings.on('happened', (happening) => this.tell(happening));
  }

  private tell({ topic, payload }: Happening): void {
    const eventId = randomUUID();
    const triggeredAt = new Date().toISOString();
    for (const subscription of this.world.subscriptions.values()) {
      if (subscription.topic !== topic) continue;
      if (this.faults.strikes('loseWebhooks')) continue;
      const body = JSON.stringify(payload);
      const { domain } = this.world;
      const delivery = { topic, body, domain, triggeredAt, webhookId: randomUUID(), eventId };
      const copies = this.faults.strikes('duplicateWebhooks') ? 2 : 1;
      for (let copy = 0; copy < copies; copy++)
        this.world.later(this.faults.webhookDelayMs(), () => void this.send(subscription, delivery, 1));
    }
  }

  private async send(subscription: Subscription, delivery: Delivery, attempt: number): Promise<void> {
    if (!this.world.subscriptions.has(subscription.id)) return;
    const { body } = delivery;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = deliveryOf(delivery, this.settings);
    const answer = await fetch(subscription.uri, {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'manual',
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) {
      subscription.failures = 0;
      return;
    }
    subscription.failures++;
    if (subscription.failures >= FAILURES_MOST) this.world.subscriptions.delete(subscription.id);
    else if (attempt < TRIES_MOST) {
      const pause = this.settings.retryMs * 2 ** (attempt - 1);
      this.world.later(pause, () => void this.send(subscription, delivery, attempt + 1));
    }
  }
}
