import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Knobs } from '../knobs.ts';

/** Rows of the reference that the simulator was written from, section 11. */
const ROWS = 34;
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const specs = new Map(
  readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.spec.ts') && name !== 'table.spec.ts')
    .map((name) => [name.slice(0, -'.spec.ts'.length), readFileSync(new URL(name, import.meta.url), 'utf8')]),
);

interface Row {
  number: string;
  behaviour: string;
  sure: string;
  knobs: string;
  spec: string;
}

const table = readme.slice(readme.indexOf('| row '), readme.indexOf('The texts of refusals'));
const rows = table
  .split('\n')
  .slice(2)
  .filter((line) => line.startsWith('|'))
  .map((line): Row => {
    const [, number = '', behaviour = '', sure = '', knobs = '', spec = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return { number, behaviour, sure, knobs, spec: spec.replaceAll('`', '') };
  });

/** Numbers of the tests' names, `rows 23 to 25` among them. */
function numbersIn(spec: string): string[] {
  const named = [...spec.matchAll(/(?:describe|it)\(\s*['"`]row (\d+)/g)].map(([, number]) => number ?? '');
  return [...new Set(named)];
}

describe('the table of the README', () => {
  it('has every row of the reference, each with a test of its number in the spec that it names', () => {
    const numbered = rows.filter(({ number }) => /^\d+$/.test(number));
    expect(numbered.map(({ number }) => Number(number))).toEqual(
      Array.from({ length: ROWS }, (_, index) => index + 1),
    );
    const missing = numbered.filter(({ number, spec }) => !numbersIn(specs.get(spec) ?? '').includes(number));
    expect(missing.map(({ number, spec }) => `${number} in ${spec}`)).toEqual([]);
  });

  it('names every row that a test says it is of', () => {
    const tested = [...specs.values()].flatMap(numbersIn);
    expect(tested.filter((number) => !rows.some((row) => row.number === number))).toEqual([]);
  });

  it('says of each behaviour how sure it is, or leaves what nobody knows of without a word', () => {
    for (const { sure } of rows) expect(sure).toMatch(/^(C2?|I|R|\?)?(, (C2?|I|R|\?))*$/);
  });

  it('names every knob, and every knob is turned in one of the specs', () => {
    const all = [...specs.values()].join('\n');
    const unnamed = Object.keys(Knobs.shape).filter((knob) => !table.includes(`\`${knob}\``));
    const untried = Object.keys(Knobs.shape).filter((knob) => !new RegExp(`\\b${knob}\\b`).test(all));
    expect({ unnamed, untried }).toEqual({ unnamed: ['seed'], untried: [] });
  });

  it('has the right defaults', () => {
    const defaults = Knobs.parse({}) as Record<string, unknown>;
    const told = rows.flatMap(({ knobs }) =>
      [...knobs.matchAll(/`(\w+)` \(`?(true|false|\d+|[a-z]+)`?[;)]/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    expect(told.length).toBeGreaterThan(10);
    const right = told.map(([name = '', value = '']) => [
      name,
      name === 'autoFloor' ? value : String(defaults[name] ?? 'no such knob'),
    ]);
    expect(told).toEqual(right);
  });
});
