import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { events } from './events.ts';
import { exactly } from './exact.ts';

const folder = new URL('../samples/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    type: name.slice(0, -'.json'.length),
    data: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown,
  }));
const seed = Date.now() % 1_000_000_000;
console.log(`exact.spec: seed ${seed}`);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What a faulty or newer sender may make of a member. */
const spoilt = fc.oneof(
  fc.constantFrom<Json>(
    null,
    '',
    '0',
    '-1',
    '0.0005',
    'x\u0000',
    '\ud800',
    ' 1',
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    [],
    {},
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constant<Json>('x'.repeat(600)),
);

/** The same value with one thing in it otherwise: replaced, dropped, added, moved to the end, or doubled. */
function changed(value: Json, pick: (most: number) => number, other: Json): Json {
  if (Array.isArray(value) && value.length > 0 && pick(3) > 0) {
    const at = pick(value.length - 1);
    if (pick(4) === 0) return [...value, value[at] as Json];
    return value.map((one, index) => (index === at ? changed(one, pick, other) : one));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && pick(4) > 0) {
    const names = Object.keys(value);
    const name = names[pick(Math.max(0, names.length - 1))];
    if (name === undefined) return other;
    const { [name]: member, ...rest } = value;
    if (pick(5) === 0) return rest;
    if (pick(5) === 0) return { ...value, added: other };
    if (pick(5) === 0) return { ...rest, [name]: member as Json };
    return Object.fromEntries(
      Object.entries(value).map(([own, one]) => [own, own === name ? changed(one, pick, other) : one]),
    );
  }
  return other;
}

describe('the quick look at data', () => {
  it.each(['order.placed', 'order.reserved', 'stock.observed', 'line.accepted', 'order.accepted'])(
    'takes what the schema of %s has made, so that it is of use',
    (type) => {
      const definition = events.get(type);
      const data = samples.find((one) => one.type === type)?.data;
      expect(definition?.exact(definition.schema.parse(data))).toBe(true);
    },
  );

  it.each(samples)('takes nothing of $type that its schema would refuse or change', ({ type, data }) => {
    const definition = events.get(type);
    if (!definition) throw new Error(`There is no event ${type}.`);
    const { schema, exact } = definition;
    const own = schema.parse(data) as Json;
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        fc.array(spoilt, { minLength: 2, maxLength: 2 }),
        (numbers, others) => {
          let used = 0;
          const pick = (most: number) => (numbers[used++ % numbers.length] as number) % (most + 1);
          let value = own;
          for (const other of others.slice(0, 1 + pick(1))) value = changed(value, pick, other);
          if (!exact(value)) return;
          const parsed = schema.safeParse(value);
          expect(parsed.success).toBe(true);
          // As text, since the order of members counts: what is taken is passed on as it came.
          expect(JSON.stringify(parsed.data)).toBe(JSON.stringify(value));
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });

  it('leaves everything to the schema that it does not know', () => {
    expect(exactly(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]))({ b: 'x' })).toBe(
      false,
    );
    expect(exactly(z.looseObject({ a: z.string() }))({ a: 'x' })).toBe(false);
    expect(exactly(z.string().transform((text) => text.length))('x')).toBe(false);
    expect(exactly(z.string().trim())(' x')).toBe(false);
    expect(exactly(z.object({ a: z.string().default('x') }))({})).toBe(false);
    expect(exactly(z.string().refine((text) => text !== 'x'))('x')).toBe(false);
    expect(exactly(z.string().refine((text) => text !== 'x'))('y')).toBe(true);
  });
});
