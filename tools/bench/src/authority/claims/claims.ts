import type { Outcome, Stage } from '../../benchmark.ts';
import { interleave, median, ratios } from '../../rounds.ts';
import { figure, type Table } from '../../table.ts';
import { bestOf } from '../best-of.ts';
import { requireEqual } from '../contestant.ts';
import { counted, judged } from './judged.ts';
import { type Loaded, loaded } from './load.ts';
import { ARTICLE, emptyRoute, type Route, samlastRoute, textbookRoute } from './routes.ts';

const CLIENTS = 256;
const CONNECTIONS = [1, 4, 10, 16];
const TAKEN = '201';

interface ClaimsRound extends Loaded {
  readonly perSecond: number;
  readonly requests: number;
}

/** The rate of a route does not depend on how many requests there are, so the slow one gets fewer. */
const sizes = (quick: boolean) =>
  quick ? { textbook: 500, others: 5_000 } : { textbook: 5_000, others: 100_000 };

/** Claims over HTTP: 256 buyers at once beside an empty handler, and the way that TypeORM's pages show. */
export async function claims(stage: Stage, rounds: number): Promise<Outcome> {
  const size = sizes(stage.quick);
  const calibration: Record<string, number> = {};
  stage.say('  claims: how many connections are best for the textbook route');
  const textbook = await bestOf(
    CONNECTIONS.map(textbookRoute),
    async (one) => (await oneRound(one, stage, Math.ceil(size.textbook / 2))).perSecond,
    calibration,
    stage.say,
  );
  const routes = [samlastRoute, emptyRoute, textbook];
  const contestants = routes.map((route) => ({
    name: route.name,
    run: () => oneRound(route, stage, route === textbook ? size.textbook : size.others),
  }));
  const results = await interleave(contestants, rounds, (name, round, { perSecond }) =>
    stage.say(`  claims, round ${round + 1}: ${name} ${figure(perSecond)}/s`),
  );
  const figures = { calibration, rounds: Object.fromEntries(results) };
  return { tables: [tableOf(results, textbook.name)], figures };
}

async function oneRound(route: Route, stage: Stage, requests: number): Promise<ClaimsRound> {
  const warmUp = Math.ceil(requests / 5);
  const total = warmUp + requests;
  const open = await route.open(stage, total + 1);
  try {
    const { url, token } = open;
    const load = { url, token, clients: CLIENTS, article: ARTICLE, warmUp, requests };
    const figures = await loaded(load, open.process);
    const held = await open.held();
    // The empty handler has no table, so what it answered is all that can be counted.
    if (held) requireEqual(route.name, held, { claims: total, promised: total });
    const statuses = Object.entries(figures.answers).map(([status, { count }]) => [status, count]);
    requireEqual(route.name, statuses, [[TAKEN, requests]]);
    return { ...figures, requests, perSecond: requests / figures.seconds };
  } finally {
    await open.stop();
  }
}

function tableOf(results: Map<string, ClaimsRound[]>, textbook: string): Table {
  const ratesOf = (name: string) => (results.get(name) ?? []).map(({ perSecond }) => perSecond);
  const empty = ratesOf(emptyRoute.name);
  const counts = judged(empty);
  const middle = (values: number[]) => median(counted(values, counts));
  return {
    title: `authority: claims over HTTP, ${CLIENTS} clients, answered per second`,
    columns: [
      '',
      'median',
      'each round',
      'of the empty handler',
      'times the textbook',
      'p50',
      'p99',
      'processor time of one',
      'and in Postgres',
    ],
    rows: [...results].map(([name, rounds]) => {
      const rates = ratesOf(name);
      return [
        name,
        figure(middle(rates)),
        rates.map((rate, round) => (counts[round] ? figure(rate) : `(${figure(rate)})`)).join(' '),
        name === emptyRoute.name ? '' : figure(middle(ratios(rates, empty))),
        name === textbook ? '' : `${figure(middle(ratios(rates, ratesOf(textbook))))} x`,
        `${figure(middle(rounds.map(({ answers }) => answers[TAKEN]?.p50 ?? NaN)))} ms`,
        `${figure(middle(rounds.map(({ answers }) => answers[TAKEN]?.p99 ?? NaN)))} ms`,
        `${figure(middle(rounds.map(({ processor, requests }) => (processor.process / requests) * 1e6)))} µs`,
        `${figure(middle(rounds.map(({ processor, requests }) => (processor.postgres / requests) * 1e6)))} µs`,
      ];
    }),
    note: 'Rounds in brackets count for nothing: the empty handler reached less than 80 % of its best in them.',
  };
}
