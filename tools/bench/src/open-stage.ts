import { execFile } from 'node:child_process';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Postgres, repositoryRoot, startPostgres } from '@samlast/test-stack';
import type { Stage } from './benchmark.ts';
import { environment } from './config.ts';
import type { Options } from './options.ts';

const run = promisify(execFile);
const kafkaLocal = join(repositoryRoot, 'tools/kafka-local/kafka-local');
const CLUSTER = 'bench';

export interface OpenStage extends Stage {
  close(): Promise<void>;
}

/** Starts what a benchmark asks for, once for all of them, and ends it in close(). */
export async function openStage(options: Options, folder: string, say: Stage['say']): Promise<OpenStage> {
  await mkdir(folder, { recursive: true });
  // PostgreSQL runs as another user where this process is root, and has to reach its folder.
  await chmod(folder, 0o755);
  let postgres: Promise<Postgres> | undefined;
  let brokers: Promise<string[]> | undefined;
  let ownKafka = false;
  const startKafka = async () => {
    const given = environment.kafkaBrokers;
    if (given) return given.split(',');
    say('starts a Kafka …');
    ownKafka = true;
    const { stdout } = await run(kafkaLocal, ['start', '--fresh', '--name', CLUSTER]);
    return brokersIn(stdout);
  };
  return {
    quick: options.quick,
    rounds: options.rounds,
    seconds: options.seconds,
    folder,
    say,
    kafka: () => (brokers ??= startKafka()),
    postgres: () =>
      (postgres ??= startPostgres({ dir: join(folder, 'postgres'), durable: true, databases: ['bench'] })),
    async close() {
      await postgres?.then((server) => server.stop()).catch(() => {});
      if (ownKafka) await run(kafkaLocal, ['stop', '--wipe', '--name', CLUSTER]);
      if (!options.keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

function brokersIn(output: string): string[] {
  const list = /KAFKA_BROKERS=(\S+)/.exec(output)?.[1];
  if (!list) throw new Error(`tools/kafka-local did not say where its Kafka is, but: ${output}`);
  return list.split(',');
}
