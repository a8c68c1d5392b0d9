import type { StartedProcess } from '@samlast/test-stack';
import { startContestant, until } from '../../paused.ts';
import { type ProcessorTime, processorTime, since } from '../../processor-time.ts';

/** What the buyers' process is told. */
export interface LoadSettings {
  readonly url: string;
  readonly token?: string;
  readonly clients: number;
  readonly article: string;
  /** Before each key, where several processes ask the same route. */
  readonly name?: string;
  /** Requests before the clock starts, and those that are timed. */
  readonly warmUp: number;
  readonly requests: number;
  /**
   * Ask at this steady pace, and count a delay from the moment of the pace, so that a buyer whom the route
   * keeps waiting hides nothing; otherwise ask again as soon as there is an answer.
   */
  readonly perSecond?: number;
}

export interface Answers {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export interface LoadFigures {
  /** By status: what is taken and what is refused have delays of their own. */
  readonly answers: Readonly<Record<string, Answers>>;
  readonly seconds: number;
  /** What was answered before the clock started. */
  readonly warm: Readonly<Record<string, Answers>>;
}

/** With the processor time that the route and its database took for what was timed, and others meanwhile. */
export type Loaded = LoadFigures & { readonly processor: ProcessorTime };

/** Buyers in a process of their own. They have connected and asked a while, then ask in earnest. */
export async function loaded(settings: LoadSettings, route: StartedProcess): Promise<Loaded> {
  const buyers = await startContestant('authority/claims/load.main.ts', settings);
  let ended = false;
  void route.exited.then(() => (ended = true));
  try {
    const before = processorTime(route.pid);
    buyers.kill('SIGUSR2');
    let figures: LoadFigures | undefined;
    await until(async () => {
      if (ended) throw new Error(`The route ended under load. It printed:\n${route.output.slice(-3_000)}`);
      const text = /^loaded (.*)$/m.exec(buyers.output)?.[1];
      if (text) figures = JSON.parse(text) as LoadFigures;
      return figures !== undefined;
    }, buyers);
    return { ...(figures as LoadFigures), processor: since(before, processorTime(route.pid)) };
  } finally {
    await buyers.stop();
  }
}
