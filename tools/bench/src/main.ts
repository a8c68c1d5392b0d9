import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@samlast/test-stack';
import { authority } from './authority/authority.benchmark.ts';
import type { Benchmark } from './benchmark.ts';
import { consumer } from './consumer/consumer.benchmark.ts';
import { stopInstallations } from './installation/installation.ts';
import { gateway } from './gateway/gateway.benchmark.ts';
import { machineFacts } from './machine.ts';
import { openStage } from './open-stage.ts';
import { type Options, readOptions, usage } from './options.ts';
import { path } from './path/path.benchmark.ts';
import { relay } from './relay/relay.benchmark.ts';
import { shelf } from './shelf/shelf.benchmark.ts';
import { start } from './start/start.benchmark.ts';
import { printed } from './table.ts';

const benchmarks: Benchmark[] = [consumer, relay, ...authority, ...gateway, path, shelf, start];
const say = (line: string) => console.log(line);

async function main(options: Options): Promise<number> {
  if (options.help) {
    say(usage);
    return 0;
  }
  const isMeant = (one: Benchmark, name: string) => one.name === name || one.name.startsWith(`${name}/`);
  const unknown = options.names.filter((name) => !benchmarks.some((one) => isMeant(one, name)));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}.\n\n${usage}`);
    return 1;
  }
  const chosen = benchmarks.filter(
    (one) => options.names.length === 0 || options.names.some((name) => isMeant(one, name)),
  );
  const machine = machineFacts();
  const stamp = machine.at.replaceAll(':', '-').slice(0, 19);
  const home = join(repositoryRoot, '.samlast/bench');
  const stage = await openStage(options, join(home, `run-${stamp}`), say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('stops what it has started …');
      void stopInstallations()
        .then(() => stage.close())
        .finally(() => process.exit(130));
    });
  }
  const results: Record<string, unknown> = {};
  const failed: string[] = [];
  try {
    for (const benchmark of chosen) {
      say(`\n${benchmark.name}: ${benchmark.about}`);
      const beganAt = performance.now();
      try {
        const { tables, figures } = await benchmark.run(stage);
        for (const table of tables) say(printed(table));
        results[benchmark.name] = {
          seconds: Math.round((performance.now() - beganAt) / 1_000),
          tables,
          figures,
        };
      } catch (error) {
        failed.push(benchmark.name);
        results[benchmark.name] = { failed: (error as Error).message };
        console.error(`${benchmark.name} failed:`, error);
      }
    }
  } finally {
    await stage.close();
  }
  await mkdir(home, { recursive: true });
  const file = join(home, `${stamp}.json`);
  await writeFile(file, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
  say(`\nAll rounds are in ${file}.${failed.length > 0 ? ` Failed: ${failed.join(', ')}.` : ''}`);
  return failed.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 1;
}
