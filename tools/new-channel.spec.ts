import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { check, resolveConfig } from 'prettier';

const repository = resolve('.');
let folder: string;

/** What the script changes, and what compiling needs, as in a checkout of the repository. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samlast-new-channel-'));
  for (const file of ['docker-compose.yml', 'docs/operating.md', 'package-lock.json', 'tsconfig.base.json'])
    cpSync(file, join(folder, file));
  mkdirSync(join(folder, 'apps/channel-taken'), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const newChannel = (...args: string[]) =>
  run(process.execPath, [join(repository, 'tools/new-channel.mjs'), ...args]);
const made = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('npm run new:channel', () => {
  it('makes a channel that compiles, is formatted, and says what is to be written', async () => {
    const { status, output } = newChannel('shopworks');
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringContaining('apps/channel-shopworks is made'),
    });
    const files = readdirSync(join(folder, 'apps/channel-shopworks/src')).toSorted();
    expect(files).toContain('shopworks.contract.spec.ts');
    for (const file of files) expect(made(`apps/channel-shopworks/src/${file}`)).not.toMatch(/acme/i);
    // What it imports lies in the repository, outside of this copy.
    const types = run('node_modules/.bin/tsc', [
      '--noEmit',
      '-p',
      'apps/channel-shopworks',
      '--rootDir',
      '/',
    ]);
    expect(types).toEqual({ status: 0, output: '' });
    const style = await resolveConfig('package.json');
    for (const file of files) {
      const text = made(`apps/channel-shopworks/src/${file}`);
      expect([file, await check(text, { ...style, filepath: file })]).toEqual([file, true]);
    }
    expect(made('apps/channel-shopworks/src/missing.ts')).toContain('docs/adding-a-channel.md');
  });

  it('lists it wherever an app must be listed', () => {
    expect(made('docker-compose.yml')).toContain('args: { APP: channel-shopworks }');
    expect(made('docker-compose.yml')).toContain('shopworks_token: { file: ./secrets/shopworks_token }');
    expect(made('docs/operating.md')).toContain('(`SHOPWORKS_URL`, `SHOPWORKS_TOKEN`)');
    const before = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: object };
    const { packages } = JSON.parse(made('package-lock.json')) as { packages: Record<string, object> };
    expect(packages['apps/channel-shopworks']).toMatchObject({ name: '@samlast/channel-shopworks' });
    expect(packages).toMatchObject(before.packages);
    expect(Object.keys(packages)).toHaveLength(Object.keys(before.packages).length + 2);
  });

  it.each([
    [[], 'It takes one name'],
    [['two', 'names'], 'It takes one name'],
    [['Acme'], "'Acme' cannot be a name"],
    [['big-commerce'], 'lower case letters and digits'],
    [['9lives'], 'a letter first'],
    [['../etc'], 'cannot be a name'],
    [['kit'], "'kit' is the name of what all channels share"],
    [['taken'], 'apps/channel-taken is there already'],
  ])('refuses %j and says why', (args, why) => {
    const before = readdirSync(join(folder, 'apps'));
    const { status, output } = newChannel(...args);
    expect({ status, output }).toEqual({ status: 64, output: expect.stringContaining(why) });
    expect(output).toContain('usage: npm run new:channel -- NAME');
    expect(readdirSync(join(folder, 'apps'))).toEqual(before);
  });
});
