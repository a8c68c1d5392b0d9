import { StockOrders } from '@samlast/contracts';
import type { Client } from 'pg';
import type { Bus } from '../bus.ts';
import type { ContestantSettings } from './order-effects.ts';

/** What the tables and the topic hold after a round. */
export interface Audit {
  readonly effects: number;
  readonly inbox: number;
  /** Events on the topic. */
  readonly answers: number;
}

/**
 * Whether so many effects are committed. A row's number may be drawn before an earlier one is committed, so
 * the newest number only says when counting is worth its while.
 */
export async function effectsReached(database: Client, schema: string, count: number): Promise<boolean> {
  const newest = await database.query<{ n: string }>(
    `SELECT n FROM ${schema}.effects ORDER BY n DESC LIMIT 1`,
  );
  if (Number(newest.rows[0]?.n ?? 0) < count) return false;
  return (await countOf(database, `${schema}.effects`)) >= count;
}

export async function outboxEmpty(database: Client, schema: string): Promise<boolean> {
  const { rowCount } = await database.query(`SELECT FROM ${schema}.outbox LIMIT 1`);
  return rowCount === 0;
}

/**
 * Throws unless every message has left its effect exactly once, with its inbox row and, where asked for,
 * its event.
 */
export async function audited(
  { schema, prefix, answers: wantsAnswers }: ContestantSettings,
  bus: Bus,
  database: Client,
  messages: number,
): Promise<Audit> {
  const effects = await countOf(database, `${schema}.effects`);
  const different = await countOf(database, `(SELECT DISTINCT message_id FROM ${schema}.effects) AS ids`);
  const inbox = await countOf(database, `${schema}.inbox`);
  const answers = wantsAnswers ? new Set(await bus.ids(prefix + StockOrders.name)).size : 0;
  const found = { effects, different, inbox, answers };
  const expected = {
    effects: messages,
    different: messages,
    inbox: messages,
    answers: wantsAnswers ? messages : 0,
  };
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`The audit found ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}.`);
  }
  return { effects, inbox, answers };
}

async function countOf(database: Client, from: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${from}`);
  return rows[0]?.count ?? 0;
}
