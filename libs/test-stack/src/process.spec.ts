import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { environment } from './config.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { startProcess } from './process.ts';

const idle = 'setInterval(() => {}, 1000);';
const isGone = (pid: number) => {
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  return true;
};

describe('startProcess', () => {
  it('is ready when the output matches, and says what matched', async () => {
    const started = await startProcess({
      args: ['-e', `console.log('listens on 4711 as ' + process.env.NAME); ${idle}`],
      env: { NAME: 'shop' },
      ready: /listens on (\d+)/,
    });
    expect(started.readyMatch?.[1]).toBe('4711');
    expect(started.output).toContain('as shop');
    await started.stop();
    await expect(started.exited).resolves.toEqual({ code: null, signal: 'SIGTERM' });
    isGone(started.pid);
  });

  it('is ready when the address answers 2xx', async () => {
    const port = await freePort();
    const server = `let asked = 0; require('http').createServer((_, answer) =>
      answer.writeHead(++asked > 2 ? 200 : 503).end(String(asked))).listen(${port}, '127.0.0.1')`;
    const started = await startProcess({ args: ['-e', server], ready: `http://127.0.0.1:${port}/` });
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(Number(await answer.text())).toBe(4);
    await started.stop();
  });

  it('throws with the output when the process ends before it is ready', async () => {
    const failed = startProcess({
      args: ['-e', 'console.error("no database"); process.exit(3)'],
      ready: /ready/,
    });
    await expect(failed).rejects.toThrow(/ended with code 3\. Its last output:\nno database/);
  });

  it('throws, and leaves nothing behind, when the process is not ready in time', async () => {
    const failed = startProcess({
      args: ['-e', `console.log('pid ' + process.pid); ${idle}`],
      ready: /never/,
      readyWithinMs: 1_000,
    });
    const error = await failed.then(
      () => undefined,
      (cause: Error) => cause,
    );
    expect(error?.message).toContain(`not ready after ${1_000 * environment.patience} ms`);
    const pid = Number(/pid (\d+)/.exec(error?.message ?? '')?.[1]);
    await eventually(() => isGone(pid));
  });

  it('throws when there is no such program', async () => {
    await expect(startProcess({ command: 'no-such-program' })).rejects.toThrow('ENOENT');
  });

  it('can be stopped in its tracks by SIGSTOP, and still be stopped', async () => {
    const started = await startProcess({ args: ['-e', `console.log('up'); ${idle}`], ready: /up/ });
    started.kill('SIGSTOP');
    await eventually(async () => /\) T /.test(await readFile(`/proc/${started.pid}/stat`, 'utf8')));
    await started.stop();
    isGone(started.pid);
  });

  it('ends with the process that started it, with its own children', async () => {
    const child = `console.log('child ' + process.pid); ${idle}`;
    const parent = `
      const { startProcess } = await import('./libs/test-stack/src/process.ts');
      const started = await startProcess({
        command: 'sh', args: ['-c', '"$0" -e "$1"; true', process.execPath, ${JSON.stringify(child)}], ready: /child/ });
      console.log(started.output); ${idle}`;
    const started = await startProcess({
      args: ['--import', './tools/typescript.mjs', '--input-type=module', '-e', parent],
      ready: /child (\d+)/,
    });
    started.kill('SIGKILL');
    await eventually(() => isGone(Number(started.readyMatch?.[1])));
  });
});
