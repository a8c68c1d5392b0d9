import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { events } from './events.ts';
import { generatedFiles, library } from './generate.ts';
import { topics } from './topics.ts';

type Json = Record<string, unknown>;

const generated = generatedFiles();
const stored = (path: string) => readFileSync(new URL(path, library), 'utf8');
const storedJson = (path: string) => JSON.parse(stored(path)) as Json;
const all = [...events.keys()].map((type) => ({ type, path: `${type}.json` }));

function validatorOf(schema: Json): ValidateFunction {
  // Zod writes a pattern beside each format, so that the format itself is only a hint.
  return new Ajv2020({ allErrors: true, formats: { 'date-time': true, date: true } }).compile(schema);
}

describe('the written files', () => {
  it.each([...generated.keys()])('%s is what npm run schemas would write now', (path) => {
    expect(stored(path)).toBe(generated.get(path));
  });

  it('are no more than what npm run schemas would write', () => {
    const schemas = (readdirSync(new URL('schemas', library), { recursive: true }) as string[])
      .filter((name) => name.endsWith('.json'))
      .map((name) => `schemas/${name}`);
    expect(schemas.toSorted()).toEqual(
      [...generated.keys()].filter((path) => path.startsWith('schemas/')).toSorted(),
    );
  });
});

describe('JSON Schema', () => {
  it.each(all)('of $type accepts its sample', ({ path }) => {
    const validate = validatorOf(storedJson(`schemas/${path}`));
    validate(storedJson(`samples/${path}`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(all)('of $type accepts what a newer producer adds', ({ path }) => {
    const validate = validatorOf(storedJson(`schemas/${path}`));
    expect(validate({ ...storedJson(`samples/${path}`), addedLater: true })).toBe(true);
  });

  it.each(all)('of $type refuses its sample without a required member', ({ path }) => {
    const schema = storedJson(`schemas/${path}`);
    const validate = validatorOf(schema);
    for (const name of schema.required as string[]) {
      const { [name]: _, ...rest } = storedJson(`samples/${path}`);
      expect(validate(rest)).toBe(false);
    }
  });

  // A sample that left a member out would not notice when that member is renamed after its release.
  it.each(all)('of $type has no member that its sample does not show', ({ path }) => {
    expect(membersMissing(storedJson(`schemas/${path}`), [storedJson(`samples/${path}`)], '')).toEqual([]);
  });

  it('of order.placed refuses what the library refuses of a quantity', () => {
    const validate = validatorOf(storedJson('schemas/order.placed.json'));
    const order = storedJson('samples/order.placed.json');
    const [line] = order.lines as Json[];
    for (const quantity of ['0', '0.00', '-1', '1.2345', 'two', 2])
      expect(validate({ ...order, lines: [{ ...line, quantity }] })).toBe(false);
    expect(validate({ ...order, number: '51\u000078-SE' })).toBe(false);
  });

  it('of channels.json accepts the example in the documentation and refuses a misspelt member', () => {
    const validate = validatorOf(storedJson('schemas/channels.json'));
    const example = storedJson('../../docs/examples/channels.json');
    expect(validate(example)).toBe(true);
    expect(validate({ ...example, chanels: [] })).toBe(false);
  });
});

describe('asyncapi.json', () => {
  const document = storedJson('asyncapi.json');
  const under = (path: string) => resolve(document, `#/${path}`) as Record<string, Json>;

  it('is an AsyncAPI 3.0 document with its required members', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.info).toMatchObject({ title: 'Samlast', version: expect.any(String) });
    expect(Object.keys(document)).toEqual([
      'asyncapi',
      'info',
      'defaultContentType',
      'channels',
      'operations',
      'components',
    ]);
  });

  it('has only references that lead somewhere', () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(3 * all.length);
    for (const reference of references) expect(resolve(document, reference)).toBeDefined();
  });

  it('has every topic with its settings and its events', () => {
    expect(Object.keys(under('channels'))).toEqual(topics.map((topic) => topic.name));
    for (const topic of topics) {
      const channel = under('channels')[topic.name];
      const types = all.filter(({ type }) => events.get(type)?.topic === topic);
      expect(channel?.address).toBe(topic.name);
      expect(Object.keys(channel?.messages as Json).toSorted()).toEqual(
        types.map(({ type }) => type).toSorted(),
      );
      expect(channel?.bindings).toMatchObject({
        kafka: { partitions: 6, topicConfiguration: { 'cleanup.policy': [topic.cleanup] } },
      });
    }
  });

  it('has one writing operation per topic, whose messages are those of the topic', () => {
    for (const [name, operation] of Object.entries(under('operations'))) {
      const channel = resolve(document, (operation.channel as { $ref: string }).$ref) as Json;
      expect(name).toBe(`write.${channel.address as string}`);
      expect(operation.action).toBe('send');
      const messages = (operation.messages as { $ref: string }[]).map(({ $ref }) => resolve(document, $ref));
      expect(messages).toEqual(Object.values(channel.messages as Json));
    }
  });

  it.each(all)('describes the headers of $type', ({ type }) => {
    const headers = under('components/messages')[type]?.headers as { properties: Json; required: string[] };
    expect(headers.properties.ce_type).toEqual({ const: type });
    expect(headers.required).toEqual(['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time']);
    expect(Object.keys(headers.properties)).toEqual(
      expect.arrayContaining(['traceparent', 'samlast_channel']),
    );
  });
});

/** Paths of properties in a schema that none of the values has. */
function membersMissing(schema: Json, values: unknown[], path: string): string[] {
  const objects = values.filter((value): value is Json => typeof value === 'object' && value !== null);
  const items = schema.items ? membersMissing(schema.items as Json, objects.flat(), `${path}[]`) : [];
  const members = Object.entries((schema.properties ?? {}) as Record<string, Json>).flatMap(
    ([name, member]) => {
      const found = objects.flatMap((object) => (name in object ? [object[name]] : []));
      return found.length ? membersMissing(member, found, `${path}.${name}`) : [`${path}.${name}`];
    },
  );
  return [...members, ...items];
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : referencesIn(member),
  );
}

function resolve(document: unknown, reference: string): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce((at: unknown, name) => (at as Json | undefined)?.[name], document);
}
