import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, startProcess } from '@samlast/test-stack';
import type { Benchmark } from '../benchmark.ts';
import {
  type Installation,
  ready,
  spawnInstallation,
  stopInstallation,
} from '../installation/installation.ts';
import { type ProcessFacts, processesOf } from '../installation/processes.ts';
import { median, ratios } from '../rounds.ts';
import { figure, figures, type Table } from '../table.ts';

const ROUNDS = 3;
const ARTICLE = 'TOTE-BAG';
const BARE = 'an empty Nest process';
const names = [BARE, 'empty data folder', 'kept data'];

interface StartRound {
  readonly usableS: number;
  /** Until it says so itself. */
  readonly readyS?: number;
  readonly processes: ProcessFacts[];
}

export const start: Benchmark = {
  name: 'start',
  about: 'from npm start until it is usable, and the memory of each process',
  async run(stage) {
    const rounds = stage.rounds ?? (stage.quick ? 1 : ROUNDS);
    const results = new Map<string, StartRound[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      const folder = await mkdtemp(join(stage.folder, 'start-'));
      await chmod(folder, 0o755);
      for (const name of names) {
        // In this order always: only the first start leaves data for the second.
        const one = name === BARE ? await emptyService() : await oneStart(folder);
        results.get(name)?.push(one);
        stage.say(`  round ${round + 1}: ${name}: usable after ${figure(one.usableS)} s`);
      }
    }
    return { tables: [startTable(results), memoryTable(results)], figures: Object.fromEntries(results) };
  },
};

async function emptyService(): Promise<StartRound> {
  const beganAt = performance.now();
  const service = await startProcess({
    args: ['--import', './tools/typescript.mjs', 'tools/bench/src/start/empty-service.main.ts'],
    ready: /ready/,
  });
  const usableS = (performance.now() - beganAt) / 1_000;
  const processes = processesOf(service.pid);
  await service.stop();
  return { usableS, processes };
}

/**
 * Usable: an order placed in a demo shop is in the simulator, and its level is confirmed in the other shop.
 */
async function oneStart(folder: string): Promise<StartRound> {
  const beganAt = performance.now();
  const installation = await spawnInstallation(folder);
  try {
    const [readyAt, usableAt] = await Promise.all([
      ready(installation).then(() => performance.now()),
      usable(installation),
    ]);
    const readyS = (readyAt - beganAt) / 1_000;
    return {
      usableS: (usableAt - beganAt) / 1_000,
      readyS,
      processes: processesOf(installation.process.pid),
    };
  } finally {
    await stopInstallation(installation);
  }
}

async function usable({ warehouse, se, eu, process: child }: Installation): Promise<number> {
  const waiting = { withinMs: 120_000, everyMs: 25 };
  let ended = false;
  void child.exited.then(() => (ended = true));
  const number = await eventually(
    async () => {
      if (ended) throw new Error(child.output);
      return se.buy(ARTICLE);
    },
    { ...waiting, message: 'the SE shop sells' },
  );
  await eventually(async () => (await warehouse.orders()).some((order) => order.number === number), {
    ...waiting,
    message: `${number} is in the warehouse`,
  });
  await eventually(
    async () => {
      const [here, there] = await Promise.all([se.stock(), eu.stock()]);
      return there[ARTICLE] !== undefined && there[ARTICLE] === here[ARTICLE];
    },
    { ...waiting, message: 'the EU shop shows a piece less' },
  );
  return performance.now();
}

function startTable(results: Map<string, StartRound[]>): Table {
  const seconds = (name: string) => (results.get(name) ?? []).map(({ usableS }) => usableS);
  return {
    title: 'start: seconds until usable',
    columns: ['', 'median', 'each round', 'says ready after', `times ${BARE}`],
    rows: [...results].map(([name, rounds]) => [
      name,
      figure(median(seconds(name))),
      figures(seconds(name)),
      name === BARE ? '' : figure(median(rounds.flatMap(({ readyS }) => readyS ?? []))),
      name === BARE ? '' : figure(median(ratios(seconds(name), seconds(BARE)))),
    ]),
    note: 'Usable: an order placed in the SE shop is in the warehouse, and the EU shop shows a piece less.',
  };
}

const line = (name: string, one: ProcessFacts) => [name, figure(one.pssMiB), figure(one.rssMiB)];

function memoryTable(results: Map<string, StartRound[]>): Table {
  const all = [...results.values()].flatMap((rounds) => rounds.at(-1)?.processes ?? []);
  const [bare, ...rest] = all;
  const last = new Map(rest.map((one) => [one.name, one]));
  const sum = [...last.values()].reduce((total, { pssMiB }) => total + pssMiB, 0);
  return {
    title: 'start: memory of each process just after the start, MiB',
    columns: ['process', 'PSS', 'RSS'],
    rows: [
      ...[...last].map(([name, one]) => line(name, one)),
      ['all of Samlast', figure(sum), ''],
      ...(bare ? [line(BARE, bare)] : []),
    ],
    note: 'PSS shares out common pages; RSS of postgres is a sum and counts them often.',
  };
}
