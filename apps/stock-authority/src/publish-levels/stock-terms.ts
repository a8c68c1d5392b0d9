import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { CHANNELS } from '@samlast/service';
import { type Terms, termsOf } from './levels.ts';

/** What channels.json says about selling, as this process read it at its start. */
@Injectable()
export class StockTerms implements Terms {
  readonly channels: Terms['channels'];
  readonly digest: string;
  readonly policyOf: Terms['policyOf'];

  constructor(@Inject(CHANNELS) channels: Channel[]) {
    ({ channels: this.channels, digest: this.digest, policyOf: this.policyOf } = termsOf(channels));
  }
}
