// A service that is killed as soon as the broker has acknowledged its events, before their rows are deleted.
import { env } from 'node:process';
import kafkajs from 'kafkajs';
import { BusCatalogue } from '../catalogue.ts';
import { encode } from '../encode.ts';
import { Relay } from '../kafka/relay.ts';
import { SideConnection } from '../side-connection.ts';
import { catalogue, ParcelMoved } from './parcels.ts';
import { openSchema } from './test-service.ts';

const { Kafka } = kafkajs;
const { TEST_URL = '', TEST_SCHEMA = '', TEST_BROKERS = '', TEST_PREFIX = '' } = env;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

const source = await openSchema(TEST_URL, TEST_SCHEMA);
const all = new BusCatalogue('parcel-service', catalogue);
const events = [1, 2, 3].map((step) => ParcelMoved.of({ number: 'A', step }));
await source.query(
  `INSERT INTO outbox (topic, partition, id, key, headers, data)
   SELECT topic, partition, id, key, headers, data FROM json_to_recordset($1::json)
     AS m(topic text, partition int, id uuid, key text, headers json, data text)`,
  [JSON.stringify(encode(events, 'samlast/parcel-service', all))],
);
const side = new SideConnection(source, quiet);
await side.open();
const relay = new Relay(
  new Kafka({ brokers: TEST_BROKERS.split(',') }),
  source,
  side,
  {
    group: 'parcel-service',
    source: 'samlast/parcel-service',
    bus: { kind: 'kafka', brokers: TEST_BROKERS.split(','), topicPrefix: TEST_PREFIX },
    log: quiet,
  },
  {
    prefix: TEST_PREFIX,
    maxBytesOf: (topic) => all.topic(topic).maxMessageBytes,
    published: () => {},
    onAcknowledged: async () => {
      process.kill(process.pid, 'SIGKILL');
    },
  },
);
await relay.start();
