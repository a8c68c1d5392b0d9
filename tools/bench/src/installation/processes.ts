import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

export interface ProcessFacts {
  readonly name: string;
  readonly pid: number;
  readonly cpuSeconds: number;
  /** Its share of memory: pages that several processes hold count in parts. */
  readonly pssMiB: number;
  readonly rssMiB: number;
}

/**
 * The process and all that descend from it, the database's processes as one. Reads /proc, so only on Linux.
 */
export function processesOf(root: number): ProcessFacts[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const parent = pid > 0 ? Number(statOf(pid)?.[1]) : NaN;
    if (parent > 0) parents.set(pid, parent);
  }
  const descends = (pid: number): boolean =>
    pid === root || (parents.has(pid) && descends(parents.get(pid) ?? 0));
  const facts = [...parents.keys()].filter(descends).flatMap((pid) => factsOf(pid, root) ?? []);
  const byName = new Map<string, ProcessFacts>();
  for (const one of facts) {
    const before = byName.get(one.name);
    byName.set(one.name, before ? together(before, one) : one);
  }
  return [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

function together(one: ProcessFacts, other: ProcessFacts): ProcessFacts {
  return {
    ...one,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    pssMiB: one.pssMiB + other.pssMiB,
    // Pages that they share would count once for each, so for several this is too much.
    rssMiB: one.rssMiB + other.rssMiB,
  };
}

function factsOf(pid: number, root: number): ProcessFacts | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const name = pid === root ? 'npm start' : nameOf(pid, command);
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    return {
      name,
      pid,
      cpuSeconds: processorSeconds(pid),
      pssMiB: kib('Pss') / 1024,
      rssMiB: kib('Rss') / 1024,
    };
  } catch {
    return undefined;
  }
}

/** Of one process with all its threads, since its start. */
export function processorSeconds(pid: number): number {
  const stat = statOf(pid) ?? [];
  return (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
}

/** The fields after the command's name, which may hold blanks and brackets itself. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function nameOf(pid: number, command: string): string {
  if (/postgres/.test(command)) return 'postgres';
  const app = /(?:apps|tools)\/([a-z-]+)\/src/.exec(command)?.[1];
  if (!app) return 'guardians';
  if (app === 'local') return /--code (\S+)/.exec(command)?.[1]?.replace(/^/, 'demo shop ') ?? app;
  if (!app.startsWith('channel-')) return app;
  const code = /(?:^|\0)CHANNEL_CODE=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  return `${app} ${code}`;
}
