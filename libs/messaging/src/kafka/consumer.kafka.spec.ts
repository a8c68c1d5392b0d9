import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deadLetterTopic } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import kafkajs, { type Admin } from 'kafkajs';
import type { KafkaOptions } from '../options.ts';
import { Bed, Gate, type Room, sent } from '../testing/bed.ts';
import { kafkaBus, testKafka } from '../testing/kafka-bus.ts';
import { catalogue, ParcelMoved, Parcels, Weights } from '../testing/parcels.ts';
import { createTopics, prefixed, topicDifferences } from './topics.ts';

const { ConfigResourceTypes } = kafkajs;
const moved = (number: string, step: number) => ParcelMoved.of({ number, step });
/** The least that a broker allows unless it is told otherwise. */
const SESSION_TIMEOUT_MS = 6_000;

function kafkaOf(room: Room): KafkaOptions {
  if (room.bus.options.kind !== 'kafka') throw new Error('This room has another bus.');
  return room.bus.options;
}

describe("Kafka's consumer", () => {
  const bed = new Bed(() => kafkaBus());
  let admin: Admin;
  beforeAll(() => bed.open());
  // One for each test: it goes on asking for every topic that it was ever asked about, also for those deleted since.
  beforeEach(async () => {
    admin = testKafka().admin();
    await admin.connect();
  });
  afterEach(async () => {
    await admin.disconnect();
    await bed.clear();
  });
  afterAll(() => bed.close());

  const set = (name: string, config: string, value: string) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: [{ name: config, value }] }],
    });
  it('keeps its partitions while a handler works longer than the session lasts, and another member goes on', async () => {
    const room = await bed.room();
    const gate = new Gate();
    const bus = { ...kafkaOf(room), sessionTimeoutMs: SESSION_TIMEOUT_MS };
    const slow = {
      handle: (messages: { key: string }[]) =>
        messages.some(({ key }) => key === 'A') ? gate.opened : undefined,
    };
    const [first, second] = await Promise.all([
      room.start({ bus, behaviour: slow }),
      room.start({ bus, behaviour: slow }),
    ]);
    try {
      await room.send(moved('A', 1));
      await eventually(() => first.calls.length + second.calls.length === 1);
      const until = performance.now() + SESSION_TIMEOUT_MS * 1.5;
      for (let step = 1; performance.now() < until; step += 1) {
        await room.send(moved('D', step), moved('F', step));
        await eventually(
          async () => (await room.stepsOf('D')).length + (await room.stepsOf('F')).length === 2 * step,
        );
      }
      expect([...first.calls, ...second.calls].filter((call) => call.includes('A:1'))).toHaveLength(1);
    } finally {
      gate.open();
    }
    await eventually(async () => (await room.stepsOf('A')).length === 1);
    expect(first.progress.counts.duplicates + second.progress.counts.duplicates).toBe(0);
  });

  it('handles once what comes again because its offset was never committed', async () => {
    const room = await bed.room();
    const first = await room.start();
    const nameless = { ...sent(moved('B', 1)), headers: {} };
    await room.send(moved('A', 1), nameless, moved('A', 2));
    await eventually(async () => (await room.stepsOf('A')).length === 2);
    await first.close();
    const { topicPrefix } = kafkaOf(room);
    await admin.resetOffsets({
      groupId: `${topicPrefix}parcel-service`,
      topic: topicPrefix + Parcels.name,
      earliest: true,
    });
    const second = await room.start();
    await eventually(() => second.progress.counts.duplicates === 3);
    expect(await room.stepsOf('A')).toEqual([1, 2]);
    expect(await second.deadLetters.list()).toHaveLength(1);
  });

  it('ends the process when its consumer dies for good, here of a compression that it cannot read', async () => {
    const room = await bed.room();
    const reasons: string[] = [];
    const { progress } = await room.start({
      standstillMs: 400,
      onStandstill: (reason) => reasons.push(reason),
    });
    await set(kafkaOf(room).topicPrefix + Parcels.name, 'compression.type', 'lz4');
    // The broker takes the new setting when it comes round to it, so the first messages may still go through.
    let step = 0;
    await eventually(
      async () => {
        step += 1;
        await room.send(moved('A', step));
        return reasons.length > 0;
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    expect(reasons[0]).toMatch(/the consumer died and does not come back by itself: .*LZ4/);
    expect(progress.fault()).toBe(reasons[0]);
  });

  it('parks what Postgres could not store as it came, and goes on', async () => {
    const room = await bed.room();
    const service = await room.start();
    const long = 'x'.repeat(90_000);
    await room.send(
      {
        ...sent(moved('D\0', 1)),
        headers: { ce_type: 'a\0b', 'n\0': '\0' },
        value: Buffer.from([0xff, 0, 0xc3]),
      },
      { ...sent(moved('D', 2)), headers: { long }, value: 'y'.repeat(9_000) },
      moved('D', 3),
    );
    await eventually(async () => (await room.bus.log('parcel-service.dead.v1')).length === 2);
    const letters = await service.deadLetters.list();
    expect(letters.map(({ key, state }) => ({ key, state }))).toEqual([
      { key: 'D\uFFFD', state: 'parked' },
      { key: 'D', state: 'parked' },
      { key: 'D', state: 'queued' },
    ]);
  });

  it('refuses to start on topics that differ, and says what to run', async () => {
    const room = await bed.room();
    const { topicPrefix } = kafkaOf(room);
    await set(topicPrefix + Parcels.name, 'compression.type', 'lz4');
    await set(topicPrefix + Weights.name, 'cleanup.policy', 'compact');
    await admin.deleteTopics({ topics: [`${topicPrefix}parcel-service.dead.v1`] });
    const message = await room.start().then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(message).toContain('wms.parcels.v1 has compression.type=lz4, which this client cannot read');
    expect(message).toContain('wms.weights.v1 has cleanup.policy=compact, not delete');
    expect(message).toContain('parcel-service.dead.v1 is missing');
    expect(message).toContain('npm run topics');
  });

  it('creates topics once however often it is told to, also twice at the same moment, and lists what differs', async () => {
    const room = await bed.room();
    const wanted = prefixed(
      [...catalogue.topics, deadLetterTopic('again')],
      `${kafkaOf(room).topicPrefix}x.`,
    );
    const made = await Promise.all([createTopics(admin, wanted), createTopics(admin, wanted)]);
    expect(made.flat()).toEqual(expect.arrayContaining(wanted.map(({ name }) => name)));
    expect(await createTopics(admin, wanted)).toEqual([]);
    expect(await topicDifferences(admin, wanted)).toEqual([]);
    const grown = wanted.map((topic) => ({ ...topic, partitions: topic.partitions + 1 }));
    expect(await topicDifferences(admin, grown)).toEqual(
      grown.map(
        ({ name, partitions }) =>
          `${name} has ${partitions - 1} partitions, not ${partitions}, and that can never be changed`,
      ),
    );
  });

  it('refuses to start without a broker, and names the setting', async () => {
    const room = await bed.room();
    const starting = room.start({ bus: { ...kafkaOf(room), brokers: ['127.0.0.1:1'] } });
    await expect(starting).rejects.toThrow('Kafka does not answer at 127.0.0.1:1: check KAFKA_BROKERS');
  });
});
