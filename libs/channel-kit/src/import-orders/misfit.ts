import { fitText } from '@samlast/contracts';
import type { z } from 'zod';

const FAULTS_MOST = 3;

type Issue = Pick<z.core.$ZodIssue, 'path' | 'code' | 'message'> & {
  readonly expected?: string;
  readonly format?: string;
  readonly maximum?: number | bigint;
};

/**
 * Why an order of the shop, or whatever else it has, is of no shape that its channel knows: which one, which of its
 * fields, and what to do, as its keeper would say it. It quotes nothing of what is in it but its number.
 */
export function misfitOf(raw: unknown, error: z.ZodError, what: string, number = 'number'): string {
  const { [number]: called, id } = Object(raw) as Record<string, unknown>;
  const name = [called, id].find((one) => typeof one === 'string' || typeof one === 'number');
  const faults = error.issues.slice(0, FAULTS_MOST).map((issue) => faultOf(issue, raw));
  return (
    `${what} ${fitText(String(name ?? 'without a number'), 50)} cannot be read: ${faults.join('; ')}. ` +
    'Correct it in the shop and save it there: it is read again then. If it looks right there, report these words.'
  );
}

const NEEDED: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a yes or no',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  datetime: 'a date and time',
  date: 'a date',
};

/** What a schema found, in plain words; with what it looked at it says what stands there, too. */
export function faultOf(issue: Issue, raw?: unknown): string {
  const { path, code, message, expected = '', format = '', maximum } = issue;
  const field = fieldOf(path);
  const [are, have] = isMany(path) ? ['are', 'have'] : ['is', 'has'];
  if (message.startsWith('must hold no')) return `${field} ${have} a broken character in it`;
  if (code === 'too_big' && maximum !== undefined) return `${field} ${are} longer than ${maximum} characters`;
  if (code === 'too_small') return `${field} ${are} empty or too little`;
  const needed = NEEDED[expected] ?? NEEDED[format];
  const found = raw === undefined ? 'not what it should be' : kindOf(path.reduce(member, raw));
  // A rule of our own says what it wants.
  if (!needed && found !== 'missing' && !/^(Invalid|Too|Unrecognized)\b/.test(message))
    return `${field} ${message}`;
  return `${field} ${are} ${found}${needed ? `, and ${have} to be ${needed}` : ''}`;
}

const member = (from: unknown, name: PropertyKey): unknown =>
  (Object(from) as Record<PropertyKey, unknown>)[name];

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (typeof value === 'string') return value === '' ? 'empty' : 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a yes or no';
  return Array.isArray(value) ? 'a list' : 'a group of fields';
}

const isMany = (path: readonly PropertyKey[]) => /[^s]s$/.test(String(path.at(-1)));

/** `line_items.1.quantity` is the quantity of line item 2; a list that GraphQL puts around its `nodes` is one. */
function fieldOf(path: readonly PropertyKey[]): string {
  const names: string[] = [];
  for (const [at, part] of path.entries()) {
    if (typeof part === 'number')
      names.push(`${names.pop()?.replace(/([^s])s$/, '$1') ?? 'entry'} ${part + 1}`);
    else if (part !== 'nodes' || typeof path[at + 1] !== 'number') names.push(wordsOf(String(part)));
  }
  if (names.length === 0) return 'all of it';
  return names
    .toReversed()
    .map((name, at) => (at > 0 && /\d$/.test(name) ? name : `the ${name}`))
    .join(' of ');
}

const wordsOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/_+/g, ' ')
    .trim()
    .toLowerCase();
