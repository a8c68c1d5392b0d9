// Creates every topic that is missing and lists every one that differs. usage: npm run topics
import { deadLetterTopic, topics } from '@samlast/contracts';
import { readTopicsConfig } from './config.ts';
import { kafkaClient } from './kafka/client.ts';
import { createTopics, prefixed, topicDifferences } from './kafka/topics.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

async function main(): Promise<number> {
  const { bus, groups } = readTopicsConfig();
  const wanted = prefixed([...topics, ...groups.map(deadLetterTopic)], bus.topicPrefix);
  const admin = kafkaClient(bus, 'samlast-topics', quiet).admin();
  try {
    await admin.connect();
  } catch (error) {
    throw new Error(
      `Kafka does not answer at ${bus.brokers.join(', ')}: check KAFKA_BROKERS, and that it runs.`,
      {
        cause: error,
      },
    );
  }
  try {
    const made = await createTopics(admin, wanted);
    for (const name of made) console.log(`created ${name}`);
    const differences = await topicDifferences(admin, wanted);
    for (const line of differences) console.error(line);
    if (differences.length > 0) {
      console.error(
        'No topic was changed. Set them right with your Kafka tools, or remove them while they are empty.',
      );
      return 1;
    }
    console.log(`${wanted.length} topics are as they should be, ${made.length} of them new.`);
    return 0;
  } finally {
    await admin.disconnect();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
