import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, kafkaForTests, startProcess, type TcpProxy, tcpProxy } from '@samlast/test-stack';
import kafkajs from 'kafkajs';
import { BusCatalogue } from '../catalogue.ts';
import { SideConnection } from '../side-connection.ts';
import { Bed, type Logged, type Room } from '../testing/bed.ts';
import { kafkaBus } from '../testing/kafka-bus.ts';
import { catalogue, ParcelMoved, Parcels } from '../testing/parcels.ts';
import { openSchema } from '../testing/test-service.ts';
import { Relay } from './relay.ts';

const { Kafka, logLevel } = kafkajs;
const PRODUCE = 0;
const keys = Array.from({ length: 12 }, (_, i) => `K${i}`);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const moved = (number: string, step: number) => ParcelMoved.of({ number, step });

/** Ids that stand in the log, each with how often. */
function occurrences(log: Logged[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { headers } of log) counts.set(headers.ce_id ?? '', (counts.get(headers.ce_id ?? '') ?? 0) + 1);
  return counts;
}

describe('the relay', () => {
  const bed = new Bed(() => kafkaBus());
  beforeAll(() => bed.open());
  afterEach(() => bed.clear());
  afterAll(() => bed.close());

  it('loses nothing and repeats no effect when answers of the broker are dropped', async () => {
    const room = await bed.room();
    const broker = await tcpProxy(`tcp://${kafkaForTests().brokers[0]}`);
    const relay = await relayThrough(broker, room);
    try {
      // It finds the lock taken, so everything that it writes goes through the relay behind the proxy.
      const service = await room.start();
      let produced = 0;
      broker.dropAnswers(
        (request) => request.length > 6 && request.readInt16BE(4) === PRODUCE && ++produced % 4 === 0,
        40,
      );
      let steps = 0;
      while (broker.dropped < 40) {
        steps += 1;
        const step = steps;
        await service.unitOfWork.run(async () => ({
          events: keys.map((key) => moved(key, step)),
          answer: undefined,
        }));
      }
      await eventually(async () => (await room.effects()).length >= steps * keys.length, {
        withinMs: 60_000,
      });
      const found = occurrences(await room.bus.log(Parcels.name));
      expect(found.size).toBe(steps * keys.length);
      expect(await room.effects()).toHaveLength(steps * keys.length);
      for (const key of keys)
        expect(await room.stepsOf(key)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    } finally {
      await relay.close();
      await broker.close();
    }
  });

  it('sends again what it was killed over between acknowledgement and deletion, and the effects stay single', async () => {
    const room = await bed.room();
    const publisher = await room.start({ consumes: false });
    await publisher.close();
    const killed = await startProcess({
      args: ['--import', './tools/typescript.mjs', 'libs/messaging/src/testing/killed-relay.main.ts'],
      env: {
        TEST_URL: room.database.url,
        TEST_SCHEMA: room.schema,
        TEST_BROKERS: kafkaForTests().brokers.join(),
        TEST_PREFIX: room.bus.options.topicPrefix,
      },
    });
    expect((await killed.exited).signal).toBe('SIGKILL');
    expect(await room.bus.log(Parcels.name)).toHaveLength(3);
    const service = await room.start();
    await eventually(async () => (await service.progress.figures()).unsent === 0);
    await service.unitOfWork.run(async () => ({ events: [moved('A', 4)], answer: undefined }));
    await eventually(async () => (await room.stepsOf('A')).includes(4));
    expect([...occurrences(await room.bus.log(Parcels.name)).values()]).toEqual([2, 2, 2, 1]);
    expect(await room.stepsOf('A')).toEqual([1, 2, 3, 4]);
    expect(service.progress.counts.duplicates).toBe(3);
  });

  it('is one per service, and another process takes it over when it ends', async () => {
    const room = await bed.room();
    const [first, second] = [await room.start({ consumes: false }), await room.start({ consumes: false })];
    const publish = (step: number) =>
      second.unitOfWork.run(async () => ({ events: [moved('A', step)], answer: undefined }));
    await publish(1);
    await eventually(async () => (await room.bus.log(Parcels.name)).length === 1);
    expect([first.progress.counts.published, second.progress.counts.published]).toEqual([1, 0]);
    await first.close();
    await publish(2);
    await eventually(async () => (await room.bus.log(Parcels.name)).length === 2);
    expect(second.progress.counts.published).toBe(1);
  });

  it('keeps what is committed while no broker answers, and sends it in order when one does', async () => {
    const room = await bed.room();
    const broker = await tcpProxy(`tcp://${kafkaForTests().brokers[0]}`);
    const relay = await relayThrough(broker, room);
    try {
      const service = await room.start();
      broker.cut();
      for (const step of [1, 2, 3]) {
        await service.unitOfWork.run(async () => ({ events: [moved('A', step)], answer: undefined }));
      }
      expect((await service.progress.figures()).unsent).toBe(3);
      broker.resume();
      await eventually(async () => (await room.stepsOf('A')).length === 3);
      expect(await room.stepsOf('A')).toEqual([1, 2, 3]);
      await eventually(async () => (await service.progress.figures()).unsent === 0);
    } finally {
      await relay.close();
      await broker.close();
    }
  });
});

/** A relay of the room's schema whose every connection to the broker goes through the proxy. */
async function relayThrough(broker: TcpProxy, room: Room): Promise<{ close(): Promise<void> }> {
  const source = await openSchema(room.database.url, room.schema);
  const side = new SideConnection(source, quiet);
  await side.open();
  const kafka = new Kafka({
    brokers: kafkaForTests().brokers,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 3 },
    socketFactory: ({ onConnect }) => connect({ port: broker.port, host: '127.0.0.1' }, onConnect),
  });
  const all = new BusCatalogue('parcel-service', catalogue);
  const relay = new Relay(
    kafka,
    source,
    side,
    { group: 'parcel-service', source: 'samlast/parcel-service', bus: room.bus.options, log: quiet },
    {
      prefix: room.bus.options.topicPrefix,
      maxBytesOf: (topic) => all.topic(topic).maxMessageBytes,
      published: () => {},
    },
  );
  await relay.start();
  await eventually(async () => {
    const locks = await room.database.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted`);
    return locks.length > 0;
  });
  return {
    async close() {
      await relay.close();
      await side.close();
      await source.destroy();
    },
  };
}
