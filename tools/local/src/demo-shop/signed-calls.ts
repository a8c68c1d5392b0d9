import { Webhook } from 'standardwebhooks';
import type { Answer, Asked } from './server.ts';

const KEPT_MS = 15 * 60_000;

/**
 * Calls that change something prove by Standard Webhooks who makes them, beside their token. What has been done under a
 * `webhook-id` is not done again, whether its sender tries again or somebody sends a copy.
 */
export class SignedCalls {
  private readonly verifier: Webhook;
  private readonly done = new Map<string, { answer: Answer; at: number }>();

  constructor(secret: string) {
    this.verifier = new Webhook(secret);
  }

  /** @param raw the body as it came */
  take(asked: Asked, raw: Buffer, perform: () => Answer): Answer {
    if (asked.method === 'GET') return perform();
    const {
      'webhook-id': id = '',
      'webhook-timestamp': at = '',
      'webhook-signature': signature = '',
    } = asked.headers;
    try {
      this.verifier.verify(
        raw,
        { 'webhook-id': String(id), 'webhook-timestamp': String(at), 'webhook-signature': String(signature) },
        { jsonParse: false },
      );
    } catch {
      return {
        status: 401,
        body: { message: 'The signature does not fit: is WEBHOOK_SECRET the same on both sides?' },
      };
    }
    if (!fitsAddress(asked))
      return { status: 422, body: { message: 'The body was signed for another address.' } };
    this.forget();
    const before = this.done.get(String(id));
    if (before) return before.answer;
    const answer = perform();
    if (answer.status < 300) this.done.set(String(id), { answer, at: Date.now() });
    return answer;
  }

  /** What is older cannot be copied any more, since its signature is too old. */
  private forget(): void {
    for (const [id, { at }] of this.done) {
      if (Date.now() - at < KEPT_MS) return;
      this.done.delete(id);
    }
  }
}

const TYPES: Record<string, string> = {
  fulfilments: 'order.fulfil',
  cancel: 'order.cancel',
  notes: 'order.note',
  returns: 'order.returned',
};

const PURCHASE_TYPES: Record<string, string> = {
  receipts: 'purchase-order.receive',
  close: 'purchase-order.close',
  notes: 'purchase-order.note',
};

/** The address is not signed, so the body names what it is about. */
function fitsAddress({ path, body }: Asked): boolean {
  const [, collection, rawId = '', action = ''] = path.split('/');
  const id = decodeURIComponent(rawId);
  if (collection === 'purchase-orders')
    return body.type === PURCHASE_TYPES[action] && body.purchaseOrder === id;
  if (collection === 'returns') return body.type === 'return.note' && body.return === id;
  if (collection === 'stock') return body.type === 'stock.set' && body.article === id;
  return body.type === TYPES[action] && body.order === id;
}
