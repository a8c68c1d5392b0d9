import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';
import { connectControl } from './control/control.ts';
import { startSimulator } from './start.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'samlast-simulator-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(flags: string[]) {
  const main = 'tools/ongoing-simulator/src/main.ts';
  const child = spawn(process.execPath, ['--import', './tools/typescript.mjs', main, ...flags], {
    cwd: root,
  });
  let output = '';
  const watchers: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      watchers.push(look);
      look();
    });
  return { child, ended, printed, output: () => output };
}

describe('the command', () => {
  it('prints where it is, and ends cleanly on SIGTERM with its state saved', async () => {
    const state = join(dir, 'state.json');
    const { child, ended, printed } = run(['--port', '0', '--state', state]);
    const [, url = ''] = await printed(/warehouse floor {2}(\S+)/);
    await connectControl(url).seed({ articles: [{ number: 'TEE', stock: 1 }] });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readFileSync(state, 'utf8')).toContain('"number":"TEE"');
  });

  it('says which port is taken and what to do, and ends with 1', async () => {
    const simulator = await startSimulator();
    const { ended, output } = run(['--port', String(simulator.port)]);
    expect(await ended).toBe(1);
    expect(output()).toBe(
      `Port ${simulator.port} on 127.0.0.1 is taken. Stop what listens there, or choose another with --port.\n`,
    );
    await simulator.close();
  });

  it('lists all faulty flags at once', () => {
    expect(() => readConfig(['--port', 'x', '--warehouse', 'a b'], {})).toThrow(
      /--port: [^]*--warehouse: [^]*usage/,
    );
    expect(() => readConfig(['--colour', 'red'], {})).toThrow(/--colour/);
  });

  it('takes user and password from the environment', () => {
    expect(readConfig([], { ONGOING_PASSWORD: 'secret' })).toMatchObject({
      user: 'WSI-demo',
      password: 'secret',
      port: 7400,
    });
  });
});
