import type { Benchmark, Stage } from '../benchmark.ts';
import { bareClient } from '../path/bare-client.ts';
import { interleave, median, ratios } from '../rounds.ts';
import { figure, figures, type Table } from '../table.ts';
import { GatewayRound } from './gateway-round.ts';
import { rows as withRows, rowsTable } from './rows.ts';
import { sweep, type SweepFigures, sweepTable } from './sweep.ts';

const ROUNDS = 3;

/** At 800 ms a write the warehouse takes five orders in four seconds, so few of them say as much. */
const cases = (quick: boolean) =>
  quick
    ? [{ writeLatencyMs: 50, orders: 40 }]
    : [
        { writeLatencyMs: 50, orders: 300 },
        { writeLatencyMs: 200, orders: 80 },
        { writeLatencyMs: 800, orders: 25 },
      ];

const FAIR_LATENCY_MS = 50;

const roundsOf = (stage: Stage) => stage.rounds ?? (stage.quick ? 1 : ROUNDS);

const speed: Benchmark = {
  name: 'gateway/speed',
  about: 'the gateway beside a bare client that only writes to Ongoing',
  async run(stage) {
    const rows: string[][] = [];
    const all: Record<string, unknown> = {};
    for (const one of cases(stage.quick)) {
      const results = await oneCase(stage, one);
      const bare = results.get('bare client') ?? [];
      const ours = results.get('gateway') ?? [];
      const share = median(ratios(ours, bare));
      rows.push([
        `${one.writeLatencyMs} ms`,
        String(one.orders),
        figures(bare),
        figures(ours),
        figure(share),
      ]);
      all[`${one.writeLatencyMs} ms a write`] = Object.fromEntries(results);
    }
    return { tables: [speedTable(rows)], figures: all };
  },
};

/** Each can be asked for alone, `gateway` means all of them. */
export const gateway: Benchmark[] = [
  speed,
  {
    name: 'gateway/queue',
    about: 'what a long queue of one channel costs a single order of another',
    async run(stage) {
      const fair = await fairness(stage);
      return { tables: [fairTable(fair)], figures: fair };
    },
  },
  {
    name: 'gateway/sweep',
    about: 'what reading a large goods owner takes of time and memory',
    async run(stage) {
      const swept: SweepFigures[] = [];
      for (let at = 0; at < (stage.rounds ?? 1); at += 1)
        swept.push(await sweep(stage, stage.quick ? 2_000 : 100_000));
      return { tables: [sweepTable(swept)], figures: swept };
    },
  },
  {
    name: 'gateway/rows',
    about: 'the gateway with few orders in its tables, and with very many',
    async run(stage) {
      const [sizes, orders] = stage.quick ? [[100, 10_000], 100] : [[10_000, 1_000_000], 1_000];
      const bySize = await withRows(stage, sizes, orders, roundsOf(stage));
      return { tables: [rowsTable(bySize)], figures: Object.fromEntries(bySize) };
    },
  },
];

function oneCase(stage: Stage, { writeLatencyMs, orders }: { writeLatencyMs: number; orders: number }) {
  const contestants = [
    { name: 'bare client', run: () => bareClient(orders, writeLatencyMs) },
    {
      name: 'gateway',
      run: async () => {
        const round = await GatewayRound.start(stage, writeLatencyMs, 10 * orders + 1_000);
        try {
          return await round.push(orders);
        } finally {
          await round.stop();
        }
      },
    },
  ];
  const say = (name: string, round: number, perSecond: number) =>
    stage.say(`  ${writeLatencyMs} ms a write, round ${round + 1}: ${name} ${figure(perSecond)} orders/s`);
  return interleave<number>(contestants, roundsOf(stage), say);
}

interface Fairness {
  readonly queued: number;
  readonly readSeconds: number[];
  /** By round, the medians of some single orders. */
  readonly aloneMs: number[];
  readonly queuedMs: number[];
  /** Of every single order, those that were written before it. */
  readonly writesBefore: number[];
}

const SINGLES = 7;

async function fairness(stage: Stage): Promise<Fairness> {
  const queued = stage.quick ? 200 : 10_000;
  const fair: Fairness = { queued, readSeconds: [], aloneMs: [], queuedMs: [], writesBefore: [] };
  for (let at = 0; at < roundsOf(stage); at += 1) {
    const round = await GatewayRound.start(stage, FAIR_LATENCY_MS, 2 * queued);
    try {
      const alone: number[] = [];
      const behind: number[] = [];
      for (let n = 0; n < SINGLES; n += 1) alone.push((await round.single(`alone-${n}-`)).ms);
      fair.readSeconds.push(await round.queueUp(queued));
      for (let n = 0; n < SINGLES; n += 1) {
        const { ms, writesBefore } = await round.single(`single-${n}-`);
        behind.push(ms);
        fair.writesBefore.push(writesBefore);
      }
      fair.aloneMs.push(median(alone));
      fair.queuedMs.push(median(behind));
    } finally {
      await round.stop();
    }
    stage.say(
      `  a single order took ${fair.queuedMs.at(-1)} ms beside ${queued} queued ones, ${fair.aloneMs.at(-1)} ms alone`,
    );
  }
  return fair;
}

const speedTable = (rows: string[][]): Table => ({
  title: 'Orders pushed to Ongoing per second',
  columns: ['a write takes', 'orders', 'bare client', 'gateway', 'gateway / bare, median'],
  rows,
  note: 'From the first order to the last; both counted in the simulator, none twice.',
});

const fairTable = ({ queued, writesBefore, readSeconds, aloneMs, queuedMs }: Fairness): Table => ({
  title: `One order of a channel while another has ${queued.toLocaleString('en-US')} queued`,
  columns: ['', 'each round'],
  rows: [
    ['from its offer to its write, alone, ms', figures(aloneMs)],
    ['the same beside the queue, ms', figures(queuedMs)],
    [
      'delayed by so many writes',
      figures(queuedMs.map((ms, at) => (ms - (aloneMs[at] ?? 0)) / FAIR_LATENCY_MS)),
    ],
    ['writes of the other before it, each order', writesBefore.join(' ')],
    ['seconds to read the queue off the bus', figures(readSeconds)],
  ],
  note:
    `Medians of ${SINGLES} orders each, at ${FAIR_LATENCY_MS} ms a write. Writes before it are those from its offer on: what is ` +
    'written while it is read off the bus, queued and looked up, and the one under way then. They come when the queue has been read.',
});
