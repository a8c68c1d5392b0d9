// House rules about the repository as a whole: what belongs together, and what nothing needs.
import { dirname, join, normalize } from 'node:path/posix';
import { type File, isSpec } from './tidy.rules.ts';

type Manifest = {
  exports?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

const manifestsOf = (files: File[]) =>
  files
    .filter(({ path }) => /(^|\/)package\.json$/.test(path))
    .map(({ path, text }) => ({ folder: dirname(path), manifest: JSON.parse(text) as Manifest }));

/** Files that package.json names as entries. */
function entriesOf(files: File[]): Set<string> {
  return new Set(
    manifestsOf(files).flatMap(({ folder, manifest }) =>
      Object.values(manifest.exports ?? {}).map((entry) => normalize(join(folder, entry))),
    ),
  );
}

/**
 * An index file is the list of what a library gives to others: one per entry of its package.json, and none elsewhere.
 */
export function strayIndexes(files: File[]): string[] {
  const entries = entriesOf(files);
  return files
    .filter(({ path }) => /(^|\/)index\.tsx?$/.test(path) && !entries.has(path))
    .map(({ path }) => `${path}: is no entry of its package.json; import the files themselves`);
}

// Typings of a script and a config are found by their names, not by an import.
const lives = /(^|[./])main\.tsx?$|\.spec\.tsx?$|[.-]config\.[cm]?[jt]s$|\.d\.[cm]?ts$/;

/** Code that nothing runs: no import, no entry, and no mention of its path in a script, a config or a page. */
export function deadFiles(files: File[]): string[] {
  const entries = entriesOf(files);
  const used = new Set<string>();
  const usedBySpecs = new Set<string>();
  for (const { path, text } of files) {
    for (const [mention] of text.matchAll(/[\w@./-]+\.[cm]?[jt]sx?\b/g)) {
      const from = mention.startsWith('.')
        ? [join(dirname(path), mention)]
        : [join(dirname(path), mention), mention];
      for (const target of from.map((each) => normalize(each)))
        if (target !== path) (isSpec(path) || path.includes('/testing/') ? usedBySpecs : used).add(target);
    }
  }
  return files.flatMap(({ path }) => {
    if (!/^(apps|libs|flows|tools)\/.*\.[cm]?[jt]sx?$/.test(path)) return [];
    if (lives.test(path) || entries.has(path) || used.has(path)) return [];
    if (!usedBySpecs.has(path)) return [`${path}: nothing imports it; delete it`];
    return path.includes('/testing/') || path.startsWith('flows/') || !path.includes('/src/')
      ? []
      : [`${path}: only specs import it; delete it, or move it to src/testing`];
  });
}

/** Projects whose folder says nothing of itself. */
export function missingReadmes(files: File[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return manifestsOf(files)
    .filter(({ folder }) => folder !== '.' && !paths.has(`${folder}/README.md`))
    .map(({ folder }) => `${folder}: has no README.md; say in it what it is for and how it is used`);
}

/** Direct dependencies without a reason, and reasons whose dependency is gone. */
export function unexplainedDependencies(manifest: Manifest, page: string): string[] {
  const direct = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  const explained = new Set([...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? ''));
  return [
    ...[...direct]
      .filter((name) => !explained.has(name))
      .map((name) => `${name}: is not in docs/dependencies.md`),
    ...[...explained]
      .filter((name) => !direct.has(name))
      .map((name) => `${name}: is no direct dependency any more`),
  ];
}

const GRADE_LINE = /^\*\*Safety grade\*\*: ((?:(?:claim|lease)-safe(?:, )?)+(?<!, )|best effort)/gm;

/** Channels whose README.md tells another safety grade than their adapter declares. */
export function untoldGrades(files: File[]): string[] {
  return files.flatMap(({ path: page, text }) => {
    const folder = /^(apps\/channel-[^/]+)\/README\.md$/.exec(page)?.[1];
    if (!folder) return [];
    const sources = files.filter(({ path }) => path.startsWith(`${folder}/src/`) && !isSpec(path));
    const found = sources.flatMap((file) => [...file.text.matchAll(/\bsafety: \[([^\]]*)\]/g)]);
    const declared = found.map((match) => [...(match[1] ?? '').matchAll(/[a-z-]+/g)].join(', '));
    const told = [...text.matchAll(GRADE_LINE)].map((match) => match[1] ?? '');
    const wanted = declared.length > 0 ? declared.map((one) => one || 'best effort') : ['best effort'];
    return [
      ...wanted
        .filter((grade) => !told.includes(grade))
        .map((grade) => `${page}: does not say '**Safety grade**: ${grade}', as the adapter declares`),
      ...told
        .filter((grade) => !wanted.includes(grade))
        .map((grade) => `${page}: says '${grade}', which no adapter declares`),
    ];
  });
}

/** Two decisions under one number, or a number left out. */
export function misnumberedDecisions(paths: string[]): string[] {
  const records = paths.filter((path) => /^docs\/decisions\/\d{4}-/.test(path)).toSorted();
  return records.flatMap((path, index) => {
    const expected = String(index + 1).padStart(4, '0');
    return path.startsWith(`docs/decisions/${expected}-`) ? [] : [`${path}: should be number ${expected}`];
  });
}
