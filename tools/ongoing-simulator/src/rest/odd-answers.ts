import type { Chance } from '../knobs.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Oddity = (body: Json, chance: Chance) => string;

/** How often a member is struck, within an answer that is. */
const MEMBER_RATE = 0.15;

/** Every kind of answer that no reference speaks of. */
const oddities: Record<string, Oddity> = {
  'cut off': (body) => JSON.stringify(body).slice(0, -1 - Math.floor(JSON.stringify(body).length / 3)),
  empty: () => '',
  wrapped: (body) => JSON.stringify({ data: body }),
  'with nulls': struck(() => null),
  'with gaps': struck(() => undefined),
  'of other types': struck((value) => (typeof value === 'number' ? `${value}x` : { odd: true })),
  reordered: (body, chance) =>
    JSON.stringify(everywhere(body, (list) => list.toSorted(() => chance.next() - 0.5))),
  doubled: (body) => JSON.stringify(everywhere(body, (list) => [...list, ...list])),
  'with more': (body) => JSON.stringify(withMore(body)),
};

/** The same answer as somebody might see it after a fault, an upgrade or a proxy. */
export function oddAnswer(body: unknown, chance: Chance): { kind: string; body: string } {
  const kinds = Object.entries(oddities);
  const [kind = '', make = () => ''] = kinds[Math.floor(chance.next() * kinds.length)] ?? [];
  return { kind, body: make(structuredClone(body) as Json, chance) };
}

/** Some members become something else; undefined takes them away. */
function struck(to: (value: Json) => Json | undefined): Oddity {
  const strike = (value: Json, chance: Chance): Json => {
    if (Array.isArray(value)) return value.map((one) => strike(one, chance));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).flatMap(([name, one]): [string, Json][] => {
      const next = chance.hits(MEMBER_RATE) ? to(one) : strike(one, chance);
      return next === undefined ? [] : [[name, next]];
    });
    return Object.fromEntries(members);
  };
  return (body, chance) => JSON.stringify(strike(body, chance));
}

function everywhere(value: Json, change: (list: Json[]) => Json[]): Json {
  if (Array.isArray(value)) return change(value.map((one) => everywhere(one, change)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, everywhere(one, change)]));
}

function withMore(value: Json): Json {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [name, withMore(one)]);
  return { addedLater: { of: ['any', 'kind'] }, ...Object.fromEntries(members) };
}
