import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { CHANNELS, CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { StockAuthorityConfig } from '../config.ts';
import { readShops } from '../tables/channels.ts';
import { type ShopState, type Terms, termsOf, withMethods } from './terms.ts';

/** A channel whose service gave no sign of life for this long is given nothing, and what it has is taken back. */
const SILENT_FOR_S = 60;
const UNKNOWN: ShopState = { alive: false };

/** What channels.json says about selling, as this process read it at its start. */
@Injectable()
export class StockTerms {
  private readonly terms: Omit<Terms, 'shopOf'>;

  /** What the one warehouse is called, where it has a name. */
  readonly warehouse: string | undefined;

  constructor(
    @Inject(CHANNELS) channels: Channel[],
    @Inject(CONFIG) { WAREHOUSE }: Pick<StockAuthorityConfig, 'WAREHOUSE'>,
  ) {
    this.terms = termsOf(channels);
    this.warehouse = WAREHOUSE;
  }

  get channels(): Terms['channels'] {
    return this.terms.channels;
  }

  get backordering(): boolean {
    return this.terms.backordering;
  }

  policyOf(channel: string) {
    return this.terms.policyOf(channel);
  }

  /** With what is known of the shops now; nothing is asked where no channel sells on lease. */
  async at(tx: EntityManager): Promise<Terms> {
    const shops = this.terms.leasing ? await readShops(tx, SILENT_FOR_S) : new Map<string, ShopState>();
    const shopOf = (channel: string) => shops.get(channel) ?? UNKNOWN;
    return { ...this.terms, shopOf, digest: withMethods(this.terms, shopOf) };
  }
}
