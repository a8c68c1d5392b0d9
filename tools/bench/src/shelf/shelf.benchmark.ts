import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@samlast/test-stack';
import type { Benchmark } from '../benchmark.ts';
import {
  type BusKind,
  type Installation,
  ready,
  spawnInstallation,
  stopInstallation,
  withKafka,
} from '../installation/installation.ts';
import type { ShopClient } from '../installation/shop-client.ts';
import { articles, stockUp } from '../installation/stock-up.ts';
import { quantile } from '../rounds.ts';
import { figure, type Table } from '../table.ts';
import { confirmations, Journal } from './journal.ts';

const SALES_PER_SECOND = 20;
const SECONDS = 60;
const WINDOWS = 20;
const LAST_PIECE = 'SCARF-RED';
/** What the integration that this replaces does. */
const HALF_HOUR_MS = 30 * 60_000;

interface ShelfRun {
  readonly sales: number;
  /** What the shops took for a sale itself, to have something beside it. */
  readonly buyMs: number[];
  /** From the sale in one shop until the other one shows a piece less; undefined never happened. */
  readonly confirmedMs: (number | undefined)[];
  /** How long the second shop still showed the last piece after the first had sold it. */
  readonly windowMs: number[];
}

export const shelf: Benchmark = {
  name: 'shelf',
  about: 'from a sale in one shop to the shelf of the other, from what the shops write down',
  async run(stage) {
    const seconds = stage.seconds ?? (stage.quick ? 5 : SECONDS);
    const windows = stage.quick ? 3 : WINDOWS;
    const runs: Record<BusKind, ShelfRun> = {
      embedded: await oneRun('embedded', stage.folder, seconds, windows),
      kafka: await oneRun('kafka', stage.folder, seconds, windows),
    };
    return { tables: [tableOf(runs, seconds, windows)], figures: runs };
  },
};

async function oneRun(bus: BusKind, folder: string, seconds: number, windows: number): Promise<ShelfRun> {
  const data = await mkdtemp(join(folder, `shelf-${bus}-`));
  await chmod(data, 0o755);
  const run = async (brokers?: string[]) => {
    const installation = await spawnInstallation(data, brokers);
    try {
      await ready(installation);
      const windowMs = await lastPieces(installation, windows);
      return { ...(await manySales(installation, seconds)), windowMs };
    } finally {
      await stopInstallation(installation);
    }
  };
  return bus === 'kafka' ? withKafka(data, run) : run();
}

/**
 * The last piece, again and again: SE sells it, and EU goes on showing it for so long. Nothing else happens
 * meanwhile.
 */
async function lastPieces(installation: Installation, windows: number): Promise<number[]> {
  const { warehouse, se, eu } = installation;
  const both = (number: number) =>
    eventually(
      async () => {
        const [here, there] = await Promise.all([se.stock(), eu.stock()]);
        return here[LAST_PIECE] === number && there[LAST_PIECE] === number;
      },
      { withinMs: 30_000, message: `both shops show ${number} of ${LAST_PIECE}` },
    );
  const [found] = await warehouse.articles({ numbers: [LAST_PIECE] });
  await warehouse.adjust({ article: LAST_PIECE, quantity: 1 - Number(found?.sellable) });
  const windowMs: number[] = [];
  for (let at = 0; at < windows; at += 1) {
    await both(1);
    const [seJournal, euJournal] = [new Journal(se.journal), new Journal(eu.journal)];
    try {
      await se.buy(LAST_PIECE);
      await both(0);
    } finally {
      seJournal.close();
      euJournal.close();
    }
    const [delay] = confirmations(seJournal.events, euJournal.events, LAST_PIECE, 1);
    if (delay === undefined)
      throw new Error('EU shows none of the last piece, but its journal does not say so.');
    windowMs.push(delay);
    await warehouse.receive({ article: LAST_PIECE, quantity: 1 });
  }
  await both(1);
  return windowMs;
}

/** Sales at an even pace, in both shops by turns, of all articles by turns. */
async function manySales(installation: Installation, seconds: number): Promise<Omit<ShelfRun, 'windowMs'>> {
  const { se, eu } = installation;
  const sales = SALES_PER_SECOND * seconds;
  await stockUp(installation, sales);
  const first = await se.stock();
  const journals = [new Journal(se.journal), new Journal(eu.journal)] as const;
  const buyMs: number[] = [];
  try {
    const beganAt = performance.now();
    const buys: Promise<void>[] = [];
    for (let at = 0; at < sales; at += 1) {
      await wait(Math.max(0, beganAt + (at * 1_000) / SALES_PER_SECOND - performance.now()));
      const article = articles[Math.floor(at / 2) % articles.length] ?? '';
      buys.push(timed(at % 2 === 0 ? se : eu, article, buyMs));
    }
    await Promise.all(buys);
    await eventually(
      async () => {
        const [here, there] = await Promise.all([se.stock(), eu.stock()]);
        return articles.every(
          (one) => here[one] === there[one] && here[one] === (first[one] ?? 0) - sales / articles.length,
        );
      },
      { withinMs: 20_000, message: 'both shops show the same in the end' },
    ).catch(() => undefined);
  } finally {
    for (const journal of journals) journal.close();
  }
  const [inSe, inEu] = [journals[0].events, journals[1].events];
  const confirmedMs = articles.flatMap((article) => [
    ...confirmations(inSe, inEu, article, first[article] ?? 0),
    ...confirmations(inEu, inSe, article, first[article] ?? 0),
  ]);
  return { sales: confirmedMs.length, buyMs, confirmedMs };
}

async function timed(shop: ShopClient, article: string, into: number[]): Promise<void> {
  const beganAt = performance.now();
  if ((await shop.buy(article)) === false) throw new Error(`${shop.code} has sold out of ${article}.`);
  into.push(performance.now() - beganAt);
}

const at = (values: readonly number[], share: number) => `${figure(quantile(values, share))} ms`;

function tableOf(runs: Record<BusKind, ShelfRun>, seconds: number, windows: number): Table {
  const line = (name: string, pick: (run: ShelfRun) => string) => [
    name,
    pick(runs.embedded),
    pick(runs.kafka),
  ];
  const confirmed = (run: ShelfRun) => run.confirmedMs.filter((delay) => delay !== undefined);
  return {
    title: `shelf: ${SALES_PER_SECOND} sales a second for ${seconds} s, and ${windows} times the last piece`,
    columns: ['', 'embedded', 'kafka'],
    rows: [
      line('sales', (run) => String(run.sales)),
      line('never confirmed', (run) => String(run.sales - confirmed(run).length)),
      line('sale to shelf, p50', (run) => at(confirmed(run), 0.5)),
      line('sale to shelf, p99', (run) => at(confirmed(run), 0.99)),
      line('sale to shelf, longest', (run) => at(confirmed(run), 1)),
      line('a purchase itself, p50', (run) => at(run.buyMs, 0.5)),
      line('shared window, p50', (run) => at(run.windowMs, 0.5)),
      line('shared window, longest', (run) => at(run.windowMs, 1)),
      line('half an hour is longer by', (run) => `${figure(HALF_HOUR_MS / quantile(run.windowMs, 1))} x`),
    ],
  };
}
