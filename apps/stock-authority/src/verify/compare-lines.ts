import type { EntityManager } from 'typeorm';
import { isQueued } from '../tables/orders.ts';
import { changesOf, type Difference, toldOf } from './difference.ts';
import type { Fold } from './fold.ts';
import type { FoldedOrder } from './folded.ts';

interface Row {
  readonly order: string;
  readonly article: string;
  readonly text: string;
}

const IS_REFUSED = /^\d.* t$/;

/** By order and article. */
type Texts = Map<string, Map<string, string>>;

function append(texts: Texts, { order, article, text }: Row): void {
  const name = `${order}\n${article}`;
  const lines = texts.get(name) ?? new Map<string, string>();
  texts.set(name, lines.set(`${lines.size + 1}`, text));
}

/**
 * What orders want of articles, revision by revision, and in the queue. A refused revision alone, as of an order that
 * was rejected, counts nowhere, so the ledger has no line of it. What the last read saw on its way is compared by the
 * sums that it makes, as nobody writes it where it changes none.
 */
export async function compareLines(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const kept: Texts = new Map();
  const revisions: Row[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, concat_ws(' ', revisions.revision, quantity,
       coalesce(sent::text, '-'), coalesce(accepted::text, '-'), refused) AS text
     FROM revisions JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id
     ORDER BY order_id, article_id, revisions.revision, nothing`,
  );
  for (const row of revisions) append(kept, row);
  const demands: Row[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, concat_ws(' ', 'queue', quantity, own, firm) AS text
     FROM demands JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id`,
  );
  for (const row of demands) append(kept, row);
  const folded = foldedTexts(fold);
  for (const [name, lines] of kept) {
    if (!folded.has(name) && [...lines.values()].every((text) => IS_REFUSED.test(text))) kept.delete(name);
  }
  return [...new Set([...kept.keys(), ...folded.keys()])].flatMap((name) => {
    const [order = '', article = ''] = name.split('\n');
    const [is, should] = [recordOf(kept.get(name)), recordOf(folded.get(name))];
    const names = Object.fromEntries(Object.keys({ ...is, ...should }).map((one) => [one, null]));
    const changes = changesOf<string>({ ...names, ...is }, { ...names, ...should });
    if (changes.length === 0) return [];
    return {
      entry: fold.orders.get(order)?.entry ?? null,
      difference: `What order ${order} wants of ${article} was changed past the ledger: line ${toldOf(changes)}.`,
      of: { number: order, article },
      changes,
      mend: (to: EntityManager) => writeBack(to, fold, order, article),
    };
  });
}

const recordOf = (lines: ReadonlyMap<string, string> | undefined): Record<string, string> =>
  Object.fromEntries(lines ?? []);

function foldedTexts(fold: Fold): Texts {
  const folded: Texts = new Map();
  for (const [article, { lines }] of fold.articles) {
    for (const [order, { revisions }] of lines) {
      for (const { revision, quantity, sent, accepted, refused = false } of revisions) {
        const text = `${revision} ${quantity} ${sent ?? '-'} ${accepted ?? '-'} ${refused ? 't' : 'f'}`;
        append(folded, { order, article, text });
      }
    }
  }
  for (const [order, record] of fold.orders) {
    for (const { article, quantity, own, firm } of demandsOf(record)) {
      append(folded, { order, article, text: `queue ${quantity} ${own} ${firm ? 't' : 'f'}` });
    }
  }
  return folded;
}

function demandsOf(order: FoldedOrder) {
  if (!isQueued(order)) return [];
  return [...order.needs].map(([article, quantity]) => {
    const own = order.own.get(article) ?? 0n;
    return { article, quantity, own: own < quantity ? own : quantity, firm: order.firm };
  });
}

async function writeBack(tx: EntityManager, fold: Fold, number: string, article: string): Promise<void> {
  const of = [number, article];
  const where = `order_id = (SELECT id FROM orders WHERE number = $1) AND article_id = (SELECT id FROM articles WHERE number = $2)`;
  await tx.query(`DELETE FROM revisions WHERE ${where}`, of);
  await tx.query(`DELETE FROM demands WHERE ${where}`, of);
  const line = fold.articles.get(article)?.lines.get(number);
  for (const { revision, quantity, sent, accepted, refused, inFlight } of line?.revisions ?? []) {
    await tx.query(
      `INSERT INTO revisions (order_id, article_id, revision, nothing, quantity, sent, accepted, refused, in_flight, open)
       SELECT orders.id, articles.id, $3, $4::bigint = 0, $4::bigint, $5, $6, $7, $8, $9
       FROM orders, articles WHERE orders.number = $1 AND articles.number = $2`,
      [
        ...of,
        revision,
        quantity.toString(),
        sent ?? null,
        accepted ?? null,
        refused ?? false,
        inFlight ?? false,
        !line?.share.settled,
      ],
    );
  }
  const order = fold.orders.get(number);
  for (const wish of order ? demandsOf(order) : []) {
    if (wish.article !== article) continue;
    await tx.query(
      `INSERT INTO demands (order_id, article_id, quantity, own, firm) SELECT orders.id, articles.id, $3, $4, $5
       FROM orders, articles WHERE orders.number = $1 AND articles.number = $2`,
      [...of, wish.quantity.toString(), wish.own.toString(), wish.firm],
    );
  }
}
