import type { EntityManager } from 'typeorm';
import type { Kits } from '../follow-kits/kits.ts';

/** Deeper nesting is a mistake in somebody's master data. */
const DEPTH_MOST = 5;

interface Row {
  kit: string;
  part: string;
  quantity: string;
}

/** Whether there is any kit at all, which most installations do not have. */
export async function haveKits(tx: EntityManager): Promise<boolean> {
  const [row]: { found: boolean }[] = await tx.query('SELECT EXISTS (SELECT FROM kits) AS found');
  return row?.found ?? false;
}

/** Every kit that has to do with these articles, as it or through its parts, with what it consists of in the end. */
export async function loadKits(tx: EntityManager, articles: readonly string[]): Promise<Kits> {
  const concerned: { kit: string }[] = await tx.query(
    `WITH RECURSIVE down AS (
       SELECT part, 1 AS depth FROM kits WHERE kit = ANY($1::text[])
       UNION SELECT kits.part, depth + 1 FROM down JOIN kits ON kits.kit = down.part WHERE depth < $2),
     up AS (
       SELECT kit, 1 AS depth FROM kits WHERE part = ANY($1::text[]) OR part IN (SELECT part FROM down)
       UNION SELECT kits.kit, depth + 1 FROM up JOIN kits ON kits.part = up.kit WHERE depth < $2)
     SELECT kit FROM up UNION SELECT kit FROM kits WHERE kit = ANY($1::text[])`,
    [articles, DEPTH_MOST],
  );
  if (concerned.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    `WITH RECURSIVE tree AS (
       SELECT kit, part, quantity, 1 AS depth FROM kits WHERE kit = ANY($1::text[])
       UNION ALL SELECT tree.kit, kits.part, tree.quantity * kits.quantity / 1000, depth + 1
         FROM tree JOIN kits ON kits.kit = tree.part WHERE depth < $2)
     SELECT kit, part, sum(quantity)::bigint AS quantity FROM tree
     WHERE NOT EXISTS (SELECT 1 FROM kits WHERE kits.kit = tree.part) GROUP BY kit, part ORDER BY kit, part`,
    [concerned.map((row) => row.kit), DEPTH_MOST],
  );
  const kits = new Map<string, Map<string, bigint>>();
  for (const { kit, part, quantity } of rows)
    kits.set(kit, (kits.get(kit) ?? new Map<string, bigint>()).set(part, BigInt(quantity)));
  return kits;
}

/** Replaces what a kit consists of; without parts it is none any more. */
export async function setKit(
  tx: EntityManager,
  kit: string,
  parts: ReadonlyMap<string, bigint>,
): Promise<void> {
  await tx.query('DELETE FROM kits WHERE kit = $1', [kit]);
  await tx.query(
    'INSERT INTO kits (kit, part, quantity) SELECT $1, * FROM unnest($2::text[], $3::bigint[])',
    [kit, [...parts.keys()], [...parts.values()].map(String)],
  );
}

/** Whether an article is sold in whole pieces only; it is locked. */
export async function setWholePieces(tx: EntityManager, number: string, wholePieces: boolean): Promise<void> {
  await tx.query('UPDATE articles SET whole_pieces = $2 WHERE number = $1', [number, wholePieces]);
}

export async function containsItself(tx: EntityManager, kit: string): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH RECURSIVE down AS (
       SELECT part, 1 AS depth FROM kits WHERE kit = $1
       UNION SELECT kits.part, depth + 1 FROM down JOIN kits ON kits.kit = down.part WHERE depth <= $2)
     SELECT 1 FROM down WHERE part = $1 OR depth > $2 LIMIT 1`,
    [kit, DEPTH_MOST],
  );
  return rows.length > 0;
}
