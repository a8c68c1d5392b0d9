import { readFileSync } from 'node:fs';
import { asyncApi, channelsSchema, eventSchema, eventTable } from './documents.ts';
import { events } from './events.ts';

/** The library's folder. */
export const library = new URL('../', import.meta.url);

const begin = '<!-- begin of the events: written by npm run schemas -->';
const end = '<!-- end of the events -->';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated file: path from the library's folder → its text. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>([
    ['asyncapi.json', json(asyncApi())],
    ['schemas/channels.json', json(channelsSchema())],
    ['README.md', readmeWith(eventTable())],
  ]);
  for (const definition of events.values())
    files.set(`schemas/${definition.type}.json`, json(eventSchema(definition)));
  return files;
}

function readmeWith(table: string): string {
  const readme = readFileSync(new URL('README.md', library), 'utf8');
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined)
    throw new Error(`libs/contracts/README.md has lost its two lines '${begin}' and '${end}': put them back`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
