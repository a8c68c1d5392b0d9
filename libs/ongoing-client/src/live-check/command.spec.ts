import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import { keepSettings } from './settings-file.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const main = 'libs/ongoing-client/src/live-check/check.main.ts';

let simulator: Simulator;
let folder: string;
let file: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samlast-live-check-'));
  file = join(folder, 'ongoing.env');
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  await simulator.control.knobs({ statusSet: [{ number: 451, text: 'Hämtad av kund' }] });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The command as a person runs it. */
async function check(...flags: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', './tools/typescript.mjs', main, ...flags], {
    cwd: root,
    env: {
      ONGOING_URL: simulator.apiUrl,
      ONGOING_USER: simulator.user,
      ONGOING_PASSWORD: simulator.password,
      ONGOING_GOODS_OWNER_ID: String(simulator.goodsOwnerId),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

const SETTINGS = 'ORDER_STATUSES=451=collected\n';

describe('the settings file of the live check', () => {
  it('has what the gateway is to be told', async () => {
    const { code, output } = await check('--settings', file);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`Written to ${file}.`) });
    expect(readFileSync(file, 'utf8')).toContain(SETTINGS);
  });

  it('is never written over one that says something else: it is said what was found, and how to go on', async () => {
    writeFileSync(file, 'SHIPPED_FROM=500\n');
    const { code, output } = await check('--settings', file);
    expect(code).toBe(1);
    expect(output).toContain(SETTINGS);
    expect(output).toMatch(/Nothing was written: .* says something else\. .*name another file/);
    expect(readFileSync(file, 'utf8')).toBe('SHIPPED_FROM=500\n');
  });

  it('is not written by a check that breaks off, which says so, and what it had found', async () => {
    await simulator.control.arm({ on: 'GET /warehouses', kind: 'error' });
    const { code, output } = await check('--settings', file);
    expect(code).toBe(1);
    expect(output).toContain('The check broke off');
    expect(output).toContain(SETTINGS);
    expect(output).toContain(`Nothing was written to ${file}: the rest is not known.`);
    expect(existsSync(file)).toBe(false);
  });

  it('is left as it is where it says the same already', () => {
    expect(keepSettings(file, SETTINGS)).toMatchObject({ kept: true, words: `Written to ${file}.` });
    expect(keepSettings(file, SETTINGS)).toMatchObject({ kept: true, words: `${file} says so already.` });
  });

  it('that cannot be written is said to be so', () => {
    const nowhere = join(folder, 'nowhere', 'ongoing.env');
    const words = expect.stringMatching(/^Nothing was written: ENOENT/);
    expect(keepSettings(nowhere, SETTINGS)).toEqual({ kept: false, words });
  });
});
