import { type Event, fitText, sameNumberKey, toWmsNumber } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { FeedPosition } from '../shop.ts';
import { announce, type AnnounceRules, type KnownAnnouncement } from './announce.ts';
import type { InboundKind, InboundNews, ShopAnnouncement, UnreadableAnnouncement } from './inbound.ts';

const LOCK = 7_310_004;

interface Row {
  id: string;
  number: string | null;
  shop_number: string;
  state: KnownAnnouncement['state'];
  revision: number;
  changed_at: Date;
  digest: string;
  attention: string | null;
}

/** Records what was read of some announcements, and gives back what is to be published of it in this transaction. */
export async function recordInbound(
  tx: EntityManager,
  reads: readonly (ShopAnnouncement | UnreadableAnnouncement)[],
  rules: AnnounceRules,
): Promise<Event[]> {
  // Pages of two processes may come at once; one after the other they need no further care.
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [LOCK]);
  const { kind } = rules;
  const rows = (await tx.query(
    `SELECT id, number, shop_number, state, revision, changed_at, digest, attention FROM inbound
     WHERE kind = $1 AND id = ANY($2)`,
    [kind, reads.map((read) => read.id)],
  )) as Row[];
  const known = new Map(rows.map((row) => [row.id, knownOf(row)]));
  const owners = await ownersOfNumbers(tx, reads, rules);
  const events: Event[] = [];
  const now = new Date();
  for (const read of reads) {
    const isTaken = (number: string) => (owners.get(sameNumberKey(number)) ?? read.id) !== read.id;
    const result = announce(known.get(read.id), read, { ...rules, isTaken, now });
    if (!result.known) continue;
    known.set(read.id, result.known);
    if (result.known.number) owners.set(sameNumberKey(result.known.number), read.id);
    await write(tx, kind, result.known);
    if (result.event) events.push(result.event);
  }
  return events;
}

const knownOf = (row: Row): KnownAnnouncement => ({
  id: row.id,
  number: row.number ?? undefined,
  shopNumber: row.shop_number,
  state: row.state,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
  digest: row.digest,
  attention: row.attention ?? undefined,
});

async function ownersOfNumbers(
  tx: EntityManager,
  reads: readonly { number?: string | undefined }[],
  { kind, channel }: AnnounceRules,
): Promise<Map<string, string>> {
  const keys = reads.flatMap((read) => {
    try {
      return [sameNumberKey(toWmsNumber(read.number ?? '', channel.code))];
    } catch {
      return [];
    }
  });
  const rows = (await tx.query(
    'SELECT id, lower(btrim(number)) AS key FROM inbound WHERE kind = $1 AND lower(btrim(number)) = ANY($2)',
    [kind, keys],
  )) as { id: string; key: string }[];
  return new Map(rows.map((row) => [row.key, row.id]));
}

async function write(tx: EntityManager, kind: InboundKind, one: KnownAnnouncement): Promise<void> {
  await tx.query(
    `INSERT INTO inbound AS i (kind, id, number, shop_number, state, revision, changed_at, digest, attention, attention_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $9::text IS NULL THEN NULL ELSE now() END)
     ON CONFLICT (kind, id) DO UPDATE SET number = excluded.number, shop_number = excluded.shop_number,
       state = excluded.state, revision = excluded.revision, changed_at = excluded.changed_at, digest = excluded.digest,
       attention = excluded.attention, attention_at = CASE WHEN excluded.attention IS NOT DISTINCT FROM i.attention
         THEN i.attention_at ELSE excluded.attention_at END`,
    [
      kind,
      one.id,
      one.number ?? null,
      one.shopNumber,
      one.state,
      one.revision,
      new Date(one.changedAt),
      one.digest,
      one.attention ?? null,
    ],
  );
}

