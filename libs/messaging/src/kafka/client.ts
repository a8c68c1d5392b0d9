import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import type { BusLog, KafkaOptions } from '../options.ts';

// Node finds only some of a CommonJS package's names, so they are taken from its default export.
const { Kafka: Client, logLevel } = kafkajs;

/** One client for consumer, producer and admin. What it logs goes to ours, at our levels and without its objects. */
export function kafkaClient(bus: KafkaOptions, clientId: string, log: BusLog): Kafka {
  return new Client({
    clientId,
    brokers: bus.brokers,
    ssl: bus.ssl ?? false,
    sasl: bus.sasl as SASLOptions | undefined,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, error, groupId } = entry.log as { message: string; error?: unknown; groupId?: string };
      const fields = {
        ...(groupId && { group: groupId }),
        ...(typeof error === 'string' && { reason: error.slice(0, 300) }),
      };
      // It calls an error what it is about to try again; what it gives up on reaches us as an exception or a crash.
      if (entry.level === logLevel.ERROR) log.warn(`kafkajs: ${message}`, fields);
      else log.debug(`kafkajs: ${message}`, fields);
    },
  });
}
