import { bigintArray, booleanArray, intArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { type Read, type Revision, share, type Share } from '../watermark/watermark.ts';
import type { OrderRecord } from './orders.ts';
import { statement } from './statement.ts';

/**
 * What one order wants of one article, revision by revision, and what that takes from the article's last
 * read.
 */
export interface Line {
  readonly order: Pick<OrderRecord, 'id' | 'number'>;
  readonly article: { readonly id: string; readonly number: string };
  revisions: readonly Revision[];
  share: Share;
  changed: boolean;
}

interface Row {
  order_id: string;
  order_number: string;
  article_id: string;
  article_number: string;
  revision: number;
  quantity: string;
  sent: string | null;
  accepted: string | null;
  refused: boolean;
  in_flight: boolean;
}

/**
 * Which lines to load: named ones, all of some orders, and all that still take something from some
 * articles.
 */
export interface LinesWanted {
  readonly pairs?: readonly { number: string; article: string }[];
  readonly orders?: readonly string[];
  readonly openOf?: readonly string[];
}

/**
 * Loads lines whose articles are locked.
 *
 * @param readOf the last read of an article by its number
 */
export async function loadLines(
  tx: EntityManager,
  wanted: LinesWanted,
  readOf: (article: string) => Read | undefined,
): Promise<Line[]> {
  const { pairs = [], orders = [], openOf = [] } = wanted;
  if (pairs.length + orders.length + openOf.length === 0) return [];
  const rows: Row[] = await tx.query(
    `WITH chosen AS (
       SELECT orders.id AS order_id, articles.id AS article_id
       FROM unnest($1::text[], $2::text[]) AS pair (number, article)
       JOIN orders ON orders.number = pair.number JOIN articles ON articles.number = pair.article
       UNION SELECT revisions.order_id, revisions.article_id
       FROM orders JOIN revisions ON revisions.order_id = orders.id WHERE orders.number = ANY($3::text[])
       UNION SELECT revisions.order_id, revisions.article_id
       FROM articles JOIN revisions ON revisions.article_id = articles.id
       WHERE revisions.open AND articles.number = ANY($4::text[]))
     SELECT revisions.order_id, orders.number AS order_number, revisions.article_id, articles.number AS article_number,
       revisions.revision, revisions.quantity, sent, accepted, refused, in_flight
     FROM chosen JOIN revisions USING (order_id, article_id)
     JOIN orders ON orders.id = chosen.order_id JOIN articles ON articles.id = chosen.article_id
     ORDER BY revisions.order_id, revisions.article_id, revisions.revision, nothing`,
    [pairs.map((pair) => pair.number), pairs.map((pair) => pair.article), orders, openOf],
  );
  return linesOf(rows, readOf);
}

function linesOf(rows: readonly Row[], readOf: (article: string) => Read | undefined): Line[] {
  const lines: (Line & { revisions: Revision[] })[] = [];
  for (const row of rows) {
    let line = lines.at(-1);
    if (line?.order.id !== row.order_id || line.article.id !== row.article_id) {
      line = {
        order: { id: row.order_id, number: row.order_number },
        article: { id: row.article_id, number: row.article_number },
        revisions: [],
        share: { low: 0n, high: 0n, settled: true },
        changed: false,
      };
      lines.push(line);
    }
    line.revisions.push({
      revision: row.revision,
      quantity: BigInt(row.quantity),
      refused: row.refused,
      inFlight: row.in_flight,
      ...(row.sent !== null && { sent: Number(row.sent), accepted: Number(row.accepted) }),
    });
  }
  for (const line of lines) line.share = share(readOf(line.article.number), line.revisions);
  return lines;
}

const put = statement(
  'put-any-revisions',
  `INSERT INTO revisions (order_id, article_id, revision, nothing, quantity, sent, accepted, refused, in_flight, open)
       SELECT order_id, article_id, revision, quantity = 0, quantity, sent, accepted, refused, in_flight, open
       FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[],
         $8::boolean[], $9::boolean[])
         AS new (order_id, article_id, revision, quantity, sent, accepted, refused, in_flight, open)
       ON CONFLICT (order_id, article_id, revision, nothing) DO UPDATE SET sent = excluded.sent,
         accepted = excluded.accepted, refused = excluded.refused, in_flight = excluded.in_flight, open = excluded.open`,
);

/** The same for what was promised to orders of this transaction; the rest of its columns stand by default. */
const insertPromised = statement(
  'insert-promised-revisions',
  `INSERT INTO revisions (order_id, article_id, revision, nothing, quantity)
   SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::int[]), false, unnest($4::bigint[])`,
);

interface Entry {
  readonly line: Line;
  readonly revision: Revision;
}

/** Of an order that has no row yet, so that there can be none of its line; as the warehouse has not heard of it. */
const isNew = ({ line: { order, share }, revision }: Entry, fresh: ReadonlySet<unknown>) =>
  fresh.has(order) &&
  !share.settled &&
  revision.quantity > 0n &&
  revision.accepted === undefined &&
  !revision.refused &&
  !revision.inFlight;

/**
 * Writes the revisions of all changed lines at once. Their orders must have ids.
 *
 * @param fresh orders that this transaction inserts
 */
export async function saveLines(
  tx: EntityManager,
  lines: readonly Line[],
  fresh: ReadonlySet<unknown>,
): Promise<void> {
  const promised: Entry[] = [];
  const others: Entry[] = [];
  for (const line of lines) {
    if (!line.changed) continue;
    line.changed = false;
    for (const revision of line.revisions) {
      const entry = { line, revision };
      (isNew(entry, fresh) ? promised : others).push(entry);
    }
  }
  const columns = (entries: readonly Entry[]) => [
    bigintArray(entries.map(({ line }) => line.order.id ?? null)),
    bigintArray(entries.map(({ line }) => line.article.id)),
    intArray(entries.map(({ revision }) => revision.revision)),
    bigintArray(entries.map(({ revision }) => revision.quantity)),
  ];
  await Promise.all([
    promised.length > 0 && insertPromised(tx, columns(promised)),
    others.length > 0 &&
      put(tx, [
        ...columns(others),
        bigintArray(others.map(({ revision }) => revision.sent ?? null)),
        bigintArray(others.map(({ revision }) => revision.accepted ?? null)),
        booleanArray(others.map(({ revision }) => revision.refused ?? false)),
        booleanArray(others.map(({ revision }) => revision.inFlight ?? false)),
        booleanArray(others.map(({ line }) => !line.share.settled)),
      ]),
  ]);
}
