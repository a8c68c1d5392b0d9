import type { Benchmark, Stage } from '../benchmark.ts';
import { comparison, interleave, median, quantile } from '../rounds.ts';
import { figure, type Table } from '../table.ts';
import { bestOf } from './best-of.ts';
import { claims } from './claims/claims.ts';
import { overload } from './claims/overload.ts';
import type { AuthorityContestant } from './contestant.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { type AuthorityRound, oneRound, type Plan } from './round.ts';
import { rival } from './rivals/rival.ts';
import type { RivalKind } from './rivals/tables.ts';
import { samlast } from './samlast/samlast.ts';
import { hotArticle, mixedBaskets, soldOutStorm, type Workload } from './workloads.ts';

const ROUNDS = 5;
/** At which load the delay is measured, as shares of what a contestant can do. */
const SHARES = [0.5, 0.8];

/** Beyond the best of these every rival became slower wherever it was tried. */
const connections: Record<RivalKind, number[]> = {
  textbook: [1, 4, 16],
  'conditional update': [1, 4, 16],
  'row per piece': [4, 16, 64],
};

/** The rate of a contestant does not depend on how many orders there are, so the slow ones get fewer. */
function sizes(quick: boolean): Record<'samlast' | RivalKind, number> {
  return quick
    ? { samlast: 4_000, textbook: 400, 'conditional update': 800, 'row per piece': 1_500 }
    : { samlast: 40_000, textbook: 4_000, 'conditional update': 8_000, 'row per piece': 15_000 };
}

/** What is compared: a workload, with events or the decision alone. */
interface Match {
  readonly title: string;
  readonly workload: Workload;
  readonly events: boolean;
  readonly shares: readonly number[];
}

const matches: Match[] = [
  { title: hotArticle.name, workload: hotArticle, events: true, shares: SHARES },
  { title: mixedBaskets.name, workload: mixedBaskets, events: true, shares: [] },
  { title: soldOutStorm.name, workload: soldOutStorm, events: true, shares: [] },
  {
    title: `the decision without events, ${hotArticle.name}`,
    workload: hotArticle,
    events: false,
    shares: [],
  },
];

const orders: Benchmark = {
  name: 'authority/orders',
  about: 'the stock authority beside the usual ways to reserve, the same durable rows for each order',
  async run(stage) {
    const tables: Table[] = [];
    const figures: Record<string, unknown> = {};
    for (const match of matches) {
      const { results, calibration } = await compare(match, stage);
      const rates = new Map(
        [...results].map(([name, rounds]) => [name, rounds.map(({ perSecond }) => perSecond)]),
      );
      tables.push(comparison(`authority: ${match.title}, orders decided per second`, rates));
      tables.push(costTable(match, results));
      if (match.shares.length > 0) tables.push(delayTable(match, results));
      figures[match.title] = { calibration, rounds: Object.fromEntries([...results].map(summed)) };
    }
    return { tables, figures };
  },
};

/** Each can be asked for alone, `authority` means all of them. */
export const authority: Benchmark[] = [
  orders,
  {
    name: 'authority/claims',
    about: 'claims over HTTP, beside an empty handler and the textbook',
    run: (stage) => claims(stage, roundsOf(stage)),
  },
  { name: 'authority/overload', about: 'ten times the claims that can be committed', run: overload },
  { name: 'authority/reread', about: 'the whole warehouse read anew while orders come', run: reconcile },
];

const roundsOf = ({ rounds, quick }: Stage) => rounds ?? (quick ? 1 : ROUNDS);

async function compare(match: Match, stage: Stage) {
  const size = sizes(stage.quick);
  const planFor = (kind: keyof typeof size): Plan => ({
    ...match,
    warmUp: Math.ceil(size[kind] / 8),
    orders: size[kind],
    offerSeconds: stage.quick ? 1 : 3,
  });
  const kinds = Object.keys(connections) as RivalKind[];
  const calibration: Record<string, number> = {};
  const rivals: { contestant: AuthorityContestant; plan: Plan }[] = [];
  stage.say(`  ${match.title}: how many connections are best for each rival`);
  for (const kind of kinds) {
    const plan = planFor(kind);
    const short = { ...plan, orders: Math.ceil(plan.orders / 2), shares: [] };
    const contestant = await bestOf(
      connections[kind].map((count) => rival(kind, count)),
      async (one) => (await oneRound(one, short, stage)).perSecond,
      calibration,
      stage.say,
    );
    rivals.push({ contestant, plan });
  }
  const contestants = [{ contestant: samlast, plan: planFor('samlast') }, ...rivals];
  const results = await interleave(
    contestants.map(({ contestant, plan }) => ({
      name: contestant.name,
      run: () => oneRound(contestant, plan, stage),
    })),
    roundsOf(stage),
    (name, round, { perSecond }) =>
      stage.say(`  ${match.title}, round ${round + 1}: ${name} ${figure(perSecond)}/s`),
  );
  return { results, calibration };
}

/** The delays of a round are many; its quantiles are what the file keeps. */
function summed([name, rounds]: [string, AuthorityRound[]]): [string, unknown] {
  return [
    name,
    rounds.map(({ offered, ...round }) => ({
      ...round,
      offered: offered.map(({ share, perSecond, delaysMs }) => ({
        share,
        perSecond,
        orders: delaysMs.length,
        p50: quantile(delaysMs, 0.5),
        p99: quantile(delaysMs, 0.99),
        longest: quantile(delaysMs, 1),
      })),
    })),
  ];
}

function costTable({ title }: Match, results: Map<string, AuthorityRound[]>): Table {
  const rows = [...results].map(([name, rounds]) => [
    name,
    `${figure(median(rounds.map(({ microseconds }) => microseconds.process)))} µs`,
    `${figure(median(rounds.map(({ microseconds }) => microseconds.postgres)))} µs`,
  ]);
  return {
    title: `authority: ${title}, processor time of one order`,
    columns: ['', 'its process', 'Postgres'],
    rows,
    note: 'Medians of the rounds. Beside other work a processor does less in the same time.',
  };
}

function delayTable({ title, shares }: Match, results: Map<string, AuthorityRound[]>): Table {
  const rows = [...results].flatMap(([name, rounds]) =>
    shares.map((share) => {
      const offers = rounds.flatMap(({ offered }) => offered.filter((one) => one.share === share));
      const each = (part: number) => offers.map(({ delaysMs }) => quantile(delaysMs, part));
      return [
        name,
        `${share * 100} %`,
        figure(median(offers.map(({ perSecond }) => perSecond))),
        `${figure(median(each(0.5)))} ms`,
        `${figure(median(each(0.99)))} ms`,
        each(0.99).map(figure).join(' '),
      ];
    }),
  );
  return {
    title: `authority: ${title}, from the offer of an order to its commit`,
    columns: ['', 'of its rate', 'offered per second', 'p50', 'p99', 'p99 of each round'],
    rows,
    note: 'Medians of the rounds. Offered at a steady pace; a delay is up to a look (1 ms) too long.',
  };
}
