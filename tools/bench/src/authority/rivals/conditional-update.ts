import type { Client } from 'pg';
import { addressOf, articlesOf, quantitiesOf, reservedOf, shortOf, type Wish } from './wish.ts';

const claim = 'INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id';

/** $5 to $12: where the event goes, then its headers and data for either verdict. */
const tell = (covered: string) => `
  INSERT INTO outbox (topic, partition, id, key, headers, data)
  SELECT $5, $6::int, $7::uuid, $8, CASE WHEN ${covered} THEN $9::json ELSE $11::json END,
    CASE WHEN ${covered} THEN $10 ELSE $12 END FROM claimed`;

const oneArticle = (events: boolean) => `
  WITH claimed AS (${claim}),
    taken AS (UPDATE stock SET free = free - $4, reserved = reserved + $4
              WHERE article = $3 AND free >= $4 AND EXISTS (SELECT FROM claimed) RETURNING article),
    booked AS (INSERT INTO reservations (number, article, quantity) SELECT $2, article, $4 FROM taken)
  ${events ? tell('EXISTS (SELECT FROM taken)') : 'SELECT FROM claimed'}`;

/**
 * `UPDATE … WHERE free >= q` and all the rest in one statement, so that the row is locked for no round trip.
 * Several articles need a transaction, because there is no undoing one statement's half: an update for each, in
 * ascending order, and all of them taken back where one finds too little.
 */
export async function conditionalUpdate(client: Client, wish: Wish, events: boolean): Promise<void> {
  const [first] = wish.wants;
  if (!first || wish.wants.length > 1) return several(client, wish, events);
  await client.query({
    name: 'one',
    text: oneArticle(events),
    values: [
      wish.id,
      wish.order.number,
      first.article,
      first.quantity,
      ...(events ? [...addressOf(wish), ...reservedOf(wish), ...shortOf(wish)] : []),
    ],
  });
}

async function several(client: Client, wish: Wish, events: boolean): Promise<void> {
  await client.query('BEGIN');
  await client.query({ name: 'claim', text: claim, values: [wish.id] });
  await client.query('SAVEPOINT claimed');
  let covered = true;
  for (const { article, quantity } of wish.wants) {
    const taken = await client.query({
      name: 'take',
      text: 'UPDATE stock SET free = free - $2, reserved = reserved + $2 WHERE article = $1 AND free >= $2',
      values: [article, quantity],
    });
    covered = taken.rowCount === 1;
    if (!covered) break;
  }
  if (covered) {
    await client.query({
      name: 'reserve',
      text: `INSERT INTO reservations (number, article, quantity)
             SELECT $3, article, quantity FROM unnest($1::text[], $2::int[]) AS wanted (article, quantity)`,
      values: [articlesOf(wish), quantitiesOf(wish), wish.order.number],
    });
  } else await client.query('ROLLBACK TO SAVEPOINT claimed');
  if (events) {
    await client.query({
      name: 'tell',
      text: 'INSERT INTO outbox (topic, partition, id, key, headers, data) VALUES ($1, $2, $3, $4, $5, $6)',
      values: [...addressOf(wish), ...(covered ? reservedOf(wish) : shortOf(wish))],
    });
  }
  await client.query('COMMIT');
}
