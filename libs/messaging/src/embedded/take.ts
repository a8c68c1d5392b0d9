import type { EntityManager } from 'typeorm';
import {
  type Announce,
  type Fence,
  type Outgoing,
  type RawMessage,
  Superseded,
  type Taking,
} from '../transport.ts';

const BATCH_ROWS = 500;
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
  from_offset: string;
  end_offset: string;
  pruned: boolean;
  offset: string | null;
  key: string | null;
  headers: Record<string, string>;
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
  ) {
    this.name = topic.slice(prefix.length);
    this.places = partitions.map((partition) => `${this.name}/${partition}`);
  }

  async read(tx: EntityManager): Promise<RawMessage[]> {
    this.stretches = [];
    const rows: Row[] = await tx.query('SELECT * FROM bus.fetch($1, $2, $3, $4, $5)', [
      this.group,
      this.topic,
      this.partitions,
      BATCH_ROWS,
      BATCH_BYTES,
    ]);
    let stretch: Stretch | undefined;
    for (const { partition, from_offset, end_offset, pruned, offset, key, headers, data } of rows) {
      if (stretch?.partition !== partition) {
        const from = BigInt(from_offset);
        // Where nothing is left, everything up to the end has been pruned.
        stretch = { partition, from, to: pruned ? BigInt(end_offset) : from, batch: [] };
        this.stretches.push(stretch);
      }
      if (offset === null) continue;
      stretch.to = BigInt(offset) + 1n;
      stretch.batch.push({ topic: this.name, partition, offset, key, headers, value: data });
    }
    return this.stretches.flatMap(({ batch }) => batch);
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
