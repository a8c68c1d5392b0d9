import { OrderState, PurchaseOrderState } from '@samlast/contracts';
import { defineConfig, readable } from '@samlast/service';
import { z } from 'zod';
import { LATE_PARTS } from './push-orders/order-parts.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** No writer may have a longer lease by any configuration. */
export const LEASE_MOST_MS = 5 * MINUTE;

const ms = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/**
 * `451=sent,475=returned`: what this warehouse's own status numbers mean, beside or instead of the standard
 * ones.
 */
function statusMap<State extends string>(states: z.ZodEnum<Record<State, State>>) {
  return z
    .string()
    .transform((text, context) => {
      const map = new Map<number, State>();
      for (const entry of text.split(',').filter(Boolean)) {
        const [number = '', name = ''] = entry.split('=').map((part) => part.trim());
        const state = states.safeParse(name);
        if (!/^\d{1,6}$/.test(number) || !state.success) {
          context.addIssue({
            code: 'custom',
            message: `has '${entry.trim()}', but must read number=state,number=state with states of: ${states.options.join(', ')}`,
          });
          return z.NEVER;
        }
        map.set(Number(number), state.data as State);
      }
      return map;
    })
    .default(new Map());
}

const shape = {
  /** Such as https://api.ongoingsystems.se/<warehouse>/api/v1/ */
  ONGOING_URL: z.url({
    protocol: /^https?$/,
    error: 'must be an http or https address that ends with /api/v1/',
  }),
  ONGOING_USER: z.string().min(1),
  ONGOING_PASSWORD: z.string().min(1),
  ONGOING_GOODS_OWNER_ID: z.coerce.number().int().min(1),
  /**
   * Stands in front of every order's goodsOwnerOrderId, so that two installations on one goods owner know
   * their own orders.
   */
  INSTALLATION: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 small letters, digits or hyphens, such as demo'),
  /** What Ongoing sends as X-Auth-Token, or as password of HTTP Basic. Without it, webhooks are refused. */
  WEBHOOK_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /**
   * Webhooks over mutual TLS: a port of its own with our certificate and key, and the CA whose client certificates are
   * let in; with a name, only those that are made out to it.
   */
  WEBHOOK_TLS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  WEBHOOK_TLS_CERT: z.string().min(1).optional(),
  WEBHOOK_TLS_KEY: z.string().min(1).optional(),
  WEBHOOK_CLIENT_CA: z.string().min(1).optional(),
  WEBHOOK_CLIENT_NAME: z.string().min(1).optional(),
  /** `x-client-verify: SUCCESS`: what a proxy that asks for the certificate says, and takes away from anybody else. */
  WEBHOOK_CLIENT_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+: ?\S.*$/, 'must read name: value, such as x-client-verify: SUCCESS')
    .transform((text) => {
      const at = text.indexOf(':');
      return { name: text.slice(0, at).toLowerCase(), value: text.slice(at + 1).trim() };
    })
    .optional(),
  /** What webhooks tell polling should find within so long, and the other way round. */
  WEBHOOK_GAP_MIN: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(15),
  /** Statuses that the webhook is set up for, with commas; all where none is named. Others are not missed. */
  WEBHOOK_STATUSES: z
    .string()
    .regex(/^\d{1,6}(,\d{1,6})*$/, 'must be status numbers with commas between, such as 450,500')
    .transform((text) => text.split(',').map(Number))
    .default([]),
  LEASE_MS: ms(3.5 * SECOND, 2 * SECOND, LEASE_MOST_MS),
  ORDER_TIMEOUT_MS: ms(3 * SECOND, 200, 4 * MINUTE),
  READ_TIMEOUT_MS: ms(MINUTE, SECOND, 10 * MINUTE),
  /** How often a process looks whether it may take the lease, or whether others have queued something. */
  QUEUE_POLL_MS: ms(100, 20, 10 * SECOND),
  ORDER_POLL_MS: ms(2 * SECOND, 100, 60 * MINUTE),
  STOCK_POLL_MS: ms(SECOND, 100, 60 * MINUTE),
  /** For what people of the warehouse change at an article that moves no stock, such as setting it inactive. */
  ARTICLE_POLL_MS: ms(10 * SECOND, 100, 60 * MINUTE),
  /** How far every quick poll reaches back behind the one before. */
  POLL_OVERLAP_MS: ms(5 * SECOND, SECOND, 60 * MINUTE),
  /** Now and then a poll reaches back much farther, for what was written late under an early time. */
  WIDE_POLL_MS: ms(5 * MINUTE, SECOND, 24 * 60 * MINUTE),
  WIDE_OVERLAP_MS: ms(10 * MINUTE, SECOND, 24 * 60 * MINUTE),
  SWEEP_MS: ms(6 * 60 * MINUTE, SECOND, 7 * 24 * 60 * MINUTE),
  SWEEP_PAGE: z.coerce.number().int().min(1).max(1000).default(1000),
  /**
   * A read is held that would leave nothing of this share of all articles with something to sell, where there are at
   * least so many; or that lists fewer articles than the one before by more than the other share. See stock-gate.ts.
   */
  GATE_SHARE: z.coerce.number().min(0.01).max(1).default(0.3),
  GATE_ARTICLES: z.coerce.number().int().min(1).max(1_000_000).default(10),
  GATE_LIST_SHARE: z.coerce.number().min(0).max(1).default(0.1),
  /** Articles that were emptied within so long count together: what is wrong may come in small steps. */
  GATE_WINDOW_MS: ms(60 * MINUTE, SECOND, 24 * 60 * MINUTE),
  /** So long after a read that is held everything is read again. */
  GATE_SECOND_READ_MS: ms(MINUTE, 100, 60 * MINUTE),
  /** Changes of the same moment are read together. */
  STOCK_DEBOUNCE_MS: ms(40, 0, 10 * SECOND),
  /** For tenants whose figures lag behind their own answers. */
  WMS_SETTLE_MS: ms(0, 0, MINUTE),
  RETRY_MIN_MS: ms(250, 10, MINUTE),
  RETRY_MAX_MS: ms(MINUTE, 100, 60 * MINUTE),
  /** After so long without an answer the operators' page calls Ongoing unreachable. */
  UNREACHABLE_MS: ms(2 * MINUTE, SECOND, 24 * 60 * MINUTE),
  ORDER_STATUSES: statusMap(OrderState),
  /** From this standard status number on an order has left the warehouse; others leave by ORDER_STATUSES alone. */
  SHIPPED_FROM: z.coerce.number().int().min(1).default(450),
  /** From this status number on the floor works on an order, so that a refused cancel came too late. */
  STARTED_FROM: z.coerce.number().int().min(1).default(300),
  /** Parts of an order that are written by themselves once the warehouse works on it, with commas; `none` for none. */
  LATE_CHANGES: z
    .string()
    .transform((text) => (text === 'none' ? [] : text.split(',').map((part) => part.trim())))
    .pipe(z.array(z.enum(LATE_PARTS, `must be none, or some of ${LATE_PARTS.join(', ')}`)))
    .default([...LATE_PARTS]),
  PURCHASE_STATUSES: statusMap(PurchaseOrderState),
  /** From this status number on goods of a purchase order have come, so that a refused cancel came too late. */
  PURCHASE_STARTED_FROM: z.coerce.number().int().min(1).default(300),
  /** Up to this status number more may come of a purchase order. */
  PURCHASE_OPEN_TO: z.coerce.number().int().min(1).default(399),
  /** Status numbers of returns that mean cancelled, with commas: Ongoing's standard is not known. */
  RETURN_CANCELLED: z
    .string()
    .regex(/^\d{1,6}(,\d{1,6})*$/, 'must be status numbers with commas between, such as 900')
    .default('900')
    .transform((text) => text.split(',').map(Number)),
  /** From this status number on goods of a return have come, so that a refused cancel came too late. */
  RETURN_STARTED_FROM: z.coerce.number().int().min(1).default(300),
  /** So many warehouses are in Ongoing's register, and a person knows that our goods lie in one. */
  WAREHOUSES_LISTED: z.coerce.number().int().min(1).max(1_000).default(1),
  /** What weighs more, or is longer, is taken for a wrong unit, and not written. */
  ARTICLE_WEIGHT_MOST_KG: z.coerce.number().positive().max(1_000_000).default(200),
  ARTICLE_LENGTH_MOST_M: z.coerce.number().positive().max(1_000).default(5),
  /** What PUT does to members of an article that are left out: see docs/ongoing-assumptions.md, B8. */
  ARTICLE_PUT: z.enum(['changed', 'whole'], 'must be changed or whole').default('changed'),
  /**
   * Ongoing keeps one number of reported pieces for each line, for whichever integration sets it. `set` only where no
   * other system on the goods owner does.
   */
  REPORTED_NUMBERS: z.enum(['leave', 'set'], 'must be leave or set').default('leave'),
  REPORTED_POLL_MS: ms(MINUTE, 100, 24 * 60 * MINUTE),
  /** How often all open purchase orders are read: a change of lines by people of the warehouse moves no feed. */
  PURCHASE_SWEEP_MS: ms(15 * MINUTE, SECOND, 24 * 60 * MINUTE),
  /** How often receipts of purchase orders are asked for. */
  INBOUND_POLL_MS: ms(5 * SECOND, 100, 60 * MINUTE),
};

