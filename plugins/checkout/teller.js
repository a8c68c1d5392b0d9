'use strict';
const { createHmac, randomUUID } = require('node:crypto');

const TRIES_AFTER_MS = [0, 1_000, 5_000, 25_000];
const ANSWER_WITHIN_MS = 5_000;

/**
 * Tells the channel service at once what it would find by polling: ids only, signed after Standard Webhooks. What is
 * lost is found by the next poll.
 */
class Teller {
  /**
   * @param path of the webhook, such as 'vendure'
   * @param warn is told what a person should look at
   */
  constructor({ channelUrl, webhooks }, path, warn) {
    this.url = `${channelUrl}/webhooks/${path}`;
    this.key = Buffer.from(webhooks.secret.slice('whsec_'.length), 'base64');
    this.warn = warn;
  }

  async tell(type, data) {
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify({ type, data });
    for (const pauseMs of TRIES_AFTER_MS) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      if (await this.send(id, body)) return;
    }
    this.warn(`The channel took no webhook ${type}; it will find the change when it polls.`);
  }

  /** True when it was taken, or refused for good. */
  async send(id, body) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', this.key).update(`${id}.${timestamp}.${body}`).digest('base64');
    try {
      const { status } = await fetch(this.url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      if (status === 401)
        this.warn('The channel refuses the signature: is webhooks.secret its WEBHOOK_SECRET?');
      return status < 500;
    } catch {
      return false;
    }
  }
}

module.exports = { Teller };
