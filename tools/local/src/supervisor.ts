import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { get } from 'node:http';
import { endWithThisProcess } from '@samlast/test-stack';
import { StoppedEarly } from './start-refused.ts';
import { until } from './until.ts';

/** One program of the installation. */
export interface Program {
  readonly name: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Answers 200 once the program can do its work. */
  readonly readyUrl: string;
}

const BACKOFF_MS = [200, 1_000, 3_000, 10_000, 30_000];
/** A program that ran this long was well: its next end starts the backoff anew. */
const HEALTHY_AFTER_MS = 60_000;
const READY_EVERY_MS = 50;
const STOP_WITHIN_MS = 8_000;
/** With this exit code a service says that its configuration is wrong: starting it again would not help. */
const CONFIGURATION_FAULT = 78;

/** Starts programs as processes of their own, starts those again that end, and stops all in order. */
export class Supervisor {
  private readonly running = new Map<string, ChildProcess>();
  private readonly restarts = new Map<string, NodeJS.Timeout>();
  private readonly ending = new Set<string>();
  private readonly logs = new Map<string, WriteStream>();
  private stopping = false;

  constructor(
    private readonly logFileOf: (name: string) => string,
    private readonly say: (line: string) => void,
  ) {}

  start(program: Program, attempt = 0): void {
    if (this.stopping) return;
    const startedAt = Date.now();
    const child = spawn(process.execPath, program.args, {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: process.env.TZ, ...program.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches only this program, which then stops the others in order.
      detached: true,
    });
    this.running.set(program.name, child);
    // However this process ends, its programs must not live on and hold their ports.
    const callOff = child.pid ? endWithThisProcess(-child.pid, 'KILL') : () => {};
    const log = this.logOf(program.name);
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on('error', (error) => log.write(`${error.message}\n`));
    child.on('exit', (code, signal) => {
      this.running.delete(program.name);
      callOff();
      if (this.ending.delete(program.name) || this.stopping) return;
      const why = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      if (code === CONFIGURATION_FAULT) {
        this.say(`${program.name} ${why}: its configuration is wrong, see ${this.logFileOf(program.name)}`);
        return;
      }
      const again = Date.now() - startedAt > HEALTHY_AFTER_MS ? 0 : attempt;
      const delay = BACKOFF_MS[Math.min(again, BACKOFF_MS.length - 1)] ?? 0;
      this.say(
        `${program.name} ${why}; it starts again in ${delay / 1000} s (log: ${this.logFileOf(program.name)})`,
      );
      this.restarts.set(program.name, setTimeout(() => this.start(program, again + 1), delay).unref());
    });
  }

  /** Resolves once the program answers at its ready address; rejects after the limit, naming its log. */
  async ready(program: Program, withinMs: number, signal?: AbortSignal): Promise<void> {
    const isReady = await until(
      () => answers(program.readyUrl),
      (ready) => ready || signal?.aborted === true,
      withinMs,
      READY_EVERY_MS,
    );
    if (isReady) return;
    if (signal?.aborted) throw new StoppedEarly();
    throw new Error(
      `${program.name} is not ready after ${withinMs / 1000} s; see ${this.logFileOf(program.name)}`,
    );
  }

  /** Ends all of one group at once, kindly first. Call it group by group: writers before what they write to. */
  async stop(names: string[]): Promise<void> {
    this.stopping = true;
    await this.end(names);
  }

  /** Ends these, which may be started anew in another way. */
  async end(names: string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        clearTimeout(this.restarts.get(name));
        const child = this.running.get(name);
        if (!child) return;
        this.ending.add(name);
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        child.kill('SIGTERM');
        const kill = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
        await ended;
        clearTimeout(kill);
      }),
    );
  }

  closeLogs(): void {
    for (const log of this.logs.values()) log.end();
  }

  private logOf(name: string): WriteStream {
    let log = this.logs.get(name);
    if (!log) {
      log = createWriteStream(this.logFileOf(name), { flags: 'a' });
      log.on('error', () => {
        // A full disk must not end what still works without its log.
      });
      this.logs.set(name, log);
    }
    return log;
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
