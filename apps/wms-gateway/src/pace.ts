import type { Log } from '@samlast/service';
import type { Reachability } from './reachability.ts';
import { Wake } from './wake.ts';

interface Pace {
  /** Aborted when it is to end. */
  ended: AbortSignal;
  reachability: Reachability;
  log: Log;
  /** For the log. */
  name: string;
  everyMs: number;
  /** Ends a pause early. */
  wake?: Wake;
}

/**
 * Repeats a read of Ongoing until it is to end. A failure is tried again; while Ongoing is away, nothing
 * is asked.
 */
export async function repeat(pace: Pace, work: () => Promise<void>): Promise<void> {
  const { ended, reachability, log, name, everyMs } = pace;
  const wake = pace.wake ?? new Wake();
  while (!ended.aborted) {
    const pause = reachability.pauseMs();
    if (pause > 0) {
      await wake.wait(pause, ended);
      continue;
    }
    try {
      await work();
    } catch (error) {
      // An outage is reported once, by Reachability.
      if (reachability.outage() === undefined)
        log.warn('a read of Ongoing failed, it is tried again', { kind: name, error });
    }
    await wake.wait(everyMs, ended);
  }
}
