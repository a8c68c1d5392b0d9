import { z } from 'zod';

const ORDER_EVENTS = ['created', 'status-changed', 'picked'] as const;
const PURCHASE_EVENTS = [
  'purchase-order-created',
  'purchase-order-status-changed',
  'purchase-order-received',
] as const;
const GOODS_EVENTS = [
  'article-created',
  'article-updated',
  'article-deleted',
  'stock-adjusted',
  'goods-received',
  'item-status-changed',
  'pieces-allocated',
  'pieces-picked',
  'pieces-returned',
] as const;

/** What is set up by hand in Ongoing, under Administration, Webhooks. */
export const Hook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  events: z
    .array(z.enum([...ORDER_EVENTS, ...PURCHASE_EVENTS, ...GOODS_EVENTS]))
    .min(1)
    .default([...ORDER_EVENTS, ...PURCHASE_EVENTS]),
  /** Only when the status of the order, or of the purchase order, is one of these. */
  statuses: z.array(z.int()).optional(),
  auth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      z.strictObject({ kind: z.literal('token'), token: z.string().min(1) }),
      z.strictObject({ kind: z.literal('basic'), user: z.string(), password: z.string() }),
    ])
    .default({ kind: 'none' }),
  retry: z.enum(['one-day', 'none']).default('one-day'),
  enabled: z.boolean().default(true),
});
export type Hook = z.output<typeof Hook>;

/** There is no signature over the body: a fixed header is all that Ongoing offers beside mutual TLS. */
export function headersOf({ auth }: Hook): Record<string, string> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (auth.kind === 'token') return { ...headers, 'x-auth-token': auth.token };
  if (auth.kind === 'none') return headers;
  const credential = Buffer.from(`${auth.user}:${auth.password}`, 'utf8').toString('base64');
  return { ...headers, authorization: `Basic ${credential}` };
}
