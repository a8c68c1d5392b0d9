import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { repositoryRoot, startProcess, type StartedProcess } from '@samlast/test-stack';

const LOOK_EVERY_MS = 20;
const WITHIN_MS = 300_000;

/**
 * A contestant as a process of its own. Its settings travel as one argument; it prints 'ready' once it
 * works.
 */
export function startContestant(main: string, settings: object): Promise<StartedProcess> {
  return startProcess({
    args: ['--import', './tools/typescript.mjs', join('tools/bench/src', main), JSON.stringify(settings)],
    cwd: repositoryRoot,
    ready: /^ready$/m,
  });
}

/**
 * Lays work out for a running process while it is stopped (SIGSTOP), and gives the moment at which it goes
 * on. So it has joined its group and is warm, producing costs it nothing, and the clock starts with its
 * first instruction.
 */
export async function layOutFor(contestant: StartedProcess, layOut: () => Promise<void>): Promise<number> {
  contestant.kill('SIGSTOP');
  await layOut();
  const beganAt = performance.now();
  contestant.kill('SIGCONT');
  return beganAt;
}

/** Seconds from then until the tables say that the work is done. */
export async function secondsUntil(
  done: () => Promise<boolean>,
  beganAt: number,
  contestant: StartedProcess,
): Promise<number> {
  await until(done, contestant);
  return (performance.now() - beganAt) / 1_000;
}

/** Asks every 20 ms. Throws with what the contestant printed when the time is over, or when it has ended. */
export async function until(done: () => Promise<boolean>, contestant: StartedProcess): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  let ended = false;
  void contestant.exited.then(() => (ended = true));
  while (!(await done())) {
    if (ended || performance.now() > deadline) {
      const printed = contestant.output.slice(-3_000);
      const why = ended ? 'The contestant ended' : `Not done after ${WITHIN_MS / 1_000} s`;
      throw new Error(`${why}. It printed:\n${printed}`);
    }
    await wait(LOOK_EVERY_MS);
  }
}
