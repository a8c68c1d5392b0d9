import type { DataSource, EntityManager } from 'typeorm';

/** What the channel knows of an article whose shelf is to be looked at. Quantities in thousandths. */
export interface ShelfRow {
  readonly article: string;
  readonly version: number;
  readonly level: bigint;
  readonly sold: bigint;
  /** How much more that is than the authority counts, see `unheardOf`; below 0 where lines were lowered. */
  readonly kept: bigint;
  readonly uncounted: bigint;
  readonly open: bigint;
  readonly allowance?: bigint;
  readonly anchorNumber?: bigint;
  readonly feedReadPastAnchor: boolean;
  readonly shown?: bigint;
  readonly shownVersion?: number;
  /** What the authority was last told that the shop may have been allowed to sell, and of which version. */
  readonly told?: { readonly allowance: bigint; readonly version: number };
  readonly refused?: string;
  /** No plain write of a number above 0 is counted for this level any more, and whether a new one was asked for. */
  readonly spent: boolean;
  readonly renewed: boolean;
  readonly wanted: string;
}

/** What became of a look at a shelf. */
export interface ShelfResult {
  readonly article: string;
  /** Up to which wish it was done; left out when it is to be looked at again at once. */
  readonly done?: string;
  readonly allowance?: bigint;
  readonly anchor?: { readonly number: bigint; readonly at: Date };
  readonly againAfter?: Date;
  readonly shown?: { readonly number: bigint; readonly version: number };
  readonly told?: { readonly allowance: bigint; readonly version: number };
  /** The level that a new one was asked for. */
  readonly renewed?: number;
  readonly refused?: string;
  readonly editedByHand?: boolean;
}

interface Row {
  article: string;
  version: string;
  level: string;
  sold: string;
  kept: string;
  uncounted: string;
  open: string;
  allowance: string | null;
  anchor_number: string | null;
  past: boolean;
  shown: string | null;
  shown_version: string | null;
  told_allowance: string | null;
  told_version: string | null;
  refused: string | null;
  spent: boolean;
  renewed: boolean;
  wanted: string;
}

/**
 * Articles to be looked at, scarce ones first. A write that was begun and has no answer may have happened: the larger
 * of both allowances counts from then on, until a reading settles it.
 *
 * @param lagMs how long the feed may hide a change; a moment is read past when a complete read started that much later
 */
export async function wantedShelves(database: DataSource, most: number, lagMs: number): Promise<ShelfRow[]> {
  const rows = (await database.query(
    `WITH read_to AS (SELECT read_started_at - make_interval(secs => $2 / 1000.0) AS at FROM feed),
       chosen AS (
         SELECT s.* FROM shelves s WHERE s.level IS NOT NULL AND s.article IN (
           SELECT article FROM shelves WHERE wanted > done AND level IS NOT NULL
           UNION SELECT article FROM shelves WHERE again_after < (SELECT at FROM read_to))
         ORDER BY s.level, s.wanted_at LIMIT $1)
     SELECT c.article, c.version, c.level, c.sold, c.kept, c.wanted, c.shown, c.shown_version, c.refused, c.anchor_number,
       c.told_allowance, c.told_version, coalesce(c.renewed_version = c.version, false) AS renewed,
       coalesce(c.writable_since = 0 OR c.writable_since <= c.spent_version, false) AS spent,
       greatest(c.allowance, c.pending_allowance) AS allowance,
       coalesce(c.anchor_at < r.at, false) AS past,
       (SELECT coalesce(sum(CASE WHEN l.counted_from <= c.version THEN greatest(0, l.sold - l.counted)
           ELSE greatest(l.sold, l.imported) END), 0)
         FROM order_lines l WHERE l.unsettled AND l.article = c.article) AS uncounted,
       (SELECT coalesce(sum(l.sold - greatest(l.fulfilled, l.told)), 0)
         FROM order_lines l WHERE l.sold > greatest(l.fulfilled, l.told) AND l.article = c.article
           -- A fulfilment that was begun may have been made: what it takes off the number must not be added again.
           AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.order_id = l.order_id AND j.kind = 'fulfil'
             AND j.state = 'waiting' AND j.tries > 0)) AS open
     FROM chosen c LEFT JOIN read_to r ON true ORDER BY c.level, c.wanted_at`,
    [most, lagMs],
  )) as Row[];
  return rows.map((row) => ({
    article: row.article,
    version: Number(row.version),
    level: BigInt(row.level),
    sold: BigInt(row.sold),
    kept: BigInt(row.kept),
    uncounted: BigInt(row.uncounted),
    open: BigInt(row.open),
    allowance: optional(row.allowance),
    anchorNumber: optional(row.anchor_number),
    feedReadPastAnchor: row.past,
    shown: optional(row.shown),
    shownVersion: row.shown_version === null ? undefined : Number(row.shown_version),
    told:
      row.told_allowance === null || row.told_version === null
        ? undefined
        : { allowance: BigInt(row.told_allowance), version: Number(row.told_version) },
    refused: row.refused ?? undefined,
    spent: row.spent,
    renewed: row.renewed,
    wanted: row.wanted,
  }));
}

