import type { StartedProcess } from '@samlast/test-stack';

/** What every kind of shop is started with. */
export interface ShopOptions {
  code: string;
  /** A Postgres server on which databases may be made, such as TEST_POSTGRES_URL. */
  postgres: string;
  /** A free one when left out. Give it when the shop is to come back on the same address. */
  port?: number;
  /** The kind and the code when left out; one that is there already is used as it is, with its orders. */
  database?: string;
  /** Throws an existing database of that name away first. */
  fresh?: boolean;
  /** Three articles when left out. */
  skus?: string[];
  /** Pieces of each article at first; 10 when left out. */
  stock?: number;
  /** Of the shop's Samlast plugin; without them the shop neither asks nor tells anybody. */
  plugin?: {
    channelUrl: string;
    claims?: { token: string; payWithinS?: number; answerWithinMs?: number; unanswered?: 'refuse' | 'sell' };
    webhooks?: { secret: string };
  };
}

export type Started<Shop> = Shop & { process: StartedProcess };
