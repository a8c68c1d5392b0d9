// The house rules as functions: a list of files in, complaints out. tools/tidy.spec.ts runs them over the repository.
import { parseSync } from 'rolldown/utils';

export interface File {
  path: string;
  text: string;
}

/** A rule about one file at a time, with a snippet that keeps it and one that breaks it. */
export interface Rule {
  /** What holds, as the title of a test. */
  name: string;
  because: string;
  check(file: File): string[];
  good: File;
  bad: File;
}

/** A TypeScript or JavaScript file with what the rules ask of it. */
interface Source extends File {
  /** The text with comments and the insides of strings as blanks, so that words in them are not taken for code. */
  code: string;
  /** The text without the insides of its strings, line by line: what a reader has to take in of a line. */
  bare: string;
  exports: string[];
}

const isCode = (path: string) => /\.[cm]?[jt]sx?$/.test(path);
export const isSpec = (path: string) => /\.spec\.tsx?$/.test(path);
const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length;
const at = (path: string, text: string, index: number, what: string) =>
  `${path}:${lineOf(text, index)}: ${what}`;

const sources = new Map<string, Source>();

function sourceOf({ path, text }: File): Source {
  const known = sources.get(path);
  if (known?.text === text) return known;
  const { program, module, comments } = parseSync(path, text);
  const strings: { start: number; end: number }[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!node || typeof node !== 'object') return undefined;
    const { type, value, start, end } = node as {
      type?: string;
      value?: unknown;
      start: number;
      end: number;
    };
    if (type === 'Literal' && typeof value === 'string') strings.push({ start: start + 1, end: end - 1 });
    else if (type === 'TemplateElement' || type === 'JSXText') strings.push({ start, end });
    return Object.values(node).forEach(visit);
  };
  visit(program.body);
  const source = {
    path,
    text,
    code: without([...strings, ...comments], text, ' '),
    bare: without(strings, text, ''),
    exports: module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ exportName }) => exportName.name ?? []),
    ),
  };
  sources.set(path, source);
  return source;
}

/**
 * The text with every character of these ranges replaced, but for the ends of lines, so that lines keep their
 * numbers.
 */
function without(ranges: { start: number; end: number }[], text: string, by: string): string {
  const letters = text.split('');
  for (const { start, end } of ranges)
    for (let index = start; index < end; index++) if (letters[index] !== '\n') letters[index] = by;
  return letters.join('');
}

/** A rule that looks for a pattern in code, outside of comments and strings. */
function banned(pattern: RegExp, what: string, concerns: (path: string) => boolean): Rule['check'] {
  return (file) => {
    if (!isCode(file.path) || !concerns(file.path)) return [];
    const { code } = sourceOf(file);
    return [...code.matchAll(new RegExp(pattern, 'g'))].map((match) =>
      at(file.path, code, match.index, `'${match[0].trim()}' ${what}`),
    );
  };
}

const words = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());

const foreignWords = new Map([
  ['product', 'article'],
  ['products', 'articles'],
  ['sku', 'article number'],
  ['skus', 'article numbers'],
  ['item', 'article or line'],
  ['items', 'articles or lines'],
  ['inventory', 'stock'],
  ['variant', 'article'],
  ['variants', 'articles'],
]);