function optional(text: string | null): bigint | undefined {
  return text === null ? undefined : BigInt(text);
}

/**
 * Commits that these writes are about to be sent, with the most that each may come to allow. A number that was read
 * before says nothing any more: after a lost answer the shop may have sold down to the very same one. Nor does what the
 * authority was told before. A number above 0 uses up the one plain write that is counted for its level.
 */
export async function beginWrites(
  tx: EntityManager,
  writes: readonly { article: string; writeId: string; allowance?: bigint; spends?: number }[],
): Promise<void> {
  if (writes.length === 0) return;
  const sorted = writes.toSorted((one, other) => (one.article < other.article ? -1 : 1));
  await tx.query(
    `UPDATE shelves SET pending_write = n.write, anchor_number = NULL, anchor_at = NULL, told_version = NULL,
       pending_allowance = greatest(shelves.pending_allowance, n.allowance),
       spent_version = greatest(shelves.spent_version, n.spends)
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS n (article, write, allowance, spends)
     WHERE shelves.article = n.article`,
    [
      sorted.map((write) => write.article),
      sorted.map((write) => write.writeId),
      sorted.map((write) => write.allowance?.toString() ?? null),
      sorted.map((write) => write.spends ?? null),
    ],
  );
}

/**
 * Records what became of shelves; a write whose answer is among them is pending no more. A number is remembered only
 * where nothing has been heard of the article since the look at it began: with sales that were read meanwhile it could
 * not be told which of them it contains.
 */
export async function recordShelves(tx: EntityManager, results: readonly ShelfResult[]): Promise<void> {
  if (results.length === 0) return;
  const rows = results
    .toSorted((one, other) => (one.article < other.article ? -1 : 1))
    .map((result) => ({
      article: result.article,
      done: result.done ?? null,
      allowance: result.allowance?.toString() ?? null,
      anchor_number: result.anchor?.number.toString() ?? null,
      anchor_at: result.anchor?.at ?? null,
      again_after: result.againAfter ?? null,
      shown: result.shown?.number.toString() ?? null,
      shown_version: result.shown?.version ?? null,
      told_allowance: result.told?.allowance.toString() ?? null,
      told_version: result.told?.version ?? null,
      renewed: result.renewed ?? null,
      refused: result.refused ?? null,
      edited: result.editedByHand ?? false,
    }));
  await tx.query(
    `UPDATE shelves s SET done = greatest(s.done, coalesce(n.done, s.done)),
       allowance = coalesce(n.allowance, s.allowance),
       anchor_number = CASE WHEN n.anchor_number IS NULL THEN s.anchor_number WHEN s.wanted = n.done THEN n.anchor_number END,
       anchor_at = CASE WHEN n.anchor_number IS NULL THEN s.anchor_at WHEN s.wanted = n.done THEN n.anchor_at END,
       again_after = n.again_after, pending_write = NULL, pending_allowance = NULL,
       shown = coalesce(n.shown, s.shown), shown_version = coalesce(n.shown_version, s.shown_version),
       told_allowance = coalesce(n.told_allowance, s.told_allowance), told_version = coalesce(n.told_version, s.told_version),
       spent_version = greatest(s.spent_version, n.told_version), renewed_version = coalesce(n.renewed, s.renewed_version),
       refused = n.refused, edited_at = CASE WHEN n.edited THEN now() ELSE s.edited_at END
     FROM jsonb_to_recordset($1) AS n (article text, done bigint, allowance bigint, anchor_number bigint,
       anchor_at timestamptz, again_after timestamptz, shown bigint, shown_version bigint, told_allowance bigint, told_version bigint,
       renewed bigint, refused text, edited boolean)
     WHERE s.article = n.article`,
    [JSON.stringify(rows)],
  );
}

