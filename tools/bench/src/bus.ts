import type { Topic } from '@samlast/contracts';
import { type Admin, Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';

const SEND_MESSAGES = 1_000;

/** Kafka with a client of the benchmark's own, so that what is counted is not what a contestant believes. */
export class Bus {
  private constructor(
    private readonly kafka: Kafka,
    private readonly admin: Admin,
    private readonly producer: Producer,
  ) {}

  static async open(brokers: string[]): Promise<Bus> {
    const kafka = new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
    const bus = new Bus(kafka, kafka.admin(), producer);
    await Promise.all([bus.admin.connect(), producer.connect()]);
    return bus;
  }

  /** Makes the topics as `npm run topics` would, under a prefix of their own. */
  async create(prefix: string, topics: readonly Topic[]): Promise<void> {
    await this.admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic: prefix + topic.name,
        numPartitions: topic.partitions,
        replicationFactor: 1,
        configEntries: [
          { name: 'cleanup.policy', value: topic.cleanup },
          { name: 'retention.ms', value: String(topic.retentionMs) },
          { name: 'max.message.bytes', value: String(topic.maxMessageBytes) },
        ],
      })),
    });
  }

  async send(topic: string, messages: readonly Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += SEND_MESSAGES) {
      await this.producer.send({ topic, acks: -1, messages: messages.slice(from, from + SEND_MESSAGES) });
    }
  }

  /** The ce_id of every message in a topic, in no order; as long as it is, so repeats show. */
  async ids(topic: string): Promise<string[]> {
    const ends = await this.admin.fetchTopicOffsets(topic);
    const open = new Map(
      ends.filter(({ high }) => high !== '0').map(({ partition, high }) => [partition, BigInt(high) - 1n]),
    );
    const ids: string[] = [];
    if (open.size === 0) return ids;
    const consumer = this.kafka.consumer({ groupId: `${topic}-audit-${Math.random()}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            for (const { headers } of batch.messages) ids.push(String(headers?.ce_id));
            if (BigInt(batch.lastOffset()) >= (open.get(batch.partition) ?? 0n)) open.delete(batch.partition);
            if (open.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return ids;
  }

  async drop(prefix: string): Promise<void> {
    const topics = (await this.admin.listTopics()).filter((name) => name.startsWith(prefix));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect()]);
  }
}
