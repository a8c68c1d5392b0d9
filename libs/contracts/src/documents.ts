import { z } from 'zod';
import { Channels } from './channels.ts';
import type { EventDefinition, Topic } from './event.ts';
import { events } from './events.ts';
import { topics } from './topics.ts';

type Json = Record<string, unknown>;

const version = '1';
const all = [...events.values()];

// `io: 'input'` is what a reader must accept: members that are left out or that a newer producer added are no fault.
// Zod's output side says additionalProperties: false, and a validator built on it would refuse the next optional
// field.
const reader = { io: 'input' } as const;

/** JSON Schema 2020-12 of one event's data. */
export function eventSchema(definition: EventDefinition): Json {
  const { $schema, description, ...schema } = z.toJSONSchema(definition.schema, reader);
  return {
    $schema,
    $id: `urn:samlast:event:${definition.type}:v${version}`,
    title: definition.type,
    description,
    ...schema,
  };
}

/** JSON Schema 2020-12 of channels.json, for editors. What concerns the whole list only the library checks. */
export function channelsSchema(): Json {
  const { $schema, ...schema } = z.toJSONSchema(Channels, reader);
  return { $schema, $id: 'urn:samlast:channels', title: 'channels.json', ...schema };
}

/** The AsyncAPI 3.0 document: who writes which events on which topic, in which form. */
export function asyncApi(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Samlast',
      version,
      description:
        "Every event between the channels, the stock authority and the WMS gateway. Messages are CloudEvents 1.0 in Kafka's binary mode: the headers say what it is, the value is the data as JSON.",
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channelOf(topic)])),
    operations: Object.fromEntries(topics.map((topic) => [`write.${topic.name}`, writeTo(topic)])),
    components: {
      messages: Object.fromEntries(all.map((definition) => [definition.type, messageOf(definition)])),
      schemas: Object.fromEntries(all.map((definition) => [definition.type, payloadOf(definition)])),
    },
  };
}

function eventsOn(topic: Topic): EventDefinition[] {
  return all.filter((definition) => definition.topic === topic);
}

const writers = {
  channel: 'Channels',
  stock: 'The stock authority',
  wms: 'The WMS gateway',
  service: 'The service of that consumer group',
} satisfies Record<Topic['owner'], string>;

function channelOf(topic: Topic): Json {
  return {
    address: topic.name,
    description: `${writers[topic.owner]} alone may write here; anybody may read. An installation may put a prefix before the name.`,
    messages: Object.fromEntries(
      eventsOn(topic).map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
    bindings: {
      kafka: {
        topic: topic.name,
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          'retention.ms': topic.retentionMs,
          'max.message.bytes': topic.maxMessageBytes,
        },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function writeTo(topic: Topic): Json {
  const channel = `#/channels/${topic.name}`;
  return {
    action: 'send',
    summary: `${writers[topic.owner]} write what happened.`.replace(/^(The .*) write/, '$1 writes'),
    channel: { $ref: channel },
    messages: eventsOn(topic).map(({ type }) => ({ $ref: `${channel}/messages/${type}` })),
  };
}

function messageOf(definition: EventDefinition): Json {
  return {
    name: definition.type,
    title: definition.type,
    summary: eventSchema(definition).description,
    contentType: 'application/json',
    headers: headersOf(definition),
    payload: { $ref: `#/components/schemas/${definition.type}` },
    bindings: {
      kafka: {
        key: { type: 'string', description: 'Decides the partition: events of one key are in order.' },
        bindingVersion: '0.5.0',
      },
    },
  };
}

const text = (description: string): Json => ({ type: 'string', description });

function headersOf(definition: EventDefinition): Json {
  return {
    type: 'object',
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: {
        type: 'string',
        format: 'uuid',
        description:
          'The same however often the event is delivered: a reader that has seen it passes over it.',
      },
      ce_type: { const: definition.type },
      ce_source: text('The service that wrote it, such as samlast/stock-authority.'),
      ce_time: { type: 'string', format: 'date-time', description: 'When the fact was recorded.' },
      ce_subject: text('The key again.'),
      'content-type': { const: 'application/json' },
      traceparent: text('W3C trace context.'),
      samlast_channel: text('The channel that the fact concerns, so that others can pass over it unread.'),
    },
    required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time'],
  };
}

/** AsyncAPI's own schemas are a superset of JSON Schema draft 7, which every tool for it reads; 2020-12 few do. */
function payloadOf(definition: EventDefinition): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(definition.schema, { ...reader, target: 'draft-7' });
  return schema;
}

/** The table of events in the README, one row per event in the order of topics. */
export function eventTable(): string {
  const rows = topics.flatMap((topic) =>
    eventsOn(topic).map(
      ({ type, schema: { description } }) =>
        `| [\`${type}\`](samples/${type}.json) | \`${topic.name}\` | ${description} |`,
    ),
  );
  return ['| event, with a sample | topic | what it says |', '| --- | --- | --- |', ...rows].join('\n');
}
