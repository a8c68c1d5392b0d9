import { Injectable } from '@nestjs/common';

/** Since the start of this process. */
export interface ProgressCounts {
  handled: number;
  duplicates: number;
  /** Passed over by `disregard`. */
  disregarded: number;
  /** Known types for which this service has no handler. */
  passedOver: number;
  parked: number;
  queued: number;
  published: number;
}

export interface ProgressFigures {
  /** Messages that wait on the bus for this group. */
  lag: number;
  /** Events in the outbox that the bus has not acknowledged; 0 with the embedded log. */
  unsent: number;
  /** Open dead letters, parked and queued. */
  deadLetters: number;
}

/** Whether messages move. Readiness means progress: a consumer that lives but stands still is not ready. */
@Injectable()
export class Progress {
  readonly counts: Readonly<ProgressCounts> = {
    handled: 0,
    duplicates: 0,
    disregarded: 0,
    passedOver: 0,
    parked: 0,
    queued: 0,
    published: 0,
  };

  /** undefined while messages move; otherwise why they do not, in words for a person. */
  fault(): string | undefined {
    throw new Error('not built yet');
  }

  /** Asks the bus and the database; for /metrics. */
  figures(): Promise<ProgressFigures> {
    throw new Error('not built yet');
  }
}
