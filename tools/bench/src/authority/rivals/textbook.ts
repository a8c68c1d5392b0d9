import type { Client } from 'pg';
import { addressOf, articlesOf, quantitiesOf, reservedOf, shortOf, type Wish } from './wish.ts';

/**
 * What every book shows: lock the stock, look, write, commit; one transaction for each order, one statement
 * after another. Statements are prepared, lines of an order go together, and the lock comes as late as it can.
 */
export async function textbook(client: Client, wish: Wish, events: boolean): Promise<void> {
  await client.query('BEGIN');
  const claimed = await client.query({
    name: 'claim',
    text: 'INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING',
    values: [wish.id],
  });
  if (claimed.rowCount === 0) {
    await client.query('ROLLBACK');
    return;
  }
  const stock = await client.query<{ article: string; free: number }>({
    name: 'lock',
    text: 'SELECT article, free FROM stock WHERE article = ANY ($1) ORDER BY article FOR UPDATE',
    values: [articlesOf(wish)],
  });
  const free = new Map(stock.rows.map((row) => [row.article, row.free]));
  const covered = wish.wants.every(({ article, quantity }) => (free.get(article) ?? 0) >= quantity);
  if (covered) await reserve(client, wish);
  if (events) {
    await client.query({
      name: 'tell',
      text: `INSERT INTO outbox (topic, partition, id, key, headers, data) VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [...addressOf(wish), ...(covered ? reservedOf(wish) : shortOf(wish))],
    });
  }
  await client.query('COMMIT');
}

async function reserve(client: Client, wish: Wish): Promise<void> {
  await client.query({
    name: 'take',
    text: `UPDATE stock SET free = free - quantity, reserved = reserved + quantity
           FROM unnest($1::text[], $2::int[]) AS wanted (article, quantity) WHERE stock.article = wanted.article`,
    values: [articlesOf(wish), quantitiesOf(wish)],
  });
  await client.query({
    name: 'reserve',
    text: `INSERT INTO reservations (number, article, quantity)
           SELECT $3, article, quantity FROM unnest($1::text[], $2::int[]) AS wanted (article, quantity)`,
    values: [articlesOf(wish), quantitiesOf(wish), wish.order.number],
  });
}
