import type { Benchmark, Stage } from '../benchmark.ts';
import { bareClient } from '../path/bare-client.ts';
import { interleave, median, ratios } from '../rounds.ts';
import { figure, figures, type Table } from '../table.ts';
import { GatewayRound } from './gateway-round.ts';

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

export const gateway: Benchmark = {
  name: 'gateway',
  about:
    'the gateway beside a bare client that only writes to Ongoing, and what a long queue costs another channel',
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
    const fair = await fairness(stage);
    all.fairness = fair;
    return { tables: [speedTable(rows), fairTable(fair)], figures: all };
  },
};

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
  return interleave<number>(contestants, stage.rounds ?? (stage.quick ? 1 : ROUNDS), say);
}

interface Fairness {
  readonly queued: number;
  readonly writesBefore: number[];
  readonly readSeconds: number[];
}

async function fairness(stage: Stage): Promise<Fairness> {
  const queued = stage.quick ? 200 : 10_000;
  const writesBefore: number[] = [];
  const readSeconds: number[] = [];
  for (let at = 0; at < (stage.rounds ?? (stage.quick ? 1 : ROUNDS)); at += 1) {
    const round = await GatewayRound.start(stage, FAIR_LATENCY_MS, 2 * queued);
    try {
      const fair = await round.fairness(queued, `single-${at}-`);
      writesBefore.push(fair.writesBefore);
      readSeconds.push(fair.readSeconds);
    } finally {
      await round.stop();
    }
    stage.say(`  a single order waited for ${writesBefore.at(-1)} of ${queued} queued ones`);
  }
  return { queued, writesBefore, readSeconds };
}

const speedTable = (rows: string[][]): Table => ({
  title: 'Orders pushed to Ongoing per second',
  columns: ['a write takes', 'orders', 'bare client', 'gateway', 'gateway / bare, median'],
  rows,
  note: 'From the first order to the last; both counted in the simulator, none twice.',
});

const fairTable = ({ queued, writesBefore, readSeconds }: Fairness): Table => ({
  title: `One order of a channel while another has ${queued} queued`,
  columns: ['writes of the other before it, each round', 'seconds to read the queue off the bus'],
  rows: [[writesBefore.join(' '), figures(readSeconds)]],
  note: `At ${FAIR_LATENCY_MS} ms a write; the write under way when it came counts. It comes when the queue has been read off the bus.`,
});
