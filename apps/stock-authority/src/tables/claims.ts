import { textArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { Claim, ClaimShortage, ClaimState } from '../claim-stock/claim.ts';
import { claimName } from './article-book.ts';
import { Overtaken } from './articles.ts';
import { statement } from './statement.ts';

interface Row {
  id: string;
  channel: string;
  key: string;
  digest: string;
  buyer: string | null;
  needs: Record<string, string>;
  state: ClaimState;
  version: number;
  expires_at: Date;
  shortages: { article: string; reason: ClaimShortage['reason']; wanted: string; free: string }[];
}

const COLUMNS = 'id, channel, key, digest, buyer, needs, state, version, expires_at, shortages';

const claimOf = (row: Row): Claim => ({
  id: row.id,
  channel: row.channel,
  key: row.key,
  digest: row.digest,
  ...(row.buyer !== null && { buyer: row.buyer }),
  needs: new Map(Object.entries(row.needs).map(([article, quantity]) => [article, BigInt(quantity)])),
  state: row.state,
  version: row.version,
  expiresAt: row.expires_at,
  shortages: row.shortages.map(({ wanted, free, ...rest }) => ({
    ...rest,
    wanted: BigInt(wanted),
    free: BigInt(free),
  })),
});

export interface ClaimRef {
  readonly channel: string;
  readonly key: string;
}

/** What claims hold, without a lock: their articles tell what to lock. What a claim wants never changes. */
export async function articlesOfClaims(tx: EntityManager, refs: readonly ClaimRef[]): Promise<string[]> {
  const claims = await loadClaims(tx, refs);
  return [...claims.values()].flatMap((claim) => [...claim.needs.keys()]);
}

/** Claims whose articles are locked: nobody can change them without those. */
export async function loadClaims(tx: EntityManager, refs: readonly ClaimRef[]): Promise<Map<string, Claim>> {
  if (refs.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    // By the index whatever the planner thinks of a table that grows by hundreds with each look.
    `SELECT found.* FROM unnest($1::text[], $2::text[]) AS wanted (channel, key), LATERAL (
       SELECT ${COLUMNS} FROM claims WHERE claims.channel = wanted.channel AND claims.key = wanted.key OFFSET 0) AS found`,
    [textArray(refs.map((ref) => ref.channel)), textArray(refs.map((ref) => ref.key))],
  );
  return new Map(rows.map((row) => [claimName(row), claimOf(row)]));
}

const insert = statement(
  'insert-claims',
  `INSERT INTO claims (channel, key, digest, buyer, needs, state, version, expires_at, shortages)
   SELECT channel, key, digest, buyer, needs::jsonb, state, version::int, to_timestamp(expires_s::float8), shortages::jsonb
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
     $9::text[]) AS new (channel, key, digest, buyer, needs, state, version, expires_s, shortages)
   ON CONFLICT DO NOTHING`,
);

/** Inserts new claims and writes what changed. Throws Overtaken where somebody else made one under its key. */
export async function saveClaims(tx: EntityManager, claims: readonly Claim[]): Promise<void> {
  const fresh = claims.filter((claim) => claim.id === undefined);
  const known = claims.filter((claim) => claim.id !== undefined);
  if (fresh.length > 0) {
    const column = (of: (claim: Claim) => string | null) => textArray(fresh.map(of));
    const made = await insert(tx, [
      column((claim) => claim.channel),
      column((claim) => claim.key),
      column((claim) => claim.digest),
      column((claim) => claim.buyer ?? null),
      column(needsText),
      column((claim) => claim.state),
      column((claim) => String(claim.version)),
      column((claim) => String(claim.expiresAt.getTime() / 1000)),
      column(shortagesText),
    ]);
    if (made < fresh.length)
      throw new Overtaken('another process opened a claim under the same key; the batch is tried again');
  }
  if (known.length === 0) return;
  await tx.query(
    `UPDATE claims SET state = new.state, version = new.version, expires_at = new.expires_at,
       shortages = new.shortages, changed_at = now()
     FROM unnest($1::bigint[], $2::text[], $3::int[], $4::timestamptz[], $5::jsonb[])
       AS new (id, state, version, expires_at, shortages)
     WHERE claims.id = new.id`,
    [
      known.map((claim) => claim.id),
      known.map((claim) => claim.state),
      known.map((claim) => claim.version),
      known.map((claim) => claim.expiresAt),
      known.map(shortagesText),
    ],
  );
}

function needsText({ needs }: Claim): string {
  return JSON.stringify(Object.fromEntries([...needs].map(([article, one]) => [article, one.toString()])));
}

const shortagesText = ({ shortages }: Claim) =>
  JSON.stringify(
    shortages.map(({ wanted, free, ...rest }) => ({ ...rest, wanted: `${wanted}`, free: `${free}` })),
  );

/** Open claims whose time is up by the database's clock, oldest first. */
export async function dueClaims(
  tx: EntityManager,
  most: number,
): Promise<(ClaimRef & { version: number })[]> {
  return tx.query(
    `SELECT channel, key, version FROM claims WHERE state = 'open' AND expires_at <= now()
     ORDER BY expires_at LIMIT $1`,
    [most],
  );
}

/** How many claims a channel holds, counted no further than `most`. */
export async function countOfChannel(tx: EntityManager, channel: string, most: number): Promise<number> {
  const rows: { count: string }[] = await tx.query(
    `SELECT count(*) FROM (SELECT 1 FROM claims WHERE channel = $1 AND state IN ('open', 'confirmed') LIMIT $2) AS few`,
    [channel, most],
  );
  return Number(rows[0]?.count ?? 0);
}

/** No buyer may have more by any configuration. */
const OF_BUYER_MOST = 1_000;

/** The database's time, and how many claims each of these buyers holds, by channel and buyer, where it is any. */
export async function timeAndHeld(
  tx: EntityManager,
  buyers: readonly { channel: string; buyer: string }[],
): Promise<{ nowMs: number; byBuyer: Map<string, number> }> {
  const [row]: { now: Date; held: [string, string, number][] | null }[] = await tx.query(
    `SELECT clock_timestamp() AS now, (SELECT json_agg(json_build_array(asked.channel, asked.buyer, counted.count))
     FROM unnest($1::text[], $2::text[]) AS asked (channel, buyer), LATERAL (SELECT count(*) FROM (
       SELECT 1 FROM claims WHERE claims.channel = asked.channel AND claims.buyer = asked.buyer
         AND state IN ('open', 'confirmed') LIMIT $3) AS few) AS counted WHERE counted.count > 0) AS held`,
    [textArray(buyers.map((one) => one.channel)), textArray(buyers.map((one) => one.buyer)), OF_BUYER_MOST],
  );
  const held = row?.held ?? [];
  return {
    nowMs: row?.now.getTime() ?? Date.now(),
    byBuyer: new Map(held.map(([channel, buyer, count]) => [`${channel}/${buyer}`, count])),
  };
}
