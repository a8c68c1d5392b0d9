import type { EntityManager } from 'typeorm';
import type { Decision } from '../import-orders/import.ts';
import { settleLines, wantShelves } from '../write-shelves/shelf-book.ts';

/** What the stock authority decided about one of the channel's orders. */
export interface Verdict {
  readonly number: string;
  /** Of the order that was decided on. */
  readonly revision: number;
  /** Left out where it stays what it was. */
  readonly decision?: Decision;
  /** Per article the first level version without the order's pieces. */
  readonly counted?: readonly { article: string; version: number }[];
}

/**
 * Keeps the verdicts, the last of each order, and asks for a look at the shelves that they concern.
 * A rejected order's pieces stay off the shelf until the shop has cancelled it, where it puts them back by itself then.
 */
export async function keepVerdicts(
  tx: EntityManager,
  verdicts: readonly Verdict[],
  restocksCancelled: boolean,
): Promise<void> {
  if (verdicts.length === 0) return;
  const last = new Map(
    verdicts.flatMap(({ number, decision }) => (decision ? [[number, decision] as const] : [])),
  );
  await tx.query(
    `WITH n AS (SELECT * FROM unnest($1::text[], $2::text[]) AS n (number, decision)),
       locked AS (SELECT o.id, n.decision FROM shop_orders o JOIN n ON lower(btrim(o.number)) = lower(btrim(n.number))
         ORDER BY o.id FOR UPDATE OF o)
     UPDATE shop_orders o SET decision = locked.decision FROM locked WHERE o.id = locked.id`,
    [[...last.keys()], [...last.values()]],
  );
  const counted = verdicts.flatMap(({ number, revision, counted = [] }) =>
    counted.map(({ article, version }) => ({ number, revision, article, version })),
  );
  // What was decided of an older revision says nothing of the lines as they were sent on since; a verdict on those
  // follows. A cancel has a revision too, and sends nothing on.
  await tx.query(
    `UPDATE order_lines l SET counted_from = n.version, counted = l.imported
     FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[]) AS n (number, revision, article, version), shop_orders o
     WHERE lower(btrim(o.number)) = lower(btrim(n.number)) AND l.order_id = o.id AND l.article = n.article
       AND n.revision >= o.sent_revision`,
    [
      counted.map((one) => one.number),
      counted.map((one) => one.revision),
      counted.map((one) => one.article),
      counted.map((one) => one.version),
    ],
  );
  // Nothing is promised to these any more. A released one is still in levels that are older than its promise, so it
  // counts until a newer one has come. A rejected one counts until its shop has cancelled it and put the pieces back,
  // which a buyer may have done before it was rejected: then no release follows, as there is nothing left to release.
  await tx.query(
    `WITH n AS (SELECT * FROM unnest($1::text[], $2::text[]) AS n (number, decision))
     UPDATE order_lines l SET counted_from = CASE WHEN n.decision = 'rejected' AND $3::boolean THEN NULL ELSE l.counted_from END,
       unsettled = CASE WHEN n.decision = 'rejected' AND $3::boolean THEN o.state NOT IN ('cancel-requested', 'cancelled')
         ELSE l.unsettled AND l.counted_from IS NOT NULL END
     FROM shop_orders o JOIN n ON lower(btrim(o.number)) = lower(btrim(n.number))
     WHERE l.order_id = o.id AND n.decision IN ('rejected', 'released')`,
    [[...last.keys()], [...last.values()], restocksCancelled],
  );
  const rows = (await tx.query(
    `SELECT DISTINCT l.article FROM order_lines l JOIN shop_orders o ON o.id = l.order_id
     WHERE lower(btrim(o.number)) = ANY (SELECT lower(btrim(n)) FROM unnest($1::text[]) n)`,
    [verdicts.map((verdict) => verdict.number)],
  )) as { article: string }[];
  const articles = rows.map((row) => row.article);
  await settleLines(tx, articles);
  await wantShelves(tx, articles);
}

/** Puts an order on the list of those that a person should look at, with the reason. */
export async function flagOrder(tx: EntityManager, number: string, attention: string): Promise<void> {
  await tx.query(
    `UPDATE shop_orders SET attention = $2, attention_at = now() WHERE lower(btrim(number)) = lower(btrim($1))`,
    [number, attention],
  );
}
