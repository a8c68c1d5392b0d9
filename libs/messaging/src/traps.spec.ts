import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@samlast/test-stack';
import { expect, it } from '@jest/globals';

const TRAPS = 22;
const library = join(repositoryRoot, 'libs/messaging');
const rows = readFileSync(join(library, 'TRAPS.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d+$/.test(number ?? ''))
  .map(([, number, , kafka = '', embedded = '']) => ({ number: Number(number), kafka, embedded }));

/** What a test runs with: a file that only one transport runs, or one that both do. */
const onlyWith: [RegExp, 'kafka' | 'embedded' | 'both'][] = [
  [/\.kafka\.spec\.ts$/, 'kafka'],
  [/embedded\/.*\.spec\.ts$/, 'embedded'],
  [/(-contract|\.spec)\.ts$/, 'both'],
];

function titlesFor(transport: 'kafka' | 'embedded'): Set<string> {
  const titles = new Set<string>();
  for (const file of readdirSync(join(library, 'src'), { recursive: true, encoding: 'utf8' })) {
    const runs = onlyWith.find(([pattern]) => pattern.test(file))?.[1];
    if (runs !== transport && runs !== 'both') continue;
    const text = readFileSync(join(library, 'src', file), 'utf8');
    for (const [, quote, title = ''] of text.matchAll(/\bit\(\s*(['"])(.*?)\1,/g))
      if (quote) titles.add(title);
    // Titles made of a list: it(`parks a message with ${what}, …`) over [['a first byte of 0', …], …].
    for (const [, before = '', after = ''] of text.matchAll(/\bit\(`([^`$]*)\$\{what\}([^`$]*)`/g)) {
      for (const [, what] of text.matchAll(/^\s+\[?\s*'([^']+)',$|\[\s*'([^']+)',\s*\(/gm))
        titles.add(`${before}${what}${after}`);
      for (const [, what] of text.matchAll(/\['([^']+)', \(/g)) titles.add(`${before}${what}${after}`);
    }
  }
  return titles;
}

it('has a row for each of the 22 traps', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: TRAPS }, (_, i) => i + 1));
});

for (const transport of ['kafka', 'embedded'] as const) {
  it(`names tests that exist and run, or a reason, for every trap on ${transport}`, () => {
    const titles = titlesFor(transport);
    for (const { number, [transport]: cell } of rows) {
      const named = [...cell.matchAll(/`([^`]+)`/g)].map(([, title = '']) => title);
      const missing = named.filter((title) => !titles.has(title));
      expect({ number, missing }).toEqual({ number, missing: [] });
      // Without a test there must be a reason of some length.
      expect(named.length > 0 || /^- .{20}/.test(cell)).toBe(true);
    }
  });
}

it('runs every contract on both transports', () => {
  const contracts = readdirSync(join(library, 'src/testing')).filter((file) => file.endsWith('-contract.ts'));
  expect(contracts.length).toBeGreaterThan(2);
  const specs = ['embedded/embedded.spec.ts', 'kafka/kafka.kafka.spec.ts'];
  for (const spec of specs) {
    const text = readFileSync(join(library, 'src', spec), 'utf8');
    for (const contract of contracts) expect(text).toContain(`testing/${contract}`);
  }
});

it('keeps kafkajs in one folder, behind a port that both transports fill', () => {
  const users = readdirSync(join(library, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => {
    if (!file.endsWith('.ts') || /\.spec\.ts$|^testing\//.test(file)) return false;
    return /from 'kafkajs'/.test(readFileSync(join(library, 'src', file), 'utf8'));
  });
  expect(users.length).toBeGreaterThan(0);
  expect(users.filter((file) => !file.startsWith('kafka/'))).toEqual([]);
  for (const file of ['kafka/kafka-transport.ts', 'embedded/embedded-transport.ts']) {
    expect(readFileSync(join(library, 'src', file), 'utf8')).toMatch(/class \w+ implements Transport\b/);
  }
});
