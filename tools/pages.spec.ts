import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z', '*.md'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path && existsSync(path));

/** Where the links of a page lead within the repository. */
function targetsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target && !/^[a-z]+:/.test(target));
}

describe('pages', () => {
  it.each(pages)('%s has no link that leads nowhere', (page) => {
    expect(targetsOf(page).filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });

  it('are read with their links', () => {
    expect(targetsOf('README.md').length).toBeGreaterThan(10);
  });

  it('name for each step of an order a folder that is there', () => {
    const steps = [...readFileSync('README.md', 'utf8').matchAll(/\]\(([^)]+)\), `([a-z-]+)\/` \|$/gm)];
    expect(steps).toHaveLength(6);
    const folders = steps.map(([, project, folder]) => `${project}/src/${folder}`);
    expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
  });
});
