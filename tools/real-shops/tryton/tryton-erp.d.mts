import type { StartedProcess } from '@samlast/test-stack';

/** What staff and a connector need to know of an ERP. */
export interface TrytonErp {
  code: string;
  url: string;
  database: string;
  administrator: { username: string; password: string };
  /** The user that the README of channel-tryton asks for, with no other rights. */
  channelUser: { username: string; password: string };
  company: number;
  warehouse: number;
}

export interface TrytonOptions {
  code: string;
  /** A Postgres server on which databases may be made, such as TEST_POSTGRES_URL. */
  postgres: string;
  /** A free one when left out. */
  port?: number;
  /** 'tryton_' and the code when left out; one that is there already is used as it is. */
  database?: string;
  /** Throws an existing database of that name away first. */
  fresh?: boolean;
  /** None when left out. */
  articles?: string[];
  /** Pieces of each article at first; 10 when left out. */
  stock?: number;
}

/**
 * Starts a real Tryton as a process of its own and waits until it answers: a minute for the first one on a Postgres
 * server, which makes the template of all further databases there, and some 5 seconds after.
 */
export function startTryton(options: TrytonOptions): Promise<TrytonErp & { process: StartedProcess }>;
