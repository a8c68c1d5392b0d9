import { randomBytes } from 'node:crypto';
import type { StartedProcess } from '@samlast/test-stack';
import type { Stage } from '../../benchmark.ts';
import { startContestant, until } from '../../paused.ts';
import { connect, OwnDatabase } from '../own-database.ts';
import { EmbeddedLog } from '../samlast/embedded-log.ts';
import { startAuthority, stockEvents } from '../samlast/samlast.ts';

export const ARTICLE = 'HOT';

/** What the process of a rival route is told. */
export interface RouteSettings {
  readonly kind: 'empty' | 'textbook';
  readonly databaseUrl?: string;
  readonly connections?: number;
}

/** A route that takes claims. */
export interface OpenRoute {
  readonly url: string;
  readonly token?: string;
  readonly process: StartedProcess;
  /** How many claims its tables hold, and how many pieces of the article are promised; nothing where it has none. */
  held(): Promise<{ claims: number; promised: number } | undefined>;
  stop(): Promise<void>;
}

export interface Route {
  readonly name: string;
  open(stage: Stage, pieces: number): Promise<OpenRoute>;
}

const urlOf = ({ output }: StartedProcess) => /^listens on (\S+)$/m.exec(output)?.[1] ?? '';

export const emptyRoute: Route = {
  name: 'an empty handler',
  async open() {
    const process = await startContestant('authority/claims/route.main.ts', { kind: 'empty' });
    return { url: urlOf(process), process, held: async () => undefined, stop: () => process.stop() };
  },
};

export function textbookRoute(connections: number): Route {
  return {
    name: `TypeORM textbook, ${connections} connections`,
    async open(stage, pieces) {
      const database = await OwnDatabase.make(stage);
      const settings: RouteSettings = { kind: 'textbook', databaseUrl: database.url, connections };
      const process = await startContestant('authority/claims/route.main.ts', settings);
      await database.client.query('INSERT INTO stock (article, free) VALUES ($1, $2)', [ARTICLE, pieces]);
      return {
        url: urlOf(process),
        process,
        held: () =>
          database.one(
            'SELECT (SELECT count(*) FROM claims)::int AS claims, reserved AS promised FROM stock',
          ),
        async stop() {
          await process.stop();
          await database.drop();
        },
      };
    },
  };
}

/** Puts off nobody: how many claims it can decide is what is measured. */
const patient = { CLAIMS_WAIT_MOST_MS: '60000', CLAIMS_WAITING_MOST: '100000' };

/** The stock authority's own `POST /claims`, asked with a bearer token as a channel's service asks it. */
export const samlastRoute: Route = {
  name: 'samlast',
  open: (stage, pieces) => openSamlast(stage, new Map([[ARTICLE, pieces]]), patient),
};

/** With so many pieces of each article. */
export async function openSamlast(
  stage: Stage,
  stock: Map<string, number>,
  env: Record<string, string> = {},
): Promise<OpenRoute & { database: OwnDatabase }> {
  const database = await OwnDatabase.make(stage);
  const token = randomBytes(16).toString('hex');
  const { process, url } = await startAuthority(stage, database.url, {
    SERVICE_TOKENS: `bench:${token}`,
    ...env,
  });
  const bell = await connect(database.url);
  const log = new EmbeddedLog(database.client, bell);
  await log.append(log.rowsOf(stockEvents(stock), 'samlast/wms-gateway'));
  const known = 'SELECT count(*)::int AS known FROM stock_authority.articles WHERE sellable > 0';
  await until(async () => (await database.one<{ known: number }>(known)).known === stock.size, process);
  return {
    url,
    token,
    process,
    database,
    async held() {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/ops/verify`, { method: 'POST', headers });
      const { agrees } = (await response.json()) as { agrees?: boolean };
      if (!agrees) throw new Error("samlast's own verify finds that its claims do not add up.");
      return database.one(
        `SELECT (SELECT count(*) FROM stock_authority.claims WHERE state = 'open')::int AS claims,
           (SELECT sum(claimed) / 1000 FROM stock_authority.articles)::int AS promised`,
      );
    },
    async stop() {
      await process.stop();
      await bell.end();
      await database.drop();
    },
  };
}
