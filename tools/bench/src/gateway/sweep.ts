import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Control } from '@samlast/ongoing-simulator';
import type { Stage } from '../benchmark.ts';
import { figure, figures, type Table } from '../table.ts';
import { GatewayRound } from './gateway-round.ts';

const SEED_AT_ONCE = 5_000;
const LOOK_EVERY_MS = 100;
const IDLE_MS = 3_000;
/** The first is told page by page; later ones are compared as a whole, which needs the most memory. */
const SWEEPS = 3;
const MIB = 1024;

export interface SweepFigures {
  readonly articles: number;
  readonly idleMiB: number;
  /** The most until the end of each sweep. */
  readonly peakMiB: number[];
  /** Of each sweep, by what the gateway logs. */
  readonly seconds: number[];
  readonly told: number;
}

/** Reads all articles of a large goods owner several times over, and watches the process's memory meanwhile. */
export async function sweep(stage: Stage, count: number): Promise<SweepFigures> {
  const round = await GatewayRound.startCold(stage, 10, (control) => stockUp(control, count), {
    SWEEP_MS: '1000',
    RETRY_MAX_MS: '1000',
  });
  try {
    await wait(IDLE_MS);
    const idle = await memoryOf(round.gateway.pid, 'VmRSS');
    // Starting takes more than it leaves behind: from now on the highest figure is that of the work.
    await writeFile(`/proc/${round.gateway.pid}/clear_refs`, '5');
    await round.control.knobs({ apiAccess: true });
    const peaks: number[] = [];
    while (peaks.length < SWEEPS) {
      while (sweepsIn(round.gateway.output).length <= peaks.length) await wait(LOOK_EVERY_MS);
      peaks.push((await memoryOf(round.gateway.pid, 'VmHWM')) / MIB);
    }
    const read = sweepsIn(round.gateway.output).slice(0, SWEEPS);
    if (read.some((one) => one.count < count))
      throw new Error(`A sweep read ${Math.min(...read.map((one) => one.count))} articles of ${count}.`);
    const { told } = await round.database.one<{ told: number }>(
      `SELECT count(DISTINCT key)::int AS told FROM bus.log WHERE topic = 'wms.stock.v1'`,
    );
    if (told < count) throw new Error(`${told} of ${count} articles were told.`);
    return {
      articles: count,
      idleMiB: idle / MIB,
      peakMiB: peaks,
      seconds: read.map((one) => one.ms / 1_000),
      told,
    };
  } finally {
    await round.stop();
  }
}

/** Nobody is let in until the process has been weighed. */
async function stockUp(control: Control, count: number): Promise<void> {
  for (let from = 0; from < count; from += SEED_AT_ONCE) {
    const articles = Array.from({ length: Math.min(SEED_AT_ONCE, count - from) }, (_, at) => ({
      number: `ART-${String(from + at).padStart(7, '0')}`,
      name: `Article ${from + at}`,
      stock: 5,
    }));
    await control.seed({ articles });
  }
  await control.knobs({ apiAccess: false });
}

/** In KiB. */
async function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
}

function sweepsIn(output: string): { count: number; ms: number }[] {
  return output
    .split('\n')
    .filter((line) => line.includes('all articles were read'))
    .map((line) => JSON.parse(line) as { count: number; duration_ms: number })
    .map(({ count, duration_ms: ms }) => ({ count, ms }));
}

export const sweepTable = (all: SweepFigures[]): Table => ({
  title: `${all[0]?.articles.toLocaleString('en-US')} articles read ${SWEEPS} times over`,
  columns: [
    'round',
    'idle, MiB',
    'peak until the end of each sweep, MiB',
    'growth, MiB',
    'seconds of each sweep',
  ],
  rows: all.map((one, at) => [
    String(at + 1),
    figure(one.idleMiB),
    figures(one.peakMiB),
    figure(Math.max(...one.peakMiB) - one.idleMiB),
    one.seconds.map(figure).join(' '),
  ]),
  note: 'Resident memory of the gateway: after three seconds with nothing to do, and the most it ever had. Each article was told.',
});
