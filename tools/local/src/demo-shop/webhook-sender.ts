import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

const PAUSES_MS = [0, 1_000, 5_000, 30_000, 120_000];

/**
 * Sends signed webhooks as the Standard Webhooks specification says: the same id with each try, signed anew each
 * time.
 */
export class WebhookSender {
  private readonly ending = new AbortController();
  private readonly signer: Webhook;
  /** Off: nothing is sent, as by a shop whose webhooks were switched off or are lost. */
  enabled: boolean;

  constructor(
    private readonly url: string,
    secret: string,
    enabled: boolean,
  ) {
    this.signer = new Webhook(secret);
    this.enabled = enabled;
  }

  send(message: object): void {
    if (this.enabled) void this.deliver(`msg_${randomUUID()}`, JSON.stringify(message));
  }

  stop(): void {
    this.ending.abort();
  }

  private async deliver(id: string, body: string): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      try {
        await wait(pauseMs, undefined, { signal: this.ending.signal });
        const at = new Date();
        const response = await fetch(this.url, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.any([this.ending.signal, AbortSignal.timeout(15_000)]),
          headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
            'webhook-signature': this.signer.sign(id, at, body),
          },
          body,
        });
        await response.arrayBuffer();
        if (response.ok) return;
      } catch {
        if (this.ending.signal.aborted) return;
      }
    }
    // Given up, as real shops do: whoever missed it polls.
  }
}
