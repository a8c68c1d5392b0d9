import type { EntityManager } from 'typeorm';
import type { BatchSize } from './batch-size.ts';
import { headersOf, PART } from './heads.ts';
import {
  type Announce,
  type Fence,
  type Outgoing,
  type RawMessage,
  Superseded,
  type Taking,
} from '../transport.ts';

const BATCH_BYTES = 4_000_000;

/** How far a partition reaches. */
export interface Reach {
  topic: string;
  partition: number;
  next_offset: string;
}

/** What was read of one partition. */
export interface Stretch {
  readonly partition: number;
  readonly from: bigint;
  /** The offset after the last message that was read. */
  to: bigint;
  readonly batch: RawMessage[];
}

interface Row {
  partition: number;
  meta: string;
  data: string | null;
}

/** One batch over some partitions of a topic: their cursors are locked, read on from and moved in its transaction. */
export class Take implements Taking {
  readonly movesCursor = true;
  readonly places: readonly string[];
  /** What the last try has read. */
  stretches: Stretch[] = [];
  private readonly name: string;

  constructor(
    private readonly group: string,
    prefix: string,
    private readonly topic: string,
    private readonly partitions: readonly number[],
    private readonly settle: (
      tx: EntityManager,
      moves: readonly Stretch[],
      outgoing: Outgoing[],
    ) => Promise<Announce>,
    private readonly size: BatchSize,
    private readonly othersWait: () => boolean,
  ) {
    this.name = topic.slice(prefix.length);
    this.places = partitions.map((partition) => `${this.name}/${partition}`);
  }

  async read(tx: EntityManager): Promise<RawMessage[]> {
    this.stretches = [];
    const rows: Row[] = await tx.query('SELECT * FROM bus.take($1, $2, $3, $4, $5)', [
      this.group,
      this.topic,
      this.partitions,
      this.size.rows(this.othersWait()),
      BATCH_BYTES,
    ]);
    const { name: topic } = this;
    let stretch: Stretch | undefined;
    for (const { partition, meta, data } of rows) {
      const parts = meta.split(PART);
      if (stretch?.partition !== partition) {
        const [from = '', end = '', left] = parts;
        // Where nothing is left, everything up to the end has been pruned.
        stretch = { partition, from: BigInt(from), to: BigInt(left === '0' ? end : from), batch: [] };
        this.stretches.push(stretch);
        continue;
      }
      const [offset = '', id = '', heads = ''] = parts;
      // Nobody can say what a key may hold.
      const key = parts.length > 3 ? parts.slice(3).join(PART) : null;
      stretch.batch.push({ topic, partition, offset, key, headers: headersOf(heads, id, key), value: data });
    }
    for (const one of this.stretches) {
      const last = one.batch.at(-1);
      if (last) one.to = BigInt(last.offset) + 1n;
    }
    return this.stretches.flatMap(({ batch }) => batch);
  }

  took(messages: number, ms: number): void {
    this.size.took(messages, ms);
  }

  async leave(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce> {
    const moves = this.stretches.filter(({ from, to }) => to > from);
    return moves.length === 0 ? () => {} : this.settle(tx, moves, outgoing);
  }
}

/** The cursor's row is the right to work on the partition, and moves with the effects. */
export function fenceOf(group: string, topic: string, { partition, from, to }: Stretch): Fence {
  const row = [group, topic, partition];
  return {
    enter: async (tx) => {
      const [cursor]: { next_offset: string }[] = await tx.query(
        `SELECT next_offset FROM bus.cursors
          WHERE consumer_group = $1 AND topic = $2 AND partition = $3 FOR UPDATE SKIP LOCKED`,
        row,
      );
      if (cursor?.next_offset !== String(from)) throw new Superseded('another member has moved the cursor');
    },
    leave: async (tx) => {
      await tx.query(
        `UPDATE bus.cursors SET next_offset = $4 WHERE consumer_group = $1 AND topic = $2 AND partition = $3`,
        [...row, String(to)],
      );
    },
  };
}
