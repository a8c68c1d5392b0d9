import type { Event } from '@samlast/contracts';
import type { BusCatalogue } from './catalogue.ts';
import { partitionOf } from './partition.ts';
import { newMessageId, nextTraceparent } from './trace.ts';
import type { Outgoing } from './transport.ts';
import { Unprocessable } from './unprocessable.ts';

/** What a record and its batch need beside key, headers and value; more than Kafka's largest framing. */
const FRAME_BYTES = 256;
/** More than the key and the headers of one of our own events take. */
const ROOM_BYTES = 64_000;

/** What an event was caused by; the message of the same key is the nearest cause where there are several. */
export interface Cause {
  readonly key: string;
  readonly traceparent?: string;
}

/**
 * CloudEvents 1.0 in binary mode. Throws where an event could never be published, so that the transaction which wants
 * it fails, and not the relay after it.
 */
export function encode(
  events: readonly Event[],
  source: string,
  catalogue: BusCatalogue,
  causes: readonly Cause[] = [],
): Outgoing[] {
  if (events.length === 0) return [];
  const time = new Date().toISOString();
  const traces = new Map(causes.map((cause) => [cause.key, cause.traceparent]));
  return events.map((event) => {
    const topic = checkedTopic(event, catalogue);
    const headers: Record<string, string> = {
      ce_specversion: '1.0',
      ce_id: newMessageId(),
      ce_type: event.type,
      ce_source: source,
      ce_time: time,
      ce_subject: event.key,
      'content-type': 'application/json',
      traceparent: nextTraceparent(traces.get(event.key) ?? causes[0]?.traceparent),
    };
    if (event.channel) headers.samlast_channel = event.channel;
    const message = {
      id: headers.ce_id as string,
      topic: topic.name,
      partition: partitionOf(event.key, topic.partitions),
      key: event.key,
      headers,
      data: event.text ?? JSON.stringify(event.data),
    };
    // Counted where it might be too large; a character of UTF-16 takes three bytes at the most.
    const size = message.data.length * 3 < topic.maxMessageBytes - ROOM_BYTES ? 0 : sizeOf(message);
    if (size > topic.maxMessageBytes) {
      throw new Unprocessable(
        'event.too-large',
        `${event.type} for ${event.key} has ${size} bytes, but ${topic.name} takes at most ${topic.maxMessageBytes}. ` +
          'Split what it carries, or raise maxMessageBytes in libs/contracts/src/topics.ts and run npm run topics.',
      );
    }
    return message;
  });
}

/** Bytes of a message within its batch on the wire, rounded up. */
export function sizeOf(message: Pick<Outgoing, 'key' | 'headers' | 'data'>): number {
  let bytes = FRAME_BYTES + Buffer.byteLength(message.key) + Buffer.byteLength(message.data);
  for (const [name, value] of Object.entries(message.headers)) {
    bytes += name.length + Buffer.byteLength(value) + 8;
  }
  return bytes;
}

function checkedTopic(event: Event, catalogue: BusCatalogue) {
  const definition = catalogue.event(event.type);
  if (!definition || definition.topic.name !== event.topic || !event.key) {
    throw new Error(
      `An event '${event.type}' with key '${event.key}' cannot go to '${event.topic}': ` +
        'make events with their definition, such as OrderPlaced.of(data).',
    );
  }
  return catalogue.topic(event.topic);
}
