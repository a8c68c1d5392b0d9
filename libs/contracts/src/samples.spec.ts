import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { events } from './events.ts';

const folder = new URL('../samples/', import.meta.url);
const typesIn = (path: string) =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted();
const sample = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

const produced = [...events].map(([type, definition]) => ({ type, definition, path: `${type}.json` }));

describe('samples', () => {
  it('holds one sample of every event that is produced, and no other', () => {
    expect(typesIn('.')).toEqual([...events.keys()].toSorted());
  });

  // Equal, not just accepted: a member that is renamed or dropped would be left out in silence, and the sample of the
  // first release must mean the same for ever.
  it.each(produced)('$path is read whole', ({ path, definition }) => {
    const data = sample(path);
    expect(definition.schema.parse(data)).toEqual(data);
  });

  it.each(produced)('$path makes an event with a key', ({ path, definition, type }) => {
    const event = definition.of(sample(path));
    expect(event).toMatchObject({ type, topic: definition.topic.name });
    expect(event.key.length).toBeGreaterThan(0);
  });

  it.each(produced)('$path is still read when a newer producer adds a member', ({ path, definition }) => {
    const data = sample(path) as object;
    expect(definition.schema.parse({ ...data, addedLater: { of: 'any kind' } })).toEqual(data);
  });
});
