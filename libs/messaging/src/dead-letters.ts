import { DataSource, type EntityManager } from 'typeorm';
import type { Fault } from './decode.ts';
import { isConflict, isOutage } from './failure.ts';
import type { Announce, Outgoing, RawMessage, Transport } from './transport.ts';
import { Unprocessable } from './unprocessable.ts';
import { reasonOf, type Work } from './work.ts';

/** A message that was set aside. `parked` has failed itself; `queued` waits behind a parked one of its key. */
export interface DeadLetter {
  id: string;
  state: 'parked' | 'queued';
  messageId: string;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  type: string | null;
  source: string | null;
  channel: string | null;
  /** Machine-readable, such as 'message.invalid'. */
  code: string | null;
  /** In words for a person: what, where, next step. */
  reason: string | null;
  /** ISO 8601. */
  parkedAt: string;
}

/** What became of a retry or discard: how many messages of the key were handled, and which one is parked now. */
export interface Replay {
  handled: number;
  parked?: { id: string; code: string; reason: string };
}

/** `unknown`: no open dead letter has this id. `queued`: another one of its key stands before it, see `message`. */
export class DeadLetterRefused extends Error {
  override readonly name = 'DeadLetterRefused';

  constructor(
    readonly code: 'dead-letter.unknown' | 'dead-letter.queued',
    message: string,
  ) {
    super(message);
  }
}

interface Row {
  id: string;
  state: DeadLetter['state'];
  message_id: string;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  headers: Record<string, string>;
  value: Buffer | null;
  code: string | null;
  reason: string | null;
  parked_at: Date;
}

/** A replayed message has failed again; its transaction is undone. */
class FailedAgain extends Error {
  constructor(
    readonly letter: Row,
    readonly fault: Fault,
  ) {
    super(fault.code);
  }
}

const LIST_MOST = 500;
const CONFLICT_TRIES = 10;

/** The messages that this service could not work with. Everything of a parked key waits until a person has decided. */
export class DeadLetters {
  constructor(
    private readonly source: DataSource,
    private readonly transport: Transport,
    private readonly work: Work,
  ) {}

  /** Open ones, oldest first; at most `limit` (500 unless told). */
  async list({ limit = LIST_MOST }: { limit?: number } = {}): Promise<DeadLetter[]> {
    const rows: Row[] = await this.source.query(
      `SELECT id, state, message_id, topic, partition, "offset", key, headers, code, reason, parked_at
         FROM dead_letters WHERE state IN ('parked', 'queued') ORDER BY id LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({
      id: row.id,
      state: row.state,
      messageId: row.message_id,
      topic: row.topic,
      partition: row.partition,
      offset: row.offset,
      key: row.key,
      type: row.headers.ce_type ?? null,
      source: row.headers.ce_source ?? null,
      channel: row.headers.samlast_channel ?? null,
      code: row.code,
      reason: row.reason,
      parkedAt: row.parked_at.toISOString(),
    }));
  }

  /**
   * Handles a parked message again, then those that queue behind it, in order, until one fails. Throws
   * DeadLetterRefused.
   */
  retry(id: string, author: string, reason: string): Promise<Replay> {
    return this.replay(id, author, reason, 'handled');
  }

  /** Gives a parked message up and handles those that queue behind it. Throws DeadLetterRefused. */
  discard(id: string, author: string, reason: string): Promise<Replay> {
    return this.replay(id, author, reason, 'discarded');
  }

  private async replay(
    id: string,
    author: string,
    reason: string,
    first: 'handled' | 'discarded',
  ): Promise<Replay> {
    let handled = 0;
    let next: string | undefined = id;
    for (let outcome = first; next !== undefined; outcome = 'handled') {
      try {
        next = await this.step(next, outcome, author, reason);
      } catch (error) {
        if (!(error instanceof FailedAgain)) throw error;
        const { letter, fault } = error;
        await this.source.query('UPDATE dead_letters SET code = $2, reason = $3 WHERE id = $1', [
          letter.id,
          fault.code,
          fault.reason,
        ]);
        return { handled, parked: { id: letter.id, ...fault } };
      }
      if (outcome === 'handled') handled += 1;
    }
    return { handled };
  }

  /**
   * Settles one letter in one transaction with its effects; answers the next one of its key, which is then the parked
   * one.
   */
  private async step(
    id: string,
    outcome: 'handled' | 'discarded',
    author: string,
    reason: string,
  ): Promise<string | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      let announce: Announce | undefined;
      try {
        const next = await this.source.transaction(async (tx) => {
          const letter = await this.lock(tx, id);
          const outgoing = outcome === 'discarded' ? [] : await this.handle(tx, letter);
          await tx.query(
            `UPDATE dead_letters SET state = $2, author = $3, author_reason = $4, settled_at = now() WHERE id = $1`,
            [id, outcome, author, reason],
          );
          const following = await promote(tx, letter);
          announce = await this.transport.append(tx, outgoing);
          return following;
        });
        announce?.();
        return next;
      } catch (error) {
        if (!isConflict(error) || attempt === CONFLICT_TRIES) throw error;
      }
    }
  }

  /** Locks all open letters of the key, so that a batch with more of it waits for what becomes of them. */
  private async lock(tx: EntityManager, id: string): Promise<Row> {
    const rows: Row[] = /^\d{1,18}$/.test(id)
      ? await tx.query(
          `SELECT d.* FROM dead_letters d JOIN dead_letters one ON one.id = $1
            WHERE d.state IN ('parked', 'queued')
              AND (d.id = one.id OR (d.topic = one.topic AND d.key = one.key)) ORDER BY d.id FOR UPDATE OF d`,
          [id],
        )
      : [];
    const letter = rows.find((row) => row.id === id);
    if (!letter) {
      throw new DeadLetterRefused(
        'dead-letter.unknown',
        `There is no open dead letter ${id}: it may have been settled meanwhile. Read the list again.`,
      );
    }
    const before = rows[0];
    if (before && before.id !== id) {
      throw new DeadLetterRefused(
        'dead-letter.queued',
        `Dead letter ${id} waits behind ${before.id} of the same key ${letter.key}: retry or discard that one first.`,
      );
    }
    return letter;
  }

  private async handle(tx: EntityManager, letter: Row): Promise<Outgoing[]> {
    const raw: RawMessage = { ...letter };
    const [item] = this.work.sift([raw]).entries;
    // A type that this service has no handler for any more has nothing left to do.
    if (!item) return [];
    if (item.fault) throw new FailedAgain(letter, item.fault);
    try {
      return await this.work.run([item], tx);
    } catch (error) {
      if (isOutage(error)) throw error;
      const code = error instanceof Unprocessable ? error.code : 'handler.failed';
      throw new FailedAgain(letter, { code, reason: reasonOf(item, error) });
    }
  }
}

/**
 * The next letter of the key becomes the parked one in the same transaction, so that a replay which is cut off leaves
 * something that a person can see and retry.
 */
async function promote(tx: EntityManager, { topic, key }: Row): Promise<string | undefined> {
  if (key === null) return undefined;
  const rows: { id: string }[] = await tx.query(
    `SELECT id FROM dead_letters WHERE topic = $1 AND key = $2 AND state IN ('parked', 'queued') ORDER BY id LIMIT 1`,
    [topic, key],
  );
  const next = rows.find(({ id }) => id)?.id;
  if (next !== undefined) {
    await tx.query(
      `UPDATE dead_letters SET state = 'parked', code = 'replay.cut-off',
              reason = 'The replay of its key was cut off before this message. Retry it.' WHERE id = $1`,
      [next],
    );
  }
  return next;
}
