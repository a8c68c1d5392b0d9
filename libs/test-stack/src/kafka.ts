import { randomBytes } from 'node:crypto';
import { environment } from './config.ts';

/** @throws when KAFKA_BROKERS is not set. */
export function kafkaForTests(): { brokers: string[] } {
  const brokers = (environment.kafkaBrokers ?? '').split(',').filter(Boolean);
  if (brokers.length > 0) return { brokers };
  throw new Error(
    'KAFKA_BROKERS is not set, and these tests need a Kafka. Start one and say where it is:\n' +
      '  export "$(tools/kafka-local/kafka-local start)"',
  );
}

/** A TOPIC_PREFIX that no other run uses, so that tests can share a cluster. It ends in a dot. */
export function testPrefix(): string {
  return `test-${randomBytes(5).toString('hex')}.`;
}
