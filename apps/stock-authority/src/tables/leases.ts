import { bigintArray, textArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { Lease } from '../lease-stock/lease.ts';
import type { ArticleStock } from './articles.ts';
import { statement } from './statement.ts';

interface Row {
  article_id: string;
  channel: string;
  allowance: string | null;
  sold: string;
  ungranted: string;
  confirmed: string;
  target: string | null;
  /** Pairs of version and allowance. */
  flights: [number, string][];
  pace: string;
}

/** The leases of articles that are locked, by article's id and channel. */
export async function loadLeases(
  tx: EntityManager,
  articles: readonly string[],
): Promise<Map<string, Map<string, Lease>>> {
  const found = new Map<string, Map<string, Lease>>();
  if (articles.length === 0) return found;
  const rows: Row[] = await tx.query(
    `SELECT article_id, channel, allowance, sold, ungranted, confirmed, target, flights, pace
     FROM leases JOIN articles ON articles.id = article_id WHERE number = ANY($1::text[])`,
    [articles],
  );
  for (const row of rows) {
    const leases = found.get(row.article_id) ?? new Map<string, Lease>();
    found.set(row.article_id, leases.set(row.channel, leaseOf(row)));
  }
  return found;
}

function leaseOf(row: Row): Lease {
  return {
    channel: row.channel,
    sold: BigInt(row.sold),
    ungranted: BigInt(row.ungranted),
    confirmed: Number(row.confirmed),
    flights: row.flights.map(([version, allowance]) => ({ version, allowance: BigInt(allowance) })),
    pace: BigInt(row.pace),
    ...(row.allowance !== null && { allowance: BigInt(row.allowance) }),
    ...(row.target !== null && { target: BigInt(row.target) }),
  };
}

/** Writes those that have changed since they were loaded. */
export async function saveLeases(tx: EntityManager, articles: readonly ArticleStock[]): Promise<void> {
  const changed = articles.flatMap(({ id, leases, savedLeases }) =>
    [...leases.values()]
      .filter((lease) => lease !== savedLeases.get(lease.channel))
      .map((lease) => ({ id, lease })),
  );
  await putLeases(tx, changed);
}

const put = statement(
  'put-leases',
  `INSERT INTO leases (article_id, channel, allowance, sold, ungranted, confirmed, target, flights, pace)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
       $7::bigint[], $8::jsonb[], $9::bigint[])
     ON CONFLICT (article_id, channel) DO UPDATE SET allowance = excluded.allowance, sold = excluded.sold,
       ungranted = excluded.ungranted, confirmed = excluded.confirmed, target = excluded.target,
       flights = excluded.flights, pace = excluded.pace`,
);

/** Of articles by their ids, whatever there was before. */
export async function putLeases(
  tx: EntityManager,
  changed: readonly { id: string; lease: Lease }[],
): Promise<void> {
  if (changed.length === 0) return;
  const column = <Value>(value: (lease: Lease) => Value) => changed.map(({ lease }) => value(lease));
  await put(tx, [
    bigintArray(changed.map(({ id }) => id)),
    textArray(column((lease) => lease.channel)),
    bigintArray(column((lease) => lease.allowance ?? null)),
    bigintArray(column((lease) => lease.sold)),
    bigintArray(column((lease) => lease.ungranted)),
    bigintArray(column((lease) => lease.confirmed)),
    bigintArray(column((lease) => lease.target ?? null)),
    column((lease) => JSON.stringify(lease.flights.map((one) => [one.version, one.allowance.toString()]))),
    bigintArray(column((lease) => lease.pace)),
  ]);
}

/** Articles that a channel's shop has been told something of, by number. */
export async function articlesLeasedTo(
  tx: EntityManager,
  channel: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows: { number: string }[] = await tx.query(
    `SELECT number FROM leases JOIN articles ON articles.id = article_id
     WHERE channel = $1 AND target IS NOT NULL AND number > $2 ORDER BY number LIMIT $3`,
    [channel, after, limit],
  );
  return rows.map((row) => row.number);
}

/** Leases of which something can still be sold, the largest first, for people to look at. */
export async function leasesOf(
  tx: EntityManager,
  channel: string | undefined,
  limit: number,
): Promise<{ article: string; lease: Lease }[]> {
  const rows: (Row & { number: string })[] = await tx.query(
    `SELECT number, article_id, channel, allowance, sold, ungranted, confirmed, target, flights, pace
     FROM leases JOIN articles ON articles.id = article_id
     WHERE target IS NOT NULL AND ($1::text IS NULL OR channel = $1)
       AND greatest(allowance, (flights -> 0 ->> 1)::bigint, sold) > sold
     ORDER BY greatest(allowance, (flights -> 0 ->> 1)::bigint) - sold DESC, number LIMIT $2`,
    [channel ?? null, limit],
  );
  return rows.map((row) => ({ article: row.number, lease: leaseOf(row) }));
}
