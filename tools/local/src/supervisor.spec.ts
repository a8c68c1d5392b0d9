import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@samlast/test-stack';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Program, Supervisor } from './supervisor.ts';

describe('a program that is looked after', () => {
  let folder: string;
  let said: string[];
  let supervisor: Supervisor;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'samlast-supervisor-'));
    said = [];
    supervisor = new Supervisor(
      (name) => join(folder, `${name}.log`),
      (line) => said.push(line),
    );
  });

  afterEach(async () => {
    await supervisor.stop(['program']);
    supervisor.closeLogs();
    rmSync(folder, { recursive: true });
  });

  const program = (code: string, port = 0): Program => ({
    name: 'program',
    args: ['-e', code],
    env: {},
    readyUrl: `http://127.0.0.1:${port}/`,
  });

  it('is started again each time it ends, after a longer pause each time', async () => {
    supervisor.start(program('console.log("I was here"); process.exit(3)'));
    await eventually(() => said.length >= 2);
    expect(said[0]).toMatch(/^program ended with code 3; it starts again in 0\.2 s \(log: .*program\.log\)$/);
    expect(said[1]).toContain('it starts again in 1 s');
    // What a program said last may be written a moment after its end.
    const log = () => readFileSync(join(folder, 'program.log'), 'utf8');
    await eventually(() => log() === 'I was here\n'.repeat(2));
  });

  it('is not started again when its configuration is wrong, which another start would not mend', async () => {
    supervisor.start(program('process.exit(78)'));
    await eventually(() => said.length > 0);
    expect(said).toEqual([expect.stringMatching(/configuration is wrong, see .*program\.log/)]);
  });

  it('is ready once it answers, and not before', async () => {
    const port = await freePort();
    const server = `require('node:http').createServer((_, answer) => answer.end()).listen(${port}, '127.0.0.1')`;
    const late = program(`setTimeout(() => ${server}, 100)`, port);
    supervisor.start(late);
    await expect(supervisor.ready(late, 0)).rejects.toThrow(
      /^program is not ready after 0 s; see .*program\.log$/,
    );
    await supervisor.ready(late, 10_000);
    expect((await fetch(late.readyUrl)).ok).toBe(true);
  });

  it('stays ended when it is told to end, until it is started anew in another way', async () => {
    const waiting = program('console.log("one"); setInterval(() => {}, 1000)');
    const log = () => readFileSync(join(folder, 'program.log'), 'utf8');
    supervisor.start(waiting);
    await eventually(() => log() === 'one\n');
    await supervisor.end(['program']);
    supervisor.start(program('console.log("two"); setInterval(() => {}, 1000)'));
    await eventually(() => log() === 'one\ntwo\n');
    expect(said).toEqual([]);
  });

  it('is not started again when it ended by itself and is told to end before that', async () => {
    supervisor.start(program('process.exit(3)'));
    await eventually(() => said.length === 1);
    await supervisor.end(['program']);
    supervisor.start(program('console.log("anew"); setInterval(() => {}, 1000)'));
    await eventually(() => readFileSync(join(folder, 'program.log'), 'utf8') === 'anew\n');
    expect(said).toHaveLength(1);
  });

  it('is no longer waited for when the start is called off', async () => {
    const waiting = program('setInterval(() => {}, 1000)', await freePort());
    supervisor.start(waiting);
    const calledOff = AbortSignal.abort();
    await expect(supervisor.ready(waiting, 60_000, calledOff)).rejects.toThrow(
      'Stopped while it was starting.',
    );
  });
});
