import { fromMilli, toMilli } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { changesOf, type Difference, toldOf } from './difference.ts';
import type { Fold } from './fold.ts';
import type { FoldedArrival, FoldedShare } from './folded.ts';

/** What purchase orders announce of each article, as it was told last. */
export async function compareExpectations(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const rows: { number: string; announced: FoldedArrival[] }[] = await tx.query(
    'SELECT number, announced FROM expectations JOIN articles ON articles.id = article_id',
  );
  const kept = new Map(
    rows.map(({ number, announced }) => [
      number,
      announced.map(({ quantity, ...day }) => ({ ...day, quantity: fromMilli(BigInt(quantity)) })),
    ]),
  );
  const numbers = new Set([...kept.keys(), ...fold.articles.keys()]);
  return [...numbers].flatMap((article) => {
    const folded = fold.articles.get(article);
    const should = folded?.announced ?? [];
    const changes = changesOf(
      { announced: announcedText(kept.get(article) ?? []) },
      { announced: announcedText(should) },
    );
    if (changes.length === 0) return [];
    return {
      entry: folded?.entry ?? null,
      difference: `What is expected of ${article} was changed past the ledger: ${toldOf(changes)}.`,
      of: { article },
      changes,
      mend: (to: EntityManager) =>
        to.query(
          `INSERT INTO expectations AS e (article_id, announced, look_at)
           SELECT id, $2::jsonb, now() FROM articles WHERE number = $1
           ON CONFLICT (article_id) DO UPDATE SET announced = excluded.announced, look_at = excluded.look_at`,
          [
            article,
            JSON.stringify(
              should.map(({ quantity, ...day }) => ({ ...day, quantity: toMilli(quantity).toString() })),
            ),
          ],
        ),
    };
  });
}

const announcedText = (arrivals: readonly FoldedArrival[]) =>
  arrivals.map(({ on, quantity }) => `${quantity} on ${on ?? 'no day'}`).join(', ');

/** Which orders are named for pieces that have vanished, and for how many. */
export async function compareShortfalls(tx: EntityManager, fold: Fold): Promise<Difference[]> {
  const rows: { order: string; article: string; quantity: string; missing: string }[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, quantity, missing
     FROM shortfalls JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id`,
  );
  const kept = new Map<string, Map<string, FoldedShare>>();
  for (const { order, article, quantity, missing } of rows) {
    const share = { wanted: fromMilli(BigInt(quantity)), missing: fromMilli(BigInt(missing)) };
    kept.set(order, (kept.get(order) ?? new Map()).set(article, share));
  }
  const named = [...fold.orders].flatMap(([number, { short }]) => (short ? [number] : []));
  return [...new Set([...kept.keys(), ...named])].flatMap((number) => {
    const order = fold.orders.get(number);
    const should = order?.short ?? new Map<string, FoldedShare>();
    const changes = changesOf(
      { missing: shortText(kept.get(number) ?? new Map()) },
      { missing: shortText(should) },
    );
    if (changes.length === 0) return [];
    return {
      entry: order?.entry ?? null,
      difference: `What order ${number} goes without was changed past the ledger: ${toldOf(changes)}.`,
      of: { number },
      changes,
      mend: (to: EntityManager) => writeShort(to, number, should),
    };
  });
}

const shortText = (shares: ReadonlyMap<string, FoldedShare>) =>
  // What it was promised may have changed since without other pieces missing, and then nothing was told.
  [...shares]
    .map(([article, { missing }]) => `${missing} ${article}`)
    .toSorted()
    .join(', ');

async function writeShort(
  tx: EntityManager,
  number: string,
  shares: ReadonlyMap<string, FoldedShare>,
): Promise<void> {
  await tx.query('DELETE FROM shortfalls USING orders WHERE orders.id = order_id AND orders.number = $1', [
    number,
  ]);
  const list = [...shares];
  await tx.query(
    `INSERT INTO shortfalls (article_id, order_id, quantity, missing)
     SELECT articles.id, orders.id, quantity, missing
     FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS new (article, quantity, missing)
     JOIN articles ON articles.number = article JOIN orders ON orders.number = $1`,
    [
      number,
      list.map(([article]) => article),
      list.map(([, { wanted }]) => toMilli(wanted).toString()),
      list.map(([, { missing }]) => toMilli(missing).toString()),
    ],
  );
}
