import { readFileSync } from 'node:fs';
import { Channels } from '@samlast/contracts';
import type { KafkaOptions } from './options.ts';

/** What `npm run topics` reads from the environment, under the same names as the services. */
export interface TopicsConfig {
  bus: KafkaOptions;
  /** The consumer groups of this installation; each has a dead-letter topic. */
  groups: string[];
}

const SERVICES = ['stock-authority', 'wms-gateway', 'console'];
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** Throws one error that lists everything which is wrong. */
export function readTopicsConfig(
  environment: Record<string, string | undefined> = process.env,
): TopicsConfig {
  const faults: string[] = [];
  const brokers = (environment.KAFKA_BROKERS ?? '').split(',').map((broker) => broker.trim());
  if (!brokers.every((broker) => /^[^\s:]+:\d+$/.test(broker))) {
    faults.push(
      'KAFKA_BROKERS must read host:port,host:port; with the embedded log there are no topics to make',
    );
  }
  const topicPrefix = environment.TOPIC_PREFIX ?? '';
  if (!/^([a-z0-9][a-z0-9-]{0,29}\.)?$/.test(topicPrefix)) {
    faults.push("TOPIC_PREFIX must be lower case and end with a dot, such as 'acme.'");
  }
  const codes = channelCodes(environment.CHANNELS_FILE, faults);
  const sasl = readSasl(environment, faults);
  if (faults.length > 0) {
    throw new Error(
      `The environment has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  return {
    bus: {
      kind: 'kafka',
      brokers,
      topicPrefix,
      ssl: environment.KAFKA_SSL === 'true',
      ...(sasl && { sasl }),
    },
    groups: [...SERVICES, ...codes.map((code) => `channel-${code.toLowerCase()}`)],
  };
}

function channelCodes(file: string | undefined, faults: string[]): string[] {
  if (!file) {
    faults.push('CHANNELS_FILE is not set: it names channels.json, whose channels have dead-letter topics');
    return [];
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    faults.push(`CHANNELS_FILE names a file that cannot be read as JSON (${code ?? name}): ${file}`);
    return [];
  }
  const parsed = Channels.safeParse(json);
  if (parsed.success) return parsed.data.channels.map(({ code }) => code);
  faults.push(
    ...parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || '(top)'} ${message}`),
  );
  return [];
}

function readSasl(environment: Record<string, string | undefined>, faults: string[]): KafkaOptions['sasl'] {
  const { KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD, KAFKA_SASL_PASSWORD_FILE } =
    environment;
  if (!KAFKA_SASL_MECHANISM) return undefined;
  const mechanism = MECHANISMS.find((one) => one === KAFKA_SASL_MECHANISM);
  let password = KAFKA_SASL_PASSWORD;
  if (!password && KAFKA_SASL_PASSWORD_FILE) {
    try {
      password = readFileSync(KAFKA_SASL_PASSWORD_FILE, 'utf8').trim();
    } catch {
      faults.push(`KAFKA_SASL_PASSWORD_FILE names a file that cannot be read: ${KAFKA_SASL_PASSWORD_FILE}`);
    }
  }
  if (!mechanism) faults.push(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS.join(', ')}`);
  if (!KAFKA_SASL_USERNAME || !password) {
    faults.push(
      'KAFKA_SASL_MECHANISM is set, so KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set too',
    );
  }
  if (!mechanism || !KAFKA_SASL_USERNAME || !password) return undefined;
  return { mechanism, username: KAFKA_SASL_USERNAME, password };
}