/** Where the feed has been read to. A channel that is new begins at `first`. */
export async function findInboundFeed(
  tx: EntityManager,
  kind: InboundKind,
  first: string,
): Promise<FeedPosition> {
  await tx.query(`INSERT INTO inbound_feeds VALUES ($1, $2, '') ON CONFLICT DO NOTHING`, [kind, first]);
  const [row] = (await tx.query('SELECT changed_at, last_id FROM inbound_feeds WHERE kind = $1', [kind])) as {
    changed_at: Date;
    last_id: string;
  }[];
  return { changedAt: row?.changed_at.toISOString() ?? first, id: row?.last_id ?? '' };
}

/** Forward, and back only from a time that is yet to come. */
export async function moveInboundFeed(
  tx: EntityManager,
  kind: InboundKind,
  to: FeedPosition,
  startedAt: Date,
): Promise<void> {
  await tx.query(
    `UPDATE inbound_feeds SET changed_at = $2, last_id = $3
     WHERE kind = $1 AND ((changed_at, last_id) < ($2::timestamptz, $3) OR changed_at > $4)`,
    [kind, to.changedAt, to.id, startedAt],
  );
}

export interface NewCall {
  /** The number in the WMS. */
  readonly number: string;
  readonly news: InboundNews;
  /** For a person, where somebody must know. */
  readonly attention?: string | undefined;
}

/**
 * Puts what is to be told to the system on the list, to be told after the commit.
 * @throws Unprocessable when one is not this channel's: nothing could be told of it
 */
export async function addCalls(
  tx: EntityManager,
  kind: InboundKind,
  calls: readonly NewCall[],
): Promise<void> {
  for (const { number, news, attention } of calls) {
    const [found] = (await tx.query(
      `SELECT id FROM inbound WHERE kind = $1 AND lower(btrim(number)) = lower(btrim($2))`,
      [kind, number],
    )) as { id: string }[];
    if (!found)
      throw new Unprocessable(
        'inbound.unknown',
        `The ${kind} ${number} is said to be of this channel, but the channel never announced it. Was its database replaced?`,
      );
    await tx.query(
      `INSERT INTO inbound_calls (kind, inbound_id, key, news) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [kind, found.id, news.key, JSON.stringify(news)],
    );
    if (!attention) continue;
    await tx.query(`UPDATE inbound SET attention = $3, attention_at = now() WHERE kind = $1 AND id = $2`, [
      kind,
      found.id,
      attention,
    ]);
  }
}

export interface Call {
  readonly id: string;
  readonly kind: InboundKind;
  readonly inboundId: string;
  readonly number: string;
  readonly shopNumber: string;
  readonly news: InboundNews;
  readonly tries: number;
}

/** Calls that may be made now, of each announcement the first that waits. */
export async function dueCalls(tx: EntityManager, most: number): Promise<Call[]> {
  return (await tx.query(
    `SELECT c.id, c.kind, c.inbound_id AS "inboundId", i.number, i.shop_number AS "shopNumber", c.news, c.tries
     FROM inbound_calls c JOIN inbound i ON i.kind = c.kind AND i.id = c.inbound_id
     WHERE c.state = 'waiting' AND c.next_at <= now() AND NOT EXISTS (SELECT 1 FROM inbound_calls e
       WHERE e.kind = c.kind AND e.inbound_id = c.inbound_id AND e.state = 'waiting' AND e.id < c.id)
     ORDER BY c.next_at LIMIT $1`,
    [most],
  )) as Call[];
}

/** Done, or refused for good. */
export async function endCall(tx: EntityManager, call: Call, refusal?: string): Promise<void> {
  await tx.query(
    `UPDATE inbound_calls SET state = $2, ended_at = now(), tries = tries + 1, reason = $3 WHERE id = $1`,
    [
      call.id,
      refusal === undefined ? 'done' : 'parked',
      refusal === undefined ? null : fitText(refusal, 1000),
    ],
  );
}

export async function postponeCall(
  tx: EntityManager,
  call: Call,
  waitMs: number,
  reason: string,
): Promise<void> {
  await tx.query(
    `UPDATE inbound_calls SET next_at = now() + make_interval(secs => $2 / 1000.0), tries = tries + 1, reason = $3
     WHERE id = $1`,
    [call.id, waitMs, fitText(reason, 1000)],
  );
}
