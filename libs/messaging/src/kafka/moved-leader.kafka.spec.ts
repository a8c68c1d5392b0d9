import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, repositoryRoot } from '@samlast/test-stack';
import { Bed } from '../testing/bed.ts';
import { kafkaBus, testKafka } from '../testing/kafka-bus.ts';
import { ParcelMoved, Parcels } from '../testing/parcels.ts';

const run = promisify(execFile);
const name = `leader-${randomBytes(3).toString('hex')}`;
const kafkaLocal = (...args: string[]) =>
  run(join(repositoryRoot, 'tools/kafka-local/kafka-local'), [...args, '--name', name]);
const keys = Array.from({ length: 12 }, (_, i) => `K${i}`);

describe('three brokers', () => {
  let brokers: string[] = [];
  const bed = new Bed(() => kafkaBus(brokers));
  beforeAll(async () => {
    await bed.open();
    const { stdout } = await kafkaLocal('start', '--nodes', '3', '--fresh');
    brokers = stdout.trim().replace('KAFKA_BROKERS=', '').split(',');
  });
  afterEach(() => bed.clear());
  afterAll(async () => {
    await kafkaLocal('stop', '--wipe');
    await bed.close();
  });

  it('lose nothing when a leader is killed while its partitions are written, and no effect is repeated', async () => {
    const room = await bed.room();
    const topic = room.bus.options.topicPrefix + Parcels.name;
    const admin = testKafka(brokers).admin();
    await admin.connect();
    const leaders = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.map(({ leader }) => leader) ?? [];
    };
    const service = await room.start();
    let step = 0;
    /** With at most ten steps on their way, so that the outage is met by a queue and not by a flood. */
    const publish = async (steps: number) => {
      for (const last = step + steps; step < last;) {
        const sent = () => service.progress.counts.published >= (step - 10) * keys.length;
        await eventually(sent, { withinMs: 60_000, everyMs: 10 });
        step += 1;
        const now = step;
        await service.unitOfWork.run(async () => ({
          events: keys.map((key) => ParcelMoved.of({ number: key, step: now })),
          answer: undefined,
        }));
      }
    };
    await publish(20);
    const [victim = 1] = await leaders();
    await Promise.all([kafkaLocal('kill', '--node', String(victim)), publish(60)]);
    expect(await leaders()).not.toContain(victim);
    const all = step * keys.length;
    await eventually(async () => (await room.effects()).length >= all, { withinMs: 60_000 });
    const ids = new Set((await room.bus.log(Parcels.name)).map(({ headers }) => headers.ce_id));
    expect(ids.size).toBe(all);
    expect(await room.effects()).toHaveLength(all);
    const steps = Array.from({ length: step }, (_, i) => i + 1);
    for (const key of keys) expect(await room.stepsOf(key)).toEqual(steps);
    await admin.disconnect();
  });
});
