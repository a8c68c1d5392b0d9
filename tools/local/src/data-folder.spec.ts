import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataFolder } from './data-folder.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'samlast-data-'));
});
afterEach(() => rmSync(path, { recursive: true }));

describe('the data folder of npm start', () => {
  it('makes each secret once, in a file that only its owner may read', () => {
    const first = openDataFolder(path);
    const secret = first.secret('database-password');
    first.release();
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect(openDataFolder(path).secret('database-password')).toBe(secret);
    const file = join(path, 'secrets/database-password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(secret);
  });

  it('takes nothing for a secret or a layout that a killed start has half written', () => {
    openDataFolder(path).release();
    for (const left of ['layout.json.new', 'secrets/database-password.new'])
      writeFileSync(join(path, left), '');
    expect(openDataFolder(path).secret('database-password')).toHaveLength(32);
    expect(readdirSync(join(path, 'secrets'))).toEqual(['database-password']);
  });

  it('refuses data of another version, and what is no layout at all', () => {
    for (const [layout, named] of [
      ['{"layout": 0}', '0'],
      ['', 'unreadable'],
    ]) {
      writeFileSync(join(path, 'layout.json'), layout ?? '');
      expect(() => openDataFolder(path)).toThrow(`data of another version of Samlast (layout ${named},`);
    }
  });
});
