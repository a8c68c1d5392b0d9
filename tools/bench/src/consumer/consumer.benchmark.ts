import { randomBytes } from 'node:crypto';
import { ChannelOrders, deadLetterTopic } from '@samlast/contracts';
import { Client } from 'pg';
import type { Benchmark, Stage } from '../benchmark.ts';
import { Bus } from '../bus.ts';
import { orderMessages } from '../order-messages.ts';
import { positionIndex } from '../relay/row-by-row.ts';
import { layOutFor, secondsUntil, startContestant, until } from '../paused.ts';
import { comparison, type Contestant, interleave } from '../rounds.ts';
import { catalogue, GROUP } from '../samlast-service.ts';
import { dropSchema, makeSchema } from '../schema.ts';
import { figure, type Table } from '../table.ts';
import { type Audit, audited, effectsReached, outboxEmpty } from './audit.ts';
import { type ContestantSettings, effectsTable } from './order-effects.ts';

const ROUNDS = 5;

interface Entry {
  readonly name: string;
  readonly kind: ContestantSettings['kind'];
  readonly answers: boolean;
  readonly atOnce?: number;
  readonly oneStatement?: boolean;
}

interface ConsumerRound {
  readonly messages: number;
  /** Until every effect was committed. */
  readonly committedPerSecond: number;
  /** Until every event that followed was acknowledged by the broker as well; the same where none follows. */
  readonly publishedPerSecond: number;
  readonly audit: Audit;
}

/** The rate of a contestant does not depend on how many messages there are, so the slow ones get fewer. */
function sizes(quick: boolean) {
  return quick
    ? { warmUp: 200, samlast: 5_000, nest: 300, nestAtOnce: 600 }
    : { warmUp: 500, samlast: 50_000, nest: 2_000, nestAtOnce: 5_000 };
}

const entries = (answers: boolean): Entry[] => [
  { name: 'samlast', kind: 'samlast', answers },
  { name: 'nest', kind: 'nest', answers },
  { name: 'nest, 6 partitions at once', kind: 'nest', answers, atOnce: 6 },
  { name: 'nest, 6 at once, one statement', kind: 'nest', answers, atOnce: 6, oneStatement: true },
];

export const consumer: Benchmark = {
  name: 'consumer',
  about: "our consumer beside Nest's stock Kafka transport, the same durable effect per message",
  async run(stage) {
    const tables: Table[] = [];
    const all: Record<string, unknown> = {};
    const database = new Client({ connectionString: (await stage.postgres()).url('bench') });
    await database.connect();
    try {
      const rounds = stage.rounds ?? (stage.quick ? 1 : ROUNDS);
      for (const answers of [false, true]) {
        const what = answers ? 'inbox, effect and event' : 'inbox and effect';
        const contestants = entries(answers).map((entry) => contestantOf(entry, stage, database));
        const results = await interleave(contestants, rounds, (name, round, one) =>
          stage.say(`  ${what}, round ${round + 1}: ${name} ${figure(one.publishedPerSecond)}/s`),
        );
        tables.push(tableOf(`${what} committed`, results, (round) => round.committedPerSecond));
        if (answers) tables.push(tableOf(`${what} published`, results, (round) => round.publishedPerSecond));
        all[what] = Object.fromEntries(results);
      }
    } finally {
      await database.end();
    }
    return { tables, figures: all };
  },
};

function contestantOf(entry: Entry, stage: Stage, database: Client): Contestant<ConsumerRound> {
  return { name: entry.name, run: () => oneRound(entry, stage, database) };
}

async function oneRound(entry: Entry, stage: Stage, database: Client): Promise<ConsumerRound> {
  const size = sizes(stage.quick);
  const messages = entry.kind === 'samlast' ? size.samlast : entry.atOnce ? size.nestAtOnce : size.nest;
  const total = size.warmUp + messages;
  const id = randomBytes(4).toString('hex');
  const settings: ContestantSettings = {
    ...entry,
    brokers: await stage.kafka(),
    databaseUrl: (await stage.postgres()).url('bench'),
    schema: `consumer_${id}`,
    prefix: `bench-${id}.`,
  };
  // One for each round: a client goes on asking for topics that are gone.
  const bus = await Bus.open(settings.brokers);
  const tables = entry.kind === 'nest' && entry.answers ? [effectsTable, positionIndex] : [effectsTable];
  await makeSchema(settings.databaseUrl, settings.schema, tables);
  await bus.create(settings.prefix, [...catalogue.topics, deadLetterTopic(GROUP)]);
  const orders = settings.prefix + ChannelOrders.name;
  const contestant = await startContestant('consumer/contestant.main.ts', settings);
  try {
    const committed = (count: number) => () => effectsReached(database, settings.schema, count);
    const published = () => outboxEmpty(database, settings.schema);
    await bus.send(orders, orderMessages(size.warmUp));
    await until(committed(size.warmUp), contestant);
    await until(published, contestant);
    const work = orderMessages(messages, size.warmUp);
    const beganAt = await layOutFor(contestant, () => bus.send(orders, work));
    const committedPerSecond = messages / (await secondsUntil(committed(total), beganAt, contestant));
    const publishedPerSecond = entry.answers
      ? messages / (await secondsUntil(published, beganAt, contestant))
      : committedPerSecond;
    const audit = await audited(settings, bus, database, total);
    return { messages, committedPerSecond, publishedPerSecond, audit };
  } finally {
    await contestant.stop();
    await bus.drop(settings.prefix);
    await bus.close();
    await dropSchema(database, settings.schema);
  }
}

function tableOf(
  what: string,
  results: Map<string, ConsumerRound[]>,
  rateOf: (round: ConsumerRound) => number,
): Table {
  return comparison(
    `consumer: ${what}, messages per second`,
    new Map([...results].map(([name, rounds]) => [name, rounds.map(rateOf)])),
  );
}
