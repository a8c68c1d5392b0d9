import type { ShelfMethod } from '@samlast/contracts';
import { type Terms, termsOf } from '@samlast/stock-authority/decisions';
import type { ChannelPlan } from './scenario.ts';

const UNKNOWN = { alive: false };
const shopOf = (method: ShelfMethod) => ({
  alive: { alive: true, method },
  silent: { alive: false, method },
});

/** What the authority knows of the channels' shops at this moment, and what follows for its levels. */
export class Registrations {
  readonly alive = new Set<string>();
  /** Channels of which it is not known how their shops are written. */
  readonly unheard = new Set<string>();
  /** Levels were made on terms that do not hold any more. */
  outdated = false;
  terms: Terms;
  private readonly digest: string;

  constructor(plans: readonly ChannelPlan[]) {
    const rest = termsOf(plans.map(({ channel }) => channel));
    const shops = new Map(plans.map(({ channel: { code }, method }) => [code, shopOf(method)]));
    const known = (code: string) => shops.get(code)?.[this.alive.has(code) ? 'alive' : 'silent'];
    this.digest = rest.digest;
    this.terms = { ...rest, shopOf: (code) => (!this.unheard.has(code) && known(code)) || UNKNOWN };
    for (const { channel } of plans) this.alive.add(channel.code);
    for (const { channel, isLate } of plans) if (isLate) this.giveFree(channel.code);
  }

  /** How its shop is written is known from now on. */
  hearOf(code: string): void {
    this.alive.add(code);
    if (this.unheard.delete(code)) this.onOtherTerms();
  }

  giveFree(code: string): void {
    this.unheard.add(code);
    this.onOtherTerms();
  }

  private onOtherTerms(): void {
    this.outdated = true;
    this.terms = { ...this.terms, digest: [this.digest, ...this.unheard].join(' ') };
  }
}
