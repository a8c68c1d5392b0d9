import { createHash } from 'node:crypto';
import { type Channel, type ShelfMethod, toMilli } from '@samlast/contracts';
import type { ShortPolicy } from '../reserve-stock/decide.ts';

/** How one channel sells, by channels.json. */
export interface Seller {
  readonly code: string;
  readonly mode: Channel['mode'];
  readonly margin: bigint;
  readonly weight: number;
  readonly priority: number;
  readonly scarceBelow: bigint;
  readonly claimsMost: number;
  readonly claimsPerBuyer: number;
}

/** What is known of a channel's shop at this moment: how its stock is written, and whether it gives signs of life. */
export interface ShopState {
  readonly method?: ShelfMethod;
  readonly alive: boolean;
}

/** What channels.json says about selling, and what is known of the shops. */
export interface Terms {
  policyOf(channel: string): ShortPolicy | undefined;
  readonly channels: readonly Seller[];
  /** Whether any channel sells on lease, so that leases are kept at all. */
  readonly leasing: boolean;
  /** Whether orders of any channel wait for what arrives, so that it is asked what is announced. */
  readonly backordering: boolean;
  shopOf(channel: string): ShopState;
  /** Changes with everything that a level depends on. */
  readonly digest: string;
}

export function termsOf(list: readonly Channel[]): Omit<Terms, 'shopOf'> {
  const channels = list
    .map(({ margin, scarceBelow, ...rest }) => ({
      ...rest,
      margin: toMilli(margin),
      scarceBelow: toMilli(scarceBelow),
    }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const text = channels
    .map(({ code, mode, margin, weight, priority, scarceBelow }) =>
      mode === 'lease' ? `${code}/${mode}/${weight}/${priority}/${scarceBelow}` : `${code}/${mode}/${margin}`,
    )
    .join(' ');
  const policies = new Map(
    list.map(
      ({ code, shortPolicy: kind, backorderMost, backorderAgainst: against }): [string, ShortPolicy] => [
        code,
        kind === 'backorder' ? { kind, most: toMilli(backorderMost), against } : { kind },
      ],
    ),
  );
  return {
    channels,
    policyOf: (channel) => policies.get(channel),
    leasing: channels.some(({ mode }) => mode === 'lease'),
    backordering: list.some(({ shortPolicy }) => shortPolicy === 'backorder'),
    digest: digestOf(text),
  };
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** With how each shop on lease is written: a level that was made for another way of writing is made anew. */
export function withMethods({ digest, channels }: Omit<Terms, 'shopOf'>, shopOf: Terms['shopOf']): string {
  const methods = channels
    .filter(({ mode }) => mode === 'lease')
    .map(({ code }) => `${code}=${shopOf(code).method ?? ''}`);
  return methods.length > 0 ? digestOf([digest, ...methods].join(' ')) : digest;
}

/**
 * A shop whose number means nothing can be told what to show, but what it sells beyond that cannot be bounded: it gets
 * what the others leave.
 */
export const canLease = ({ mode, code }: Seller, terms: Terms) =>
  mode === 'lease' && (terms.shopOf(code).method ?? 'none') !== 'none';

/**
 * Its service has not said yet how its shop takes stock writes. What it would show could not be counted, so it is shown
 * nothing until then.
 */
export const isUnheard = ({ mode, code }: Seller, terms: Terms) =>
  mode === 'lease' && terms.shopOf(code).method === undefined;