export const config = defineConfig(shape)
  .refine((values) => values.ORDER_TIMEOUT_MS <= values.LEASE_MS - 500, {
    path: ['ORDER_TIMEOUT_MS'],
    message: 'must be at least 500 ms below LEASE_MS: a request must end before another process may write',
    when: readable('ORDER_TIMEOUT_MS', 'LEASE_MS'),
  })
  .refine(
    ({ WEBHOOK_TLS_PORT: port, WEBHOOK_TLS_CERT: cert, WEBHOOK_TLS_KEY: key, WEBHOOK_CLIENT_CA: ca }) =>
      new Set([port, cert, key, ca].map((one) => one !== undefined)).size === 1,
    {
      path: ['WEBHOOK_TLS_PORT'],
      message:
        'needs WEBHOOK_TLS_CERT, WEBHOOK_TLS_KEY and WEBHOOK_CLIENT_CA beside it, and they need it: set all four, or none',
      when: readable('WEBHOOK_TLS_PORT', 'WEBHOOK_TLS_CERT', 'WEBHOOK_TLS_KEY', 'WEBHOOK_CLIENT_CA'),
    },
  )
  .refine((values) => values.RETRY_MIN_MS <= values.RETRY_MAX_MS, {
    path: ['RETRY_MIN_MS'],
    message: 'must not be greater than RETRY_MAX_MS',
    when: readable('RETRY_MIN_MS', 'RETRY_MAX_MS'),
  });
export type Config = z.output<typeof config>;

/** Whether anybody may send webhooks at all. */
export const takesWebhooks = ({ WEBHOOK_TOKEN, WEBHOOK_TLS_PORT, WEBHOOK_CLIENT_HEADER }: Config): boolean =>
  WEBHOOK_TOKEN !== undefined || WEBHOOK_TLS_PORT !== undefined || WEBHOOK_CLIENT_HEADER !== undefined;

/**
 * Article writes have a place of their own among the channels' places in the queue; no channel's code looks
 * like it.
 */
export const ARTICLE_LANE = '*articles';
