import { fitText } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { ChangeOutcome, OrderNote } from '../shop.ts';
import { wantShelves } from '../write-shelves/shelf-book.ts';
import { ownPieces } from './own-pieces.ts';

export type JobKind = 'fulfil' | 'cancel' | 'note' | 'return';

export interface NewJob {
  /** The order's number in the WMS. */
  readonly number: string;
  /** With the order: what is to be done once, however often it is asked for. */
  readonly key: string;
  readonly kind: JobKind;
  readonly payload: object;
  /** What became of the order's change that was sent on under this revision; nothing where none was. */
  readonly answers?: { readonly revision: number; readonly outcome: ChangeOutcome };
}

/** Something to do in the shop, in its turn. */
export interface Job {
  readonly id: string;
  readonly orderId: string;
  /** In the WMS; its shop's own for an order that was never sent on. */
  readonly number: string;
  readonly shopNumber: string;
  readonly key: string;
  readonly kind: JobKind;
  readonly payload: Record<string, unknown>;
  readonly tries: number;
}

/**
 * Puts calls to the shop on the list, to be made after the commit.
 * @throws Unprocessable when an order is not this channel's: nothing could be told to the shop of it
 */
export async function addJobs(tx: EntityManager, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const rows = (await tx.query(
    `WITH n AS (SELECT * FROM jsonb_to_recordset($1)
         AS n (ordinal integer, number text, key text, kind text, payload jsonb, answers jsonb)),
       found AS (SELECT n.ordinal, n.number, n.key, n.kind, o.id AS order_id,
           CASE WHEN c.revision IS NULL THEN n.payload ELSE n.payload || jsonb_build_object('change',
             jsonb_build_object('changedAt', to_char(c.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'outcome', n.answers->>'outcome')) END AS payload
         FROM n LEFT JOIN shop_orders o ON lower(btrim(o.number)) = lower(btrim(n.number))
         LEFT JOIN order_changes c ON c.order_id = o.id AND c.revision = (n.answers->>'revision')::integer),
       added AS (INSERT INTO jobs (order_id, key, kind, payload)
         SELECT order_id, key, kind, payload FROM found WHERE order_id IS NOT NULL ORDER BY ordinal
         ON CONFLICT (order_id, key) DO NOTHING)
     SELECT number FROM found WHERE order_id IS NULL`,
    [JSON.stringify(jobs.map((job, ordinal) => ({ ordinal, ...job })))],
  )) as { number: string }[];
  const unknown = rows[0]?.number;
  if (unknown)
    throw new Unprocessable(
      'order.unknown',
      `Order ${unknown} is said to be of this channel, but the channel never imported it. Was its database replaced?`,
    );
}

/** A remark at an order that may not have a number in the WMS. */
export type NewNote = OrderNote & { readonly orderId: string };

/** Puts remarks on the list, to be written after the commit. */
export async function addNotes(tx: EntityManager, notes: readonly NewNote[]): Promise<void> {
  if (notes.length === 0) return;
  const rows = notes.map(({ orderId, key, ...payload }) => ({ order_id: orderId, key, payload }));
  await tx.query(
    `INSERT INTO jobs (order_id, key, kind, payload)
     SELECT order_id, key, 'note', payload FROM jsonb_to_recordset($1) AS n (order_id text, key text, payload jsonb)
     ON CONFLICT (order_id, key) DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

/** Calls that may be made now: of each order the first that waits, so that they reach the shop in order. */
export async function dueJobs(tx: EntityManager, most: number): Promise<Job[]> {
  return (await tx.query(
    `SELECT j.id, j.order_id AS "orderId", coalesce(o.number, o.shop_number) AS number, o.shop_number AS "shopNumber", j.key, j.kind, j.payload, j.tries
     FROM jobs j JOIN shop_orders o ON o.id = j.order_id
     WHERE j.state = 'waiting' AND j.next_at <= now()
       AND NOT EXISTS (SELECT 1 FROM jobs e WHERE e.order_id = j.order_id AND e.state = 'waiting' AND e.id < j.id)
     ORDER BY j.next_at LIMIT $1`,
    [most],
  )) as Job[];
}

/** A try begins: should its outcome be lost, the next one knows that there was one. */
export async function beginTries(tx: EntityManager, ids: readonly string[]): Promise<void> {
  await tx.query('UPDATE jobs SET tries = tries + 1 WHERE id = ANY($1)', [ids]);
}

/** The shop did it. What a fulfilment took off the shelf there is remembered, for shops that count by it. */
export async function endJob(tx: EntityManager, job: Job): Promise<void> {
  const ended = (await tx.query(
    `UPDATE jobs SET state = 'done', ended_at = now(), reason = NULL WHERE id = $1 AND state = 'waiting' RETURNING id`,
    [job.id],
  )) as [unknown[], number];
  if (ended[1] === 0) return;
  if (job.kind === 'fulfil') {
    await tx.query(
      `UPDATE order_lines l SET told = least(l.sold, l.told + n.milli)
       FROM (SELECT line->>'row' AS row, sum(((line->>'quantity')::numeric * 1000)::bigint) AS milli
         FROM jsonb_array_elements($2::jsonb) line GROUP BY 1) n
       WHERE l.order_id = $1 AND l.row = n.row`,
      [job.orderId, JSON.stringify(job.payload.lines)],
    );
  }
  if (job.kind === 'note' || job.kind === 'return') return;
  const lines = (await tx.query('SELECT DISTINCT article FROM order_lines WHERE order_id = $1', [
    job.orderId,
  ])) as { article: string }[];
  await wantShelves(
    tx,
    lines.map((line) => line.article),
  );
}

/** It failed for now. */
export async function postponeJob(
  tx: EntityManager,
  job: Job,
  waitMs: number,
  reason: string,
): Promise<void> {
  await tx.query(
    `UPDATE jobs SET next_at = now() + make_interval(secs => $2 / 1000.0), reason = $3 WHERE id = $1`,
    [job.id, waitMs, fitText(reason, 1000)],
  );
}

/** No retry can help: on the list with its reason, and the order's later calls go on. */
export async function parkJob(tx: EntityManager, job: Job, reason: string): Promise<void> {
  await tx.query(`UPDATE jobs SET state = 'parked', ended_at = now(), reason = $2 WHERE id = $1`, [
    job.id,
    fitText(reason, 1000),
  ]);
}

/** The same calls, of parcels with the pieces that the shop has sold and was not told of yet. */
export async function withOwnPieces(tx: EntityManager, jobs: readonly Job[]): Promise<Job[]> {
  const parcels = jobs.filter(({ kind }) => kind === 'fulfil');
  if (parcels.length === 0) return [...jobs];
  // A row that got another article has a line for each.
  const rows = (await tx.query(
    `SELECT order_id AS "orderId", row, sum(greatest(sold - told, 0))::text AS "left" FROM order_lines
     WHERE order_id = ANY($1) GROUP BY 1, 2`,
    [parcels.map(({ orderId }) => orderId)],
  )) as { orderId: string; row: string; left: string }[];
  return jobs.map((job) => {
    if (job.kind !== 'fulfil') return job;
    const { lines } = job.payload as { lines: Parameters<typeof ownPieces>[0] };
    const ours = rows.filter(({ orderId }) => orderId === job.orderId);
    const open = new Map(ours.map(({ row, left }) => [row, BigInt(left)]));
    return { ...job, payload: { ...job.payload, lines: ownPieces(lines, open) } };
  });
}
