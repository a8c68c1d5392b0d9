import { randomUUID } from 'node:crypto';
import type { DemoModel } from './model.ts';
import type { DemoOrder, DemoWish } from './order.ts';
import { DemoRefusal } from './refusal.ts';

export interface ClaimsOptions {
  /** Where this shop claims pieces: `/claims` of its channel's service. */
  readonly url: string;
  readonly token: string;
  /** What happens to a sale when nobody can say whether its pieces are there: refused, or sold by the shop's number. */
  readonly without?: 'refuse' | 'sell';
}

const ANSWER_WITHIN_MS = 5_000;
/** How long the pieces of a checkout that broke off are kept from others, before and after it was confirmed. */
const EXPIRES_IN_S = 20;
const CHECKOUT_ENDS_IN_S = 10;

interface Refused {
  readonly message?: string;
  readonly shortages?: readonly { article: string; wanted: string; free: string }[];
}

/** `unknown`: nobody could say, so the pieces may be held or not. */
type Said = 'yes' | 'unknown' | { readonly no: Refused };

/**
 * A checkout of a shop that asks before it takes the money: it claims the pieces, confirms the claim, and only then
 * sells. What it shows is not looked at: a claim says what is there now, the number what was there a moment ago.
 */
export class Checkout {
  private readonly without: 'refuse' | 'sell';

  constructor(
    private readonly model: DemoModel,
    private readonly options: ClaimsOptions,
  ) {
    this.without = options.without ?? 'refuse';
  }

  /** @throws DemoRefusal with what is free, or because nobody could say */
  async buy(wish: DemoWish): Promise<DemoOrder> {
    this.model.check(wish);
    const key = `checkout-${randomUUID()}`;
    const said = await this.promise(key, wish);
    if (said === 'yes') return this.sell(key, { ...wish, claim: { key, promised: true } });
    if (said !== 'unknown') throw refusalOf(said.no);
    // An order that names the claim takes its pieces should it be held after all.
    if (this.without === 'sell') return this.sell(key, { ...wish, claim: { key, promised: false } });
    await this.release(key);
    throw new DemoRefusal('Nobody can say at the moment whether it is there. Try again.', 503);
  }

  private async promise(key: string, { lines }: DemoWish): Promise<Said> {
    const wanted = lines.map(({ article, quantity }) => ({ article, quantity: String(quantity) }));
    const held = await this.ask('POST', '', { expiresInS: EXPIRES_IN_S, lines: wanted }, key);
    if (held !== 'yes') return held;
    return this.ask('PUT', `/${key}`, { state: 'confirmed', checkoutEndsInS: CHECKOUT_ENDS_IN_S });
  }

  private async sell(key: string, wish: DemoWish): Promise<DemoOrder> {
    try {
      return this.model.buy(wish);
    } catch (error) {
      await this.release(key);
      throw error;
    }
  }

  /** Where this does not arrive, the claim ends by itself: it expires, or no order of it comes. */
  private async release(key: string): Promise<void> {
    await this.ask('DELETE', `/${key}`);
  }

  private async ask(method: string, path: string, body?: object, key?: string): Promise<Said> {
    try {
      const response = await fetch(this.options.url + path, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: {
          authorization: `Bearer ${this.options.token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Refused;
      if (response.ok) return 'yes';
      return response.status === 409 ? { no: answer } : 'unknown';
    } catch {
      return 'unknown';
    }
  }
}

function refusalOf({ message = 'It cannot be promised.', shortages = [] }: Refused): DemoRefusal {
  const free = shortages.map((one) => `${one.free} of ${one.article} are left, not ${one.wanted}`);
  const text = free.length > 0 ? `Sold out: ${free.join(', ')}.` : message;
  return new DemoRefusal(text, 409, { shortages });
}
