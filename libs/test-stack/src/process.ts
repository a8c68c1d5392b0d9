import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environment } from './config.ts';
import { endWithThisProcess, letGo } from './guardian.ts';

export const repositoryRoot = resolve(fileURLToPath(new URL('../../..', import.meta.url)));

export interface ProcessOptions {
  /** Node itself when left out. */
  command?: string;
  args?: string[];
  /** On top of this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** The repository's root when left out. */
  cwd?: string;
  /** Ready when the output matches, or when a GET of this address answers 2xx; at once when left out. */
  ready?: RegExp | string;
  /** In milliseconds, times TEST_PATIENCE; 30 seconds when left out. */
  readyWithinMs?: number;
}

export interface StartedProcess {
  readonly pid: number;
  /** What it wrote to stdout and stderr so far. */
  readonly output: string;
  /** What `ready` matched, when it was an expression. */
  readonly readyMatch: RegExpExecArray | undefined;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL to it and all its children when it has not ended after `withinMs` (10 seconds). */
  stop(withinMs?: number): Promise<void>;
}

/**
 * Starts a process in a group of its own and waits until it is ready. It is killed, with its children, when the process
 * that started it ends in whatever way.
 *
 * @throws when it ends before it is ready or is not ready in time; the error carries its last output.
 */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const started = new GuardedProcess(options);
  try {
    await started.ready(options.ready, (options.readyWithinMs ?? 30_000) * environment.patience);
  } catch (error) {
    started.killGroup();
    throw error;
  }
  return started;
}

class GuardedProcess implements StartedProcess {
  readonly exited: StartedProcess['exited'];
  output = '';
  readyMatch: RegExpExecArray | undefined;
  private readonly child: ChildProcess;
  private readonly name: string;
  private ended: string | undefined;

  constructor({ command = process.execPath, args = [], env, cwd = repositoryRoot }: ProcessOptions) {
    this.name = [command, ...args].join(' ');
    this.child = spawn(command, args, {
      cwd,
      env: { ...environment.inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.child.on('error', (error) => (this.ended = error.message));
    const callOff = this.child.pid ? endWithThisProcess(-this.child.pid, 'KILL') : () => {};
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.ended ??= signal ? `ended by ${signal}` : `ended with code ${code}`;
        callOff();
        resolve({ code, signal });
      });
    });
    letGo(this.child);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  async ready(ready: RegExp | string | undefined, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await this.isReady(ready))) {
      if (this.ended) throw this.notReady(this.ended);
      if (performance.now() > deadline) throw this.notReady(`not ready after ${withinMs} ms`);
      await wait(20);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  killGroup(): void {
    if (this.ended || !this.child.pid) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }

  async stop(withinMs = 10_000): Promise<void> {
    // A process that was stopped by SIGSTOP would not see SIGTERM.
    this.kill('SIGCONT');
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.killGroup(), withinMs);
    await this.exited;
    clearTimeout(timer);
  }

  private async isReady(ready: RegExp | string | undefined): Promise<boolean> {
    if (this.ended) return false;
    if (ready === undefined) return this.child.pid !== undefined;
    if (typeof ready === 'string') return answers(ready);
    this.readyMatch =
      new RegExp(ready.source, ready.flags.replace(/[gy]/g, '')).exec(this.output) ?? undefined;
    return this.readyMatch !== undefined;
  }

  private notReady(why: string): Error {
    return new Error(`${this.name}: ${why}. Its last output:\n${this.output.slice(-4000) || '(none)'}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
