import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const check = fileURLToPath(new URL('boundaries.mjs', import.meta.url));
const workspace = fileURLToPath(new URL('fixtures/boundaries/', import.meta.url));

function run(root: string, project: string): { status: number | null; problems: string[] } {
  const { status, stderr } = spawnSync(process.execPath, [check, project], { cwd: root, encoding: 'utf8' });
  return { status, problems: stderr.split('\n').filter(Boolean) };
}

const files = (readdirSync(workspace, { recursive: true }) as string[]).filter((path) =>
  /\.(ts|tsx|mjs)$/.test(path),
);
const projectOf = (path: string) => path.split(/\/(?:src|specs)\//)[0] ?? path;
const results = new Map(
  [...new Set(files.map(projectOf))].map((project) => [project, run(workspace, project)]),
);
const problemsOf = (path: string) =>
  results.get(projectOf(path))?.problems.filter((problem) => problem.startsWith(`${path}: `)) ?? [];

/** What the fixture's first lines say: `// refused: 'name' why`. */
function refusalsOf(path: string): string[] {
  const lines = readFileSync(join(workspace, path), 'utf8').split('\n');
  return lines.flatMap((line) =>
    line.startsWith('// refused: ') ? [line.slice('// refused: '.length)] : [],
  );
}

const refused = files.filter((path) => refusalsOf(path).length > 0);
const accepted = files.filter((path) => /\/accepted\.[a-z.]+$/.test(path));

describe('boundaries', () => {
  it.each(refused)('refuse what %s imports, and say why', (path) => {
    expect(problemsOf(path)).toEqual(refusalsOf(path).map((refusal) => `${path}: ${refusal}`));
    expect(results.get(projectOf(path))?.status).toBe(1);
  });

  it.each(accepted)('accept what %s imports', (path) => {
    expect(problemsOf(path)).toEqual([]);
  });

  it('refuse a project that the table does not know', () => {
    expect(results.get('libs/newcomer')).toEqual({
      status: 1,
      problems: [
        'libs/newcomer: is not in tools/boundaries.table.mjs; give it a line that says what it may import',
      ],
    });
  });

  // A fixture whose comment is misspelt would prove nothing.
  it('have no fixture that is neither refused nor accepted', () => {
    expect(files.filter((path) => !refused.includes(path) && !accepted.includes(path))).toEqual([
      'libs/newcomer/src/anything.ts',
    ]);
  });

  it('know every form of an import', () => {
    const forms = refused.filter((path) => path.includes('/form-'));
    expect(forms.length).toBeGreaterThanOrEqual(20);
  });
});

describe('a small workspace', () => {
  const root = mkdtempSync(join(tmpdir(), 'samlast-boundaries-'));
  const source = join(root, 'libs/contracts/src');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "workspaces": ["libs/*"], "dependencies": { "zod": "0" } }');
  writeFileSync(join(root, 'libs/contracts/package.json'), '{ "dependencies": { "zod": "0" } }');
  afterAll(() => rmSync(root, { recursive: true }));

  it('passes with exit code 0 when every import is allowed', () => {
    writeFileSync(join(source, 'order.ts'), "import { z } from 'zod';\nexport const Order = z.object({});\n");
    expect(run(root, 'libs/contracts')).toEqual({ status: 0, problems: [] });
    expect(run(root, 'libs/contracts/')).toEqual({ status: 0, problems: [] });
  });

  it('fails on a file that cannot be parsed, since its imports are unknown', () => {
    writeFileSync(join(source, 'broken.ts'), 'export const = ;\n');
    const { status, problems } = run(root, 'libs/contracts');
    expect(status).toBe(1);
    expect(problems).toEqual([expect.stringContaining('libs/contracts/src/broken.ts: cannot be read')]);
  });
});
