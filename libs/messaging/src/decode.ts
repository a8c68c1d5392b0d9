import { createHash } from 'node:crypto';
import type { BusCatalogue } from './catalogue.ts';
import type { Message } from './message.ts';
import type { RawMessage } from './transport.ts';

/** Why a message cannot be handled: a code for programs, a reason for people. */
export interface Fault {
  readonly code: string;
  readonly reason: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const REQUIRED = ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time'];
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The id by which the inbox knows a message: its own, or, where it has none that can be used, one made of where it
 * stands and what it holds, so that a second delivery of a faulty message is recognised too.
 */
export function claimId(raw: RawMessage): string {
  const id = raw.headers.ce_id;
  if (id && UUID.test(id)) return id.toLowerCase();
  const hash = createHash('sha256')
    .update(`${raw.topic}/${raw.partition}/${raw.offset}/${raw.key ?? ''}\0`)
    .update(raw.value ?? '')
    .digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Reads a message by the contract of its type. Never throws: what cannot be read is a fault with its reason. */
export function decode(raw: RawMessage, catalogue: BusCatalogue): Message | Fault {
  const where = `${raw.topic} partition ${raw.partition} offset ${raw.offset}`;
  const source = raw.headers.ce_source ?? 'an unknown sender';
  const fault = (code: string, what: string, next: string): Fault => ({
    code,
    reason: `${what} (from ${source}, ${where}). ${next}`,
  });
  const envelope = envelopeFault(raw, catalogue);
  if (envelope) return fault(...envelope);
  const type = raw.headers.ce_type as string;
  const json = parse(raw.value);
  if (!('value' in json)) {
    return fault('message.not-json', `The value of ${type} ${json.problem}`, `${CORRECT} ${DISCARD}`);
  }
  const definition = catalogue.event(type);
  try {
    if (definition?.exact(json.value)) return message(raw, json.value, json.text);
    const parsed = definition?.schema.safeParse(json.value);
    if (!parsed?.success) {
      const fields = parsed?.error.issues.slice(0, 5).map(({ path, message }) => `${at(path)} ${message}`);
      return fault(
        'message.invalid',
        `${type} does not fit its contract: ${fields?.join('; ')}`,
        `${CORRECT} ${DISCARD}`,
      );
    }
    return message(raw, parsed.data, JSON.stringify(parsed.data));
  } catch (error) {
    // A schema that throws would otherwise reach the client library, which takes such an error for its own death.
    return fault('message.unreadable', `${type} made its schema fail (${(error as Error).name})`, REPORT);
  }
}

const CORRECT = 'Correct the sender and let it send again;';
const DISCARD = 'then discard this one, or retry it once this service can read it.';
const REPORT = 'Report it to the maintainers of libs/contracts, and retry it when that is corrected.';

function envelopeFault(raw: RawMessage, catalogue: BusCatalogue): [string, string, string] | undefined {
  if (isInOrder(raw) && catalogue.event(raw.headers.ce_type ?? '')?.topic.name === raw.topic)
    return undefined;
  const missing = REQUIRED.filter((name) => !raw.headers[name]);
  if (raw.key === null || raw.key === '') missing.push('key');
  if (missing.length > 0) {
    return ['message.headers', `Missing on the message: ${missing.join(', ')}`, `${CORRECT} ${DISCARD}`];
  }
  const { ce_specversion, ce_id, ce_type = '', ce_subject } = raw.headers;
  const wrong = [
    ...(ce_specversion === '1.0' ? [] : [`ce_specversion is '${ce_specversion}', not '1.0'`]),
    ...(UUID.test(ce_id ?? '') ? [] : ['ce_id is not a UUID']),
    ...(ce_subject === undefined || ce_subject === raw.key ? [] : ['ce_subject is not the key']),
  ];
  if (wrong.length > 0) return ['message.headers', wrong.join(', '), `${CORRECT} ${DISCARD}`];
  const definition = catalogue.event(ce_type);
  if (!definition) {
    const update = 'Update this service if a newer one sends it, then retry; otherwise discard it.';
    return ['message.unknown-type', `The type '${ce_type}' (header ce_type) is in no contract`, update];
  }
  if (definition.topic.name !== raw.topic) {
    return ['message.wrong-topic', `${ce_type} belongs on ${definition.topic.name}`, `${CORRECT} ${DISCARD}`];
  }
  return undefined;
}

/** A quick look for what comes by the thousand and is in order. */
function isInOrder({ key, headers }: RawMessage): boolean {
  const { ce_specversion, ce_id = '', ce_type, ce_source, ce_time, ce_subject = key } = headers;
  return (
    ce_specversion === '1.0' &&
    UUID.test(ce_id) &&
    !!ce_type &&
    !!ce_source &&
    !!ce_time &&
    !!key &&
    ce_subject === key
  );
}

function parse(value: Buffer | string | null): { value: unknown; text: string } | { problem: string } {
  if (value === null) return { problem: 'is empty' };
  let text: string;
  try {
    text = typeof value === 'string' ? value : utf8.decode(value);
  } catch {
    return { problem: 'is not UTF-8' };
  }
  try {
    return { value: JSON.parse(text), text };
  } catch (error) {
    // The error's own words quote the data, which may be somebody's address: only the place is kept.
    const place = /position \d+/.exec((error as Error).message)?.[0];
    return { problem: `is not JSON${place ? ` (at ${place})` : ''}` };
  }
}

function message(raw: RawMessage, data: unknown, text: string): Message {
  const { ce_id, ce_type, ce_time, ce_source, samlast_channel, traceparent } = raw.headers;
  return {
    id: ce_id as string,
    type: ce_type as string,
    topic: raw.topic,
    key: raw.key as string,
    time: ce_time as string,
    source: ce_source as string,
    ...(samlast_channel && { channel: samlast_channel }),
    ...(traceparent && { traceparent }),
    data,
    text,
    partition: raw.partition,
    offset: raw.offset,
  };
}

function at(path: PropertyKey[]): string {
  return path.length === 0 ? 'data' : `data.${path.map(String).join('.')}`;
}