/** Asks for a look at every shelf that has none waiting. */
export async function wantAllShelves(database: DataSource): Promise<void> {
  await database.query(
    `WITH locked AS (SELECT article FROM shelves WHERE wanted = done AND level IS NOT NULL ORDER BY article FOR UPDATE)
     UPDATE shelves SET wanted = wanted + 1, wanted_at = now() FROM locked WHERE shelves.article = locked.article`,
  );
}

/** Asks for a look at these articles' shelves. */
export async function wantShelves(tx: EntityManager, articles: readonly string[]): Promise<void> {
  if (articles.length === 0) return;
  await tx.query(
    `WITH locked AS (SELECT article FROM shelves WHERE article = ANY($1) ORDER BY article FOR UPDATE)
     UPDATE shelves SET wanted = wanted + 1, wanted_at = now() FROM locked WHERE shelves.article = locked.article`,
    [[...new Set(articles)]],
  );
}

/** A level as the authority has published it, in thousandths. */
export interface Level {
  readonly article: string;
  readonly version: number;
  readonly level: bigint;
  /** From which version on one plain write is counted for it; 0 for none. */
  readonly since?: number;
}

/** Keeps the newest level of each article; older ones are dropped. Own pieces that it does not contain are settled. */
export async function keepLevels(tx: EntityManager, levels: readonly Level[]): Promise<void> {
  const newest = new Map<string, Level>();
  for (const level of levels) {
    if (level.version >= (newest.get(level.article)?.version ?? 0)) newest.set(level.article, level);
  }
  const sorted = [...newest.values()].toSorted((one, other) => (one.article < other.article ? -1 : 1));
  if (sorted.length === 0) return;
  await tx.query(
    `INSERT INTO shelves (article, version, level, writable_since, wanted)
     SELECT article, version, level, since, 1
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (article, version, level, since)
     ON CONFLICT (article) DO UPDATE SET version = excluded.version, level = excluded.level,
       writable_since = excluded.writable_since, wanted = shelves.wanted + 1, wanted_at = now()
     WHERE shelves.version IS NULL OR shelves.version < excluded.version`,
    [
      sorted.map((one) => one.article),
      sorted.map((one) => one.version),
      sorted.map((one) => String(one.level)),
      sorted.map((one) => one.since ?? null),
    ],
  );
  await settleLines(
    tx,
    sorted.map((one) => one.article),
  );
}

/** Lines whose pieces the newest level does not contain need no further look. */
export async function settleLines(tx: EntityManager, articles: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE order_lines l SET unsettled = false FROM shelves s
     WHERE l.article = ANY($1) AND l.unsettled AND s.article = l.article
       AND l.counted_from <= s.version AND l.sold <= l.counted`,
    [[...new Set(articles)]],
  );
}
