import { kafkaForTests, testPrefix } from '@samlast/test-stack';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { deadLetterTopic } from '@samlast/contracts';
import { createTopics, prefixed } from '../kafka/topics.ts';
import { partitionOf } from '../partition.ts';
import type { Bus, Logged } from './bed.ts';
import { catalogue } from './parcels.ts';

const { Kafka: Client, logLevel, Partitioners } = kafkajs;

/** A client of the test's own, so that what it finds is not what our code believes. */
export function testKafka(brokers = kafkaForTests().brokers): Kafka {
  return new Client({ clientId: 'parcel-test', brokers, logLevel: logLevel.NOTHING });
}

/** Topics of its own on the test's Kafka. */
export async function kafkaBus(brokers = kafkaForTests().brokers): Promise<Bus> {
  const topicPrefix = testPrefix();
  const kafka = testKafka(brokers);
  const admin = kafka.admin();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await Promise.all([admin.connect(), producer.connect()]);
  await createTopics(admin, prefixed([...catalogue.topics, deadLetterTopic('parcel-service')], topicPrefix));
  return {
    options: { kind: 'kafka', brokers, topicPrefix },
    async send(messages) {
      for (const { topic, key, headers, value } of messages) {
        const partition = key === null ? 0 : partitionOf(key, 3);
        await producer.send({ topic: topicPrefix + topic, messages: [{ key, headers, value, partition }] });
      }
    },
    log: (topic) => readAll(kafka, admin, topicPrefix + topic),
    async groups() {
      const { groups } = await admin.listGroups();
      return groups.map(({ groupId }) => groupId).filter((name) => name.startsWith(topicPrefix));
    },
    async close() {
      await producer.disconnect();
      await admin.deleteTopics({
        topics: [...(await admin.listTopics())].filter((name) => name.startsWith(topicPrefix)),
      });
      await admin.disconnect();
    },
  };
}

/** Every message of a topic, by partition and offset, up to the end that it had when this began. */
export async function readAll(kafka: Kafka, admin: Admin, topic: string): Promise<Logged[]> {
  const ends = new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  const open = new Set([...ends].filter(([, end]) => end > 0n).map(([partition]) => partition));
  const found: Logged[] = [];
  if (open.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `${topic}-reader-${Math.random()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          if (BigInt(message.offset) >= (ends.get(partition) ?? 0n)) return;
          found.push({
            partition,
            offset: message.offset,
            key: message.key?.toString() ?? null,
            headers: Object.fromEntries(
              Object.entries(message.headers ?? {}).map(([n, v]) => [n, String(v)]),
            ),
            value: message.value?.toString() ?? null,
          });
          if (BigInt(message.offset) === (ends.get(partition) ?? 0n) - 1n) open.delete(partition);
          if (open.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found.toSorted((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
}