/** Where the words of another system are the right ones. */
export const otherVocabularies: { path: RegExp; because: string }[] = [
  { path: /^apps\/channel-medusa\//, because: 'Medusa has products, variants and inventory items' },
  { path: /^apps\/channel-vendure\//, because: 'Vendure has products and variants' },
  {
    path: /^(apps\/channel-shopify|tools\/shopify-fake)\//,
    because: 'Shopify has variants and inventory items',
  },
  { path: /^apps\/channel-tryton\//, because: 'Tryton has products and inventory moves' },
  {
    path: /^(apps\/channel-woocommerce|tools\/woocommerce-fake)\//,
    because: 'WooCommerce has products and SKUs',
  },
  { path: /^(tools\/real-shops|flows\/src\/real-medusa)\//, because: 'the same, from outside' },
  { path: /^libs\/ongoing-client\//, because: "Ongoing's own words" },
  { path: /^tools\/ongoing-simulator\//, because: "Ongoing's own words" },
];

const longest = (path: string) => (isSpec(path) ? 450 : 300);

export const rules: Rule[] = [
  {
    name: 'one word stands for one thing, in names of files and of what they export',
    because:
      'an article that is called item elsewhere has to be learnt twice; docs/glossary.md has the words',
    check(file) {
      if (!isCode(file.path) || otherVocabularies.some(({ path }) => path.test(file.path))) return [];
      return [file.path, ...sourceOf(file).exports].flatMap((name) =>
        words(name)
          .filter((word) => foreignWords.has(word))
          .map((word) => `${file.path}: '${word}' in ${name}; say ${foreignWords.get(word)}`),
      );
    },
    good: {
      path: 'apps/x/src/article.ts',
      text: 'export const articleNumber = 1; const item = 2; use(item);',
    },
    bad: { path: 'apps/x/src/stock.ts', text: 'export function readItems() {}' },
  },
  {
    name: 'no folder is a drawer for everything',
    because:
      'a folder is named after the thing that happens in it, so that one knows where to look and what fits',
    check: ({ path }) =>
      path
        .split('/')
        .slice(0, -1)
        .filter((folder) => /^(shared|common|utils?|helpers?|core|misc|lib)$/.test(folder))
        .map((folder) => `${path}: folder '${folder}'; name it after what happens in it`),
    good: { path: 'libs/service/src/health.ts', text: '' },
    bad: { path: 'libs/service/src/utils/health.ts', text: '' },
  },
  {
    name: 'a library names each thing that it exports',
    because: 'the public surface is a list that one can read, and nothing becomes public by accident',
    check: banned(/export \*(?! as)/, 're-exports everything; name what others may use', () => true),
    good: { path: 'a.ts', text: "export { a } from './b.ts'; // export * from './c.ts'" },
    bad: { path: 'a.ts', text: "export * from './b.ts';" },
  },
  {
    name: 'files stay short',
    because: 'a file over 300 lines (specs 450) holds two things; give the second a file of its own',
    check({ path, text }) {
      const lines = text.trimEnd().split('\n').length;
      return isCode(path) && lines > longest(path) ? [`${path}: ${lines} lines`] : [];
    },
    good: { path: 'a.spec.ts', text: '\n'.repeat(440) },
    bad: { path: 'a.ts', text: '//\n'.repeat(301) },
  },
  {
    name: 'lines stay short',
    because: 'a line over 120 characters is not read to its end; text inside of strings is not counted',
    check(file) {
      if (!isCode(file.path)) return [];
      return sourceOf(file)
        .bare.split('\n')
        .flatMap(({ length }, index) =>
          length > 120 ? [`${file.path}:${index + 1}: ${length} characters`] : [],
        );
    },
    good: { path: 'a.ts', text: `export const words = '${'long '.repeat(40)}';` },
    bad: { path: 'a.ts', text: `// ${'long '.repeat(40)}` },
  },
  {
    name: 'no test is left out',
    because: 'a skipped test is a promise that nobody checks, and a focused one silences all others',
    check: banned(
      /\b(it|test|describe)(\.\w+)*\.(skip|only|todo|failing)\b|\b(xit|xdescribe|xtest|fit|fdescribe)\(/,
      'leaves tests out; run it or delete it',
      isSpec,
    ),
    good: { path: 'a.spec.ts', text: "it('skips nothing', () => list.skip(1));" },
    bad: { path: 'a.spec.ts', text: "it.skip('works', () => {});" },
  },
  {
    name: 'specs wait for what happens, not for time to pass',
    because:
      'a sleep is too short on a busy machine and too long on any other; poll with eventually() of test-stack',
    check(file) {
      const what = 'waits blindly; use eventually()';
      const calls = banned(/\bsetTimeout\(|\bsetInterval\(|\bsleep\(|\bdelay\(/, what, isSpec)(file);
      // Imported under another name the call would look like anything else.
      const imported = isSpec(file.path) ? file.text.search(/['"]node:timers\/promises['"]/) : -1;
      return imported < 0
        ? calls
        : [...calls, at(file.path, file.text, imported, `node:timers/promises ${what}`)];
    },
    good: {
      path: 'a.spec.ts',
      text: 'await eventually(() => expect(seen).toBe(1)); // no setTimeout() here',
    },
    bad: { path: 'a.spec.ts', text: 'await new Promise((done) => setTimeout(done, 500));' },
  },
  {
    name: 'nothing of our own is mocked',
    because: 'a mock agrees with whoever wrote it; tests use real Postgres, a real bus and the simulator',
    check: banned(
      /\bjest\.(mock|doMock|unstable_mockModule|spyOn)\(/,
      'mocks; use the real thing',
      () => true,
    ),
    good: { path: 'a.spec.ts', text: 'const calls = jest.fn();' },
    bad: { path: 'a.spec.ts', text: "jest.mock('./b.ts');" },
  },
  {
    name: 'texts of shops and of the warehouse are cut between their letters',
    because:
      'slice() can leave half of an emoji, which no message takes and nobody can correct where it was written; ' +
      'where it is a list that is cut, name the number',
    // What is shorter is a part of a time or of a number.
    check: banned(/\.slice\(0, (?:[2-9]\d|\d{3,})\)/, 'may cut a letter in half; use fitText()', (path) =>
      /^(apps\/(channel-[^/]+|wms-gateway)|libs\/channel-kit)\/src\/(?!testing\/).*(?<!\.spec)\.ts$/.test(
        path,
      ),
    ),
    good: {
      path: 'apps/channel-x/src/x-orders.ts',
      text: 'const note = fitText(order.note, 500); const day = at.slice(0, 10);',
    },
    bad: { path: 'apps/channel-x/src/x-orders.ts', text: 'const note = order.note?.slice(0, 500);' },
  },
  {
    name: 'the environment is read in one place',
    because:
      'a service lists all that is wrong with its environment when it starts; what is read later is not in that list',
    check: banned(
      /\bprocess\.env\b/,
      'is read here; take it from the service’s config',
      // A hook of Medusa is registered before the plugin's options are known.
      (path) =>
        !/(^|\/)config\.ts$|^libs\/(service|test-stack)\/|^tools\/|^plugins\/medusa\/src\/workflows\//.test(
          path,
        ),
    ),
    good: { path: 'apps/x/src/config.ts', text: 'export const url = process.env.URL;' },
    bad: { path: 'apps/x/src/reserve.ts', text: 'const url = process.env.URL;' },
  },
  {
    name: 'nothing is left for later in a comment',
    because: 'nobody comes back to it; do it, or open an issue',
    check: ({ path, text }) =>
      [...text.matchAll(/\b(TODO|FIXME|XXX)\b/g)].map((match) => at(path, text, match.index, match[0])),
    good: { path: 'a.md', text: 'All is done.' },
    bad: { path: 'a.ts', text: '// TODO: the rest' },
  },
  {
    name: 'a page has one title',
    because: 'a second title is a second page, or a heading one level too high',
    check({ path, text }) {
      if (!path.endsWith('.md')) return [];
      const titles = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').match(/^# .*/gm) ?? [];
      return titles.length === 1 ? [] : [`${path}: ${titles.length} titles`];
    },
    good: { path: 'a.md', text: '# Title\n\n```\n# a comment in a shell\n```\n\n## Part\n' },
    bad: { path: 'a.md', text: '# Title\n\n# Another\n' },
  },
  {
    name: 'no path of one machine is written down',
    because: 'it exists nowhere else; use a relative path or import.meta.url',
    check: ({ path, text }) =>
      [...text.matchAll(/(?<![\w.~*}/-])\/(?:work|root|home|Users)\/[\w.-]*/g)].map((match) =>
        at(path, text, match.index, match[0]),
      ),
    good: { path: 'a.ts', text: "new URL('../../docs/home/x.md', import.meta.url)" },
    bad: { path: 'a.ts', text: "readFileSync('/home/me/x.md')" },
  },
  {
    name: 'lockfiles name no registry',
    because: 'npm ci would ask that registry on every machine; run node tools/lockfill.mjs',
    check: ({ path, text }) =>
      path.endsWith('package-lock.json') && /"resolved": "http/.test(text)
        ? [`${path}: holds addresses of a registry`]
        : [],
    good: { path: 'package-lock.json', text: '{ "resolved": "libs/contracts" }' },
    bad: { path: 'package-lock.json', text: '{ "resolved": "https://registry.example.test/a.tgz" }' },
  },
  {
    name: 'a decision is one short page with a number',
    because: 'a record that takes more than a page is read by nobody; name it 0001-what-was-decided.md',
    check({ path, text }) {
      const name = /^docs\/decisions\/(.*)$/.exec(path)?.[1];
      if (name === undefined) return [];
      const lines = text.trimEnd().split('\n').length;
      return [
        ...(/^\d{4}-[a-z0-9-]+\.md$/.test(name) ? [] : [`${path}: is not named 0001-what-was-decided.md`]),
        ...(lines < 80 ? [] : [`${path}: ${lines} lines`]),
      ];
    },
    good: { path: 'docs/decisions/0001-we-test.md', text: '# We test\n' },
    bad: { path: 'docs/decisions/we-test.md', text: '# We test\n' },
  },
];
