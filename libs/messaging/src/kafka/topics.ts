import type { Topic } from '@samlast/contracts';
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import { backoffMs, pause } from '../pause.ts';

const { ConfigResourceTypes } = kafkajs;
const SETTLE_TRIES = 40;
/** What kafkajs can read; a topic that recompresses to lz4, snappy or zstd would end its consumers. */
const READABLE = ['producer', 'gzip', 'uncompressed'];
const never = new AbortController().signal;

/** A topic of the contracts under the name that it has on this cluster. */
export function prefixed(topics: Iterable<Topic>, prefix: string): Topic[] {
  return [...topics].map((topic) => ({ ...topic, name: prefix + topic.name }));
}

/** What is wrong with the cluster's topics, one line each; empty when all are there and as they should be. */
export async function topicDifferences(admin: Admin, wanted: readonly Topic[]): Promise<string[]> {
  const existing = new Set(await admin.listTopics());
  const there = wanted.filter(({ name }) => existing.has(name));
  const lines = wanted.filter(({ name }) => !existing.has(name)).map(({ name }) => `${name} is missing`);
  if (there.length === 0) return lines;
  const metadata = await admin.fetchTopicMetadata({ topics: there.map(({ name }) => name) });
  const partitions = new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: there.map(({ name }) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: [...Object.keys(settingsOf(there[0] as Topic)), 'compression.type'],
    })),
  });
  for (const topic of there) {
    const has = partitions.get(topic.name);
    if (has !== topic.partitions) {
      lines.push(
        `${topic.name} has ${has} partitions, not ${topic.partitions}, and that can never be changed`,
      );
    }
    const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
    const values = new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
    for (const [name, value] of Object.entries(settingsOf(topic))) {
      if (values.get(name) !== value)
        lines.push(`${topic.name} has ${name}=${values.get(name)}, not ${value}`);
    }
    const compression = values.get('compression.type') ?? 'producer';
    if (!READABLE.includes(compression)) {
      lines.push(
        `${topic.name} has compression.type=${compression}, which this client cannot read; use producer`,
      );
    }
  }
  return lines;
}

/** Throws when a topic is missing or differs: a service that went on would lose order, or messages. */
export async function checkTopics(admin: Admin, wanted: readonly Topic[]): Promise<void> {
  const lines = await topicDifferences(admin, wanted);
  if (lines.length === 0) return;
  throw new Error(
    `${lines.length} faults in Kafka's topics:\n${lines.map((line) => `  - ${line}`).join('\n')}\n` +
      'Run "npm run topics" with the same KAFKA_BROKERS and TOPIC_PREFIX: it creates what is missing and lists what differs.',
  );
}

/** Creates the missing ones and waits until each partition has a leader. Answers the names of those it made. */
export async function createTopics(admin: Admin, wanted: readonly Topic[]): Promise<string[]> {
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return [];
  const { brokers } = await admin.describeCluster();
  const replicas = Math.min(3, brokers.length);
  const topics: ITopicConfig[] = missing.map((topic) => ({
    topic: topic.name,
    numPartitions: topic.partitions,
    replicationFactor: replicas,
    configEntries: [
      ...Object.entries(settingsOf(topic)).map(([name, value]) => ({ name, value })),
      { name: 'min.insync.replicas', value: replicas >= 3 ? '2' : '1' },
    ],
  }));
  try {
    // Its own waiting for leaders can end with "unknown topic" on a fresh cluster, so the waiting is ours.
    await admin.createTopics({ topics, waitForLeaders: false });
  } catch (error) {
    const now = new Set(await admin.listTopics());
    // Another one may have made them at the same moment; whether they fit is for the verification to say.
    if (!missing.every(({ name }) => now.has(name))) throw error;
  }
  await leaders(admin, missing);
  return missing.map(({ name }) => name);
}

async function leaders(admin: Admin, topics: readonly Topic[]): Promise<void> {
  const names = topics.map(({ name }) => name);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics: names });
      const led = metadata.topics.every((topic) => topic.partitions.every(({ leader }) => leader >= 0));
      if (led && metadata.topics.length === names.length) return;
    } catch (error) {
      if (attempt === SETTLE_TRIES) throw error;
    }
    if (attempt === SETTLE_TRIES)
      throw new Error(`No leader for every partition of ${names.join(', ')} yet: run it again.`);
    await pause(backoffMs(attempt, 50, 500), never);
  }
}

function settingsOf(topic: Topic): Record<string, string> {
  return {
    'cleanup.policy': topic.cleanup,
    'retention.ms': String(topic.retentionMs),
    'max.message.bytes': String(topic.maxMessageBytes),
  };
}
