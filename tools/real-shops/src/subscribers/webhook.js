// Medusa has no outgoing webhooks, so the shop carries this subscriber: it posts each event, signed after Standard
// Webhooks. An event carries only ids. It is sent once: what the receiver misses, it has to find by polling.
const { createHmac, randomUUID } = require('node:crypto');

const url = process.env.SHOP_WEBHOOK_URL;
const secret = process.env.SHOP_WEBHOOK_SECRET ?? '';

exports.default = async function webhook({ event }) {
  if (!url) return;
  const at = new Date();
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const body = JSON.stringify({ type: event.name, timestamp: at.toISOString(), data: event.data });
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`The webhook ${event.name} was answered with ${response.status}.`);
};

exports.config = {
  event: [
    'order.placed',
    'order.updated',
    'order.canceled',
    'order.completed',
    'order.fulfillment_created',
    'order.fulfillment_canceled',
    'shipment.created',
    'delivery.created',
    'order.return_requested',
    'order.return_received',
    'product-variant.created',
    'product-variant.updated',
  ],
};
