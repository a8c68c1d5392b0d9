import { hash } from 'node:crypto';
import { ArticleNumber, ChannelCode, PositiveQuantity, toMilli, Warehouse } from '@samlast/contracts';
import { type RequestHeaders, unfitRequest } from '@samlast/service';
import { z } from 'zod';
import { otherWarehouse } from '../one-warehouse/other-warehouse.ts';
import { PIECES_MAX } from '../reserve-stock/intake.ts';
import { type ClaimAnswer, fault } from './claim-answers.ts';
import type { Opening } from './claim-request.ts';

const LINES_MOST = 200;
const HOLD_DEFAULT_S = 600;
const HOLD_MOST_S = 86_400;
const KEY = /^[\x21-\x7E]{1,100}$/;

/** How long a claim is held without a word of its shop. */
export const HoldS = z.int().min(5).max(HOLD_MOST_S);

const Wanted = z.strictObject({
  channel: ChannelCode,
  /** Who buys, in whatever words the shop has for it that name no person: a quota is kept for each. */
  buyer: z.string().trim().min(1).max(100).optional(),
  expiresInS: HoldS.default(HOLD_DEFAULT_S),
  lines: z
    .array(
      z.strictObject({
        article: ArticleNumber,
        warehouse: Warehouse.optional(),
        quantity: PositiveQuantity,
      }),
    )
    .min(1)
    .max(LINES_MOST, `must be at most ${LINES_MOST}: place a larger order without a claim`),
});

/** What the authority knows that a request must fit. */
interface Known {
  readonly warehouse: string | undefined;
  policyOf(channel: string): unknown;
}

/** A request for a new claim, or what is wrong with it. */
export function readOpening(
  headers: RequestHeaders,
  body: unknown,
  known: Known,
): { readonly opening: Opening } | { readonly fault: ClaimAnswer } {
  const wanted = Wanted.safeParse(body);
  if (!wanted.success) return { fault: { status: 422, body: unfitRequest(wanted.error.issues) } };
  const { channel, buyer, expiresInS, lines } = wanted.data;
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY.test(key)) return { fault: withoutKey };
  if (!known.policyOf(channel)) return { fault: stranger(channel) };
  const needs = new Map<string, bigint>();
  for (const [index, { article, warehouse, quantity }] of lines.entries()) {
    const why = otherWarehouse(warehouse, known.warehouse);
    if (why) return { fault: fault(422, 'warehouse.other', `lines.${index} ${why}.`) };
    needs.set(article, (needs.get(article) ?? 0n) + toMilli(quantity));
  }
  for (const [article, quantity] of needs) {
    if (quantity <= PIECES_MAX * 1000n) continue;
    const message = `More than ${PIECES_MAX} pieces of ${article} are wanted. Correct the quantity.`;
    return { fault: fault(422, 'claim.quantity-too-large', message) };
  }
  const digest = digestOf(buyer, expiresInS, needs);
  const opening = { kind: 'open', channel, key, digest, needs, expiresInS } as const;
  return { opening: buyer === undefined ? opening : { ...opening, buyer } };
}

/** What a body seems to want, whatever else is in it. */
export function articlesIn(body: unknown): string[] {
  const lines = (body as { lines?: unknown } | null)?.lines;
  if (!Array.isArray(lines)) return [];
  const articles = lines.slice(0, LINES_MOST).map((line: { article?: unknown } | null) => line?.article);
  return articles.filter((article) => typeof article === 'string');
}

const withoutKey: ClaimAnswer = {
  status: 422,
  body: {
    message:
      'The header Idempotency-Key is missing or unfit: name the checkout in 1 to 100 printable characters, the same for each try.',
    error: 'Unprocessable Entity',
    statusCode: 422,
  },
};

function stranger(channel: string): ClaimAnswer {
  const message = `channels.json has no channel ${channel}. Add it there and restart the services.`;
  return { status: 404, body: { message, error: 'Not Found', statusCode: 404 } };
}

/** All that was asked for: who gets another hold than he asks for must not take it for his. */
function digestOf(buyer: string | undefined, expiresInS: number, needs: ReadonlyMap<string, bigint>): string {
  const wants = [...needs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([article, one]) => `${article}\n${one}`);
  return hash('sha256', [buyer ?? '', expiresInS, ...wants].join('\n\n'), 'base64url');
}
