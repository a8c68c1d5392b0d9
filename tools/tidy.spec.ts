import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type File, rules } from './tidy.rules.ts';
import {
  deadFiles,
  misnumberedDecisions,
  missingReadmes,
  strayIndexes,
  unexplainedDependencies,
  untoldGrades,
} from './tidy.tree.ts';

// Fixtures break rules on purpose, and so do the bad examples of the rules themselves.
const exempt = /^tools\/(fixtures\/|tidy\.)/;

/** What is tracked, and what would be with the next `git add`. */
const files: File[] = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path && !exempt.test(path) && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  .filter(({ text }) => !text.includes('\0'));

const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';

/** Fails with the reason above the complaints, so that the message alone says what to do. */
function expectNone(complaints: string[], because: string): void {
  if (complaints.length) throw new Error([`${because}:`, ...complaints].join('\n  '));
}

describe('house rules', () => {
  it.each(rules)('$name', ({ check, because }) => {
    expectNone(files.flatMap(check), because);
  });

  it('a library has one index file per entry, and nobody else has one', () => {
    expectNone(strayIndexes(files), 'An index file in between hides where things are');
  });

  it('every file is used', () => {
    expectNone(deadFiles(files), 'Code that nothing runs is read, kept in step and searched for nothing');
  });

  it('every project says what it is for', () => {
    expectNone(missingReadmes(files), 'A newcomer opens the folder first');
  });

  it('every direct dependency has its reason', () => {
    const manifest = JSON.parse(textOf('package.json')) as object;
    const complaints = unexplainedDependencies(manifest, textOf('docs/dependencies.md'));
    expectNone(
      complaints,
      'A dependency is code that we answer for; docs/dependencies.md says why we have it',
    );
  });

  it('the page of a channel tells the safety grade that its adapter declares', () => {
    expectNone(untoldGrades(files), 'Who connects a shop must know what its kind can promise');
  });

  it('decisions are numbered in a row', () => {
    expectNone(misnumberedDecisions(files.map(({ path }) => path)), 'A number names one decision for good');
  });
});

describe('the rules themselves', () => {
  it('read the whole repository', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(textOf('libs/contracts/src/index.ts')).not.toBe('');
  });

  it.each(rules)('$name: sees what breaks it', ({ check, bad }) => {
    expect(check(bad)).toEqual([expect.stringContaining(bad.path)]);
  });

  it.each(rules)('$name: accepts what keeps it', ({ check, good }) => {
    expect(check(good)).toEqual([]);
  });

  it('see a spec that sleeps under another name', () => {
    const text = "import { setTimeout as rest } from 'node:timers/promises';\nawait rest(500);";
    const rule = rules.find(({ name }) => name.startsWith('specs wait'));
    expect(rule?.check({ path: 'a.spec.ts', text })).toEqual([
      expect.stringContaining('a.spec.ts:1: node:timers'),
    ]);
    expect(rule?.check({ path: 'a.ts', text })).toEqual([]);
  });

  const library: File[] = [
    {
      path: 'libs/a/package.json',
      text: '{ "exports": { ".": "./src/index.ts", "./testing": "./src/testing/index.ts" } }',
    },
    { path: 'libs/a/README.md', text: '# A' },
    { path: 'libs/a/src/index.ts', text: "export { b } from './b.ts';" },
    { path: 'libs/a/src/testing/index.ts', text: "export { c } from '../c.ts';" },
    { path: 'libs/a/src/b.ts', text: '' },
  ];

  it('see an index file that is no entry', () => {
    expect(strayIndexes(library)).toEqual([]);
    const stray = { path: 'libs/a/src/parts/index.ts', text: '' };
    expect(strayIndexes([...library, stray])).toEqual([expect.stringContaining(stray.path)]);
  });

  it('see a file that nobody imports, and one that only specs import', () => {
    expect(deadFiles(library)).toEqual([]);
    const dead = { path: 'libs/a/src/dead.ts', text: "import './b.ts';" };
    const forSpecs = { path: 'libs/a/src/c.ts', text: '' };
    expect(deadFiles([...library, dead, forSpecs])).toEqual([
      'libs/a/src/dead.ts: nothing imports it; delete it',
      'libs/a/src/c.ts: only specs import it; delete it, or move it to src/testing',
    ]);
  });

  it('take a file for used that a script starts, and a main or a spec for a start', () => {
    const started: File[] = [
      { path: 'package.json', text: '{ "scripts": { "x": "node tools/x.mjs" } }' },
      { path: 'tools/x.mjs', text: '' },
      { path: 'libs/a/src/topics.main.ts', text: '' },
      { path: 'libs/a/src/b.spec.ts', text: '' },
      { path: 'libs/a/src/worker.ts', text: '' },
      { path: 'libs/a/src/b.ts', text: "new URL('./worker.ts', import.meta.url)" },
      { path: 'libs/a/src/d.main.ts', text: "import './b.ts';" },
    ];
    expect(deadFiles(started)).toEqual([]);
  });

  it('see a project without a README', () => {
    expect(missingReadmes(library)).toEqual([]);
    expect(missingReadmes(library.filter(({ path }) => path !== 'libs/a/README.md'))).toEqual([
      expect.stringContaining('libs/a: has no README.md'),
    ]);
  });

  it('see a dependency without a reason, and a reason without a dependency', () => {
    const page = '| `zod` | schemas |\n| `left-pad` | history |\n';
    expect(
      unexplainedDependencies({ dependencies: { zod: '4' }, devDependencies: { jest: '30' } }, page),
    ).toEqual(['jest: is not in docs/dependencies.md', 'left-pad: is no direct dependency any more']);
  });

  it('see a channel that tells another grade than its adapter declares, or none', () => {
    const channel = (page: string, source: string): File[] => [
      { path: 'apps/channel-x/README.md', text: `# x\n\n${page}\n` },
      { path: 'apps/channel-x/src/x-shop.ts', text: source },
    ];
    const [claims, both] = ["safety: ['claim-safe']", "safety: ['claim-safe', 'lease-safe']"];
    expect(untoldGrades(channel('**Safety grade**: claim-safe, with its plugin.', claims))).toEqual([]);
    expect(untoldGrades(channel('**Safety grade**: best effort.', ''))).toEqual([]);
    expect(untoldGrades(channel('A shop.', ''))).toHaveLength(1);
    expect(untoldGrades(channel('**Safety grade**: claim-safe, with its plugin.', both))).toEqual([
      expect.stringContaining("'**Safety grade**: claim-safe, lease-safe'"),
      expect.stringContaining("says 'claim-safe', which no adapter declares"),
    ]);
  });

  it('see two decisions under one number', () => {
    const paths = ['docs/decisions/0001-a.md', 'docs/decisions/0002-b.md'];
    expect(misnumberedDecisions(paths)).toEqual([]);
    expect(misnumberedDecisions([...paths, 'docs/decisions/0002-c.md'])).toEqual([
      'docs/decisions/0002-c.md: should be number 0003',
    ]);
  });
});
