import type { Client } from 'pg';
import { addressOf, articlesOf, quantitiesOf, reservedOf, shortOf, type Wish } from './wish.ts';

/**
 * All of an order in one statement: lock as many free rows as it wants, passing over what others have locked,
 * and take them if that is all it wants.
 */
const statement = (events: boolean) => `
  WITH claimed AS (INSERT INTO inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id),
    wanted AS (SELECT article, quantity FROM unnest($3::text[], $4::int[]) AS wanted (article, quantity), claimed),
    picked AS MATERIALIZED (
      SELECT piece.id FROM wanted CROSS JOIN LATERAL (
        SELECT id FROM pieces WHERE pieces.article = wanted.article AND number IS NULL
        LIMIT wanted.quantity FOR UPDATE SKIP LOCKED) piece),
    verdict AS MATERIALIZED (
      SELECT (SELECT count(*) FROM picked) = (SELECT sum(quantity) FROM wanted) AS covered FROM claimed),
    taken AS (UPDATE pieces SET number = $2 FROM picked, verdict WHERE pieces.id = picked.id AND covered),
    booked AS (INSERT INTO reservations (number, article, quantity)
               SELECT $2, article, quantity FROM wanted, verdict WHERE covered)
  ${
    events
      ? `INSERT INTO outbox (topic, partition, id, key, headers, data)
         SELECT $5, $6::int, $7::uuid, $8, CASE WHEN covered THEN $9::json ELSE $11::json END,
           CASE WHEN covered THEN $10 ELSE $12 END FROM verdict`
      : 'SELECT FROM verdict'
  }`;

/** A row for each piece and SKIP LOCKED: nobody waits for anybody's row. */
export async function rowPerPiece(client: Client, wish: Wish, events: boolean): Promise<void> {
  await client.query({
    name: 'one',
    text: statement(events),
    values: [
      wish.id,
      wish.order.number,
      articlesOf(wish),
      quantitiesOf(wish),
      ...(events ? [...addressOf(wish), ...reservedOf(wish), ...shortOf(wish)] : []),
    ],
  });
}
