import type { ClaimRequest } from './claim-request.ts';
import type { ClaimOutcome } from './decide-claim.ts';
import type { Pace } from './pace.ts';
import { WaitingRoom } from './waiting-room.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A request that waits to be decided. */
export interface Waiting {
  readonly request: ClaimRequest;
  /** Neither may throw. */
  readonly answer: (outcome: ClaimOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Enough for a batch to be worth its transaction, few enough for its rows to be quick. */
const BATCH_MOST = 512;

/**
 * Requests that are decided one batch after another: whatever came while the last batch was committed is the next one,
 * so a quiet moment costs one transaction and a rush few more.
 */
export class Lane {
  readonly room: WaitingRoom;
  private queue: Waiting[] = [];
  private working: Promise<void> | undefined;

  /**
   * @param decide answers how to tell everybody, once it is committed; never throws
   * @param pace of such batches, where another lane has the same
   */
  constructor(
    timeMs: number,
    private readonly decide: (batch: readonly Waiting[]) => Promise<() => void>,
    pace?: Pace,
  ) {
    this.room = new WaitingRoom(timeMs, pace);
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** For whoever has been let into its room. */
  join(one: Waiting): void {
    this.queue.push(one);
    this.working ??= this.work();
  }

  /** All that was asked for is decided. */
  async settled(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    // What is asked for in the same turn of the event loop is one batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, BATCH_MOST);
      this.room.begin(batch.length, performance.now());
      const tell = await this.decide(batch);
      this.room.end(performance.now());
      for (const { request } of batch) if (request.kind === 'open') this.room.leave(request.needs.keys());
      tell();
      // Whoever was answered and asks again at once is in the next batch with those who asked meanwhile: what a
      // transaction costs is the same for few and for many.
      await turn();
    }
    this.working = undefined;
  }
}
