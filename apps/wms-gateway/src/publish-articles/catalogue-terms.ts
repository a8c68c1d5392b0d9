import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { CHANNELS, CONFIG } from '@samlast/service';
import type { Config } from '../config.ts';
import { type Owners, ownersOf } from './article-fields.ts';
import type { Limits } from './plausible.ts';

/** Whose an article's members are, and what is plausible, by configuration. */
@Injectable()
export class CatalogueTerms {
  readonly owners: Owners;
  readonly limits: Limits;

  constructor(@Inject(CHANNELS) channels: Channel[], @Inject(CONFIG) config: Config) {
    this.owners = ownersOf(channels);
    this.limits = { weightMostKg: config.ARTICLE_WEIGHT_MOST_KG, lengthMostM: config.ARTICLE_LENGTH_MOST_M };
  }

  /** The channel that makes numbers: an article is made in the WMS when it has published it. */
  get maker(): string | undefined {
    return this.owners.name;
  }
}
