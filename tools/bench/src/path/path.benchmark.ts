import type { Benchmark, Stage } from '../benchmark.ts';
import { interleave, median, ratios } from '../rounds.ts';
import { figure, figures, type Table } from '../table.ts';
import { bareClient } from './bare-client.ts';
import { type PathRound, wholePath } from './whole-path.ts';

const ROUNDS = 3;
const paths = ['embedded', 'kafka'] as const;

interface Round {
  readonly perSecond: number;
  readonly path?: PathRound;
}

/** At 50 ms a write the warehouse takes 20 orders a second at most, so fewer say as much. */
const cases = (quick: boolean) =>
  quick
    ? [
        { writeLatencyMs: 0, orders: 200 },
        { writeLatencyMs: 50, orders: 40 },
      ]
    : [
        { writeLatencyMs: 0, orders: 10_000 },
        { writeLatencyMs: 50, orders: 600 },
      ];

export const path: Benchmark = {
  name: 'path',
  about: 'orders from two shops to the warehouse, beside a bare client that only writes to the warehouse',
  async run(stage) {
    const tables: Table[] = [];
    const all: Record<string, unknown> = {};
    for (const { writeLatencyMs, orders } of cases(stage.quick)) {
      const results = await oneCase(stage, writeLatencyMs, orders);
      tables.push(tableOf(writeLatencyMs, orders, results));
      if (writeLatencyMs === 0) tables.push(cpuTable(results));
      all[`${orders} orders, ${writeLatencyMs} ms a write`] = Object.fromEntries(results);
    }
    return { tables, figures: all };
  },
};

function oneCase(stage: Stage, writeLatencyMs: number, orders: number): Promise<Map<string, Round[]>> {
  const contestants = [
    { name: 'bare client', run: async () => ({ perSecond: await bareClient(orders, writeLatencyMs) }) },
    ...paths.map((bus) => ({
      name: bus as string,
      run: async () => {
        const round = await wholePath(bus, orders, writeLatencyMs, stage.folder);
        return { perSecond: round.perSecond, path: round };
      },
    })),
  ];
  return interleave<Round>(contestants, stage.rounds ?? (stage.quick ? 1 : ROUNDS), (name, round, one) =>
    stage.say(
      `  ${writeLatencyMs} ms a write, round ${round + 1}: ${name} ${figure(one.perSecond)} orders/s`,
    ),
  );
}

function tableOf(writeLatencyMs: number, orders: number, results: Map<string, Round[]>): Table {
  const rates = (name: string) => (results.get(name) ?? []).map(({ perSecond }) => perSecond);
  return {
    title: `path: ${orders} orders, a write takes the warehouse ${writeLatencyMs} ms; orders per second`,
    columns: ['', 'median', 'each round', 'shops took', 'share of the bare client', 'each round'],
    rows: [...results].map(([name, rounds]) => {
      const shares = ratios(rates(name), rates('bare client'));
      const taken = rounds.flatMap((round) => round.path?.placedPerSecond ?? []);
      const compared =
        name === 'bare client'
          ? ['', '', '']
          : [figure(median(taken)), figure(median(shares)), figures(shares)];
      return [name, figure(median(rates(name))), figures(rates(name)), ...compared];
    }),
  };
}

/** Where the time goes: the median over the rounds of each process's processor time. */
function cpuTable(results: Map<string, Round[]>): Table {
  const names = [...results.values()].flat().flatMap(({ path }) => Object.keys(path?.cpuPer1000 ?? {}));
  return {
    title: 'path: processor seconds per 1,000 orders',
    columns: ['process', ...paths],
    rows: [...new Set(names)].toSorted().map((name) => [
      name,
      ...paths.map((bus) => {
        const seconds = (results.get(bus) ?? []).flatMap(({ path }) => path?.cpuPer1000[name] ?? []);
        return figure(median(seconds));
      }),
    ]),
    note: 'Kafka itself and the buyers run outside of these processes.',
  };
}
