import { processesOf, processorSeconds } from './installation/processes.ts';

/** Seconds of processor time since the start. */
export interface ProcessorTime {
  readonly process: number;
  readonly postgres: number;
}

/** Of one process, and of the database that this benchmark has started. */
export function processorTime(pid: number): ProcessorTime {
  const postgres = processesOf(process.pid).find(({ name }) => name === 'postgres');
  return { process: processorSeconds(pid), postgres: postgres?.cpuSeconds ?? 0 };
}

export function since(before: ProcessorTime, now: ProcessorTime): ProcessorTime {
  return { process: now.process - before.process, postgres: now.postgres - before.postgres };
}
