import { randomBytes } from 'node:crypto';
import { deadLetterTopic, StockOrders } from '@samlast/contracts';
import type { Message } from 'kafkajs';
import { Client } from 'pg';
import type { Benchmark, Stage } from '../benchmark.ts';
import { Bus } from '../bus.ts';
import { outboxEmpty } from '../consumer/audit.ts';
import { orderMessages } from '../order-messages.ts';
import { layOutFor, secondsUntil, startContestant, until } from '../paused.ts';
import { comparison, interleave } from '../rounds.ts';
import { catalogue, GROUP } from '../samlast-service.ts';
import { dropSchema, makeSchema } from '../schema.ts';
import { figure } from '../table.ts';
import { positionIndex } from './row-by-row.ts';

const ROUNDS = 5;
const kinds = ['samlast', 'row by row', 'batch select'] as const;
type Kind = (typeof kinds)[number];

/** What contestants are told. */
export interface RelaySettings {
  readonly kind: Kind;
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly schema: string;
  readonly prefix: string;
}

interface RelayRound {
  readonly rows: number;
  readonly perSecond: number;
  /** Messages on the topic and how many different ones: more of the first are repeats. */
  readonly onTopic: number;
  readonly different: number;
}

export const relay: Benchmark = {
  name: 'relay',
  about: 'our relay beside pollers that send the outbox row by row',
  async run(stage) {
    const database = new Client({ connectionString: (await stage.postgres()).url('bench') });
    await database.connect();
    try {
      const contestants = kinds.map((kind) => ({ name: kind, run: () => oneRound(kind, stage, database) }));
      const rounds = stage.rounds ?? (stage.quick ? 1 : ROUNDS);
      const results = await interleave(contestants, rounds, (name, round, { perSecond }) =>
        stage.say(`  round ${round + 1}: ${name} ${figure(perSecond)}/s`),
      );
      const rates = new Map([...results].map(([name, all]) => [name, all.map(({ perSecond }) => perSecond)]));
      const tables = [comparison('relay: outbox rows published, per second', rates)];
      return { tables, figures: Object.fromEntries(results) };
    } finally {
      await database.end();
    }
  },
};

async function oneRound(kind: Kind, stage: Stage, database: Client): Promise<RelayRound> {
  const rows = kind === 'samlast' ? (stage.quick ? 5_000 : 50_000) : stage.quick ? 300 : 3_000;
  const warmUp = 200;
  const id = randomBytes(4).toString('hex');
  const settings: RelaySettings = {
    kind,
    brokers: await stage.kafka(),
    databaseUrl: (await stage.postgres()).url('bench'),
    schema: `relay_${id}`,
    prefix: `bench-${id}.`,
  };
  const bus = await Bus.open(settings.brokers);
  await makeSchema(settings.databaseUrl, settings.schema, kind === 'samlast' ? [] : [positionIndex]);
  await bus.create(settings.prefix, [...catalogue.topics, deadLetterTopic(GROUP)]);
  const contestant = await startContestant('relay/contestant.main.ts', settings);
  try {
    const sent = () => outboxEmpty(database, settings.schema);
    await fill(database, settings.schema, orderMessages(warmUp));
    await until(sent, contestant);
    const work = orderMessages(rows, warmUp);
    const beganAt = await layOutFor(contestant, () => fill(database, settings.schema, work));
    const seconds = await secondsUntil(sent, beganAt, contestant);
    const ids = await bus.ids(settings.prefix + StockOrders.name);
    const different = new Set(ids).size;
    if (different !== rows + warmUp) {
      throw new Error(`${kind}: ${rows + warmUp} rows went, ${different} messages arrived.`);
    }
    return { rows, perSecond: rows / seconds, onTopic: ids.length, different };
  } finally {
    await contestant.stop();
    await bus.drop(settings.prefix);
    await bus.close();
    await dropSchema(database, settings.schema);
  }
}

/**
 * Commits the messages to the outbox as one transaction of many handlers would, and wakes our relay as its
 * own service does.
 */
async function fill(database: Client, schema: string, messages: readonly Message[]): Promise<void> {
  const rows = messages.map(({ key, value, headers }, at) => ({
    topic: StockOrders.name,
    partition: at % StockOrders.partitions,
    id: String(headers?.ce_id),
    key: String(key),
    headers,
    data: String(value),
  }));
  await database.query(
    `INSERT INTO ${schema}.outbox (topic, partition, id, key, headers, data)
     SELECT m.* FROM json_to_recordset($1::json)
       AS m(topic text, partition int, id uuid, key text, headers json, data text)`,
    [JSON.stringify(rows)],
  );
  await database.query("SELECT pg_notify('samlast_relay', $1)", [schema]);
}
