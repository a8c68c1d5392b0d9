import type { EachBatchPayload, TopicOffsets } from 'kafkajs';
import { describe } from '../failure.ts';
import type { BusLog } from '../options.ts';
import { backoffMs, pause } from '../pause.ts';

const TRIES = 8;

/** Partition by topic: the next offset to read. */
type Offsets = Map<string, Map<number, string>>;

/**
 * Moves the group's offsets. What was settled together is committed in one request: with one for each partition a
 * service spent more on them than on its transactions.
 */
export class OffsetCommits {
  private pending: { readonly offsets: Offsets; readonly done: Promise<void> } | undefined;

  constructor(private readonly log: BusLog) {}

  /** A commit that is lost for good is made up by the next one, or by the inbox when the batch comes again. */
  commit(payload: EachBatchPayload, offset: string, stop: AbortSignal): Promise<void> {
    const { topic, partition } = payload.batch;
    this.pending ??= this.begin(payload, stop);
    const { offsets, done } = this.pending;
    offsets.set(topic, (offsets.get(topic) ?? new Map<number, string>()).set(partition, offset));
    return done;
  }

  private begin(payload: EachBatchPayload, stop: AbortSignal): { offsets: Offsets; done: Promise<void> } {
    const offsets: Offsets = new Map();
    const done = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.pending = undefined;
      return this.send(payload, offsets, stop);
    });
    return { offsets, done };
  }

  private async send(payload: EachBatchPayload, offsets: Offsets, stop: AbortSignal): Promise<void> {
    const topics: TopicOffsets[] = [...offsets].map(([topic, partitions]) => ({
      topic,
      partitions: [...partitions].map(([partition, offset]) => ({ partition, offset })),
    }));
    for (let attempt = 0; ; attempt += 1) {
      try {
        await payload.commitOffsetsIfNecessary({ topics });
        return;
      } catch (failure) {
        const reason = describe(failure);
        this.log.debug('offsets were not committed, it is tried again', {
          topic: topics.map((one) => one.topic).join(', '),
          reason,
        });
        if (attempt === TRIES) return;
        await pause(backoffMs(attempt, 50, 2_000), stop);
      }
    }
  }
}
