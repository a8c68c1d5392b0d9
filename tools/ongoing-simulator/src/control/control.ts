import type { z } from 'zod';
import { faultsOf } from '../rest/body.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Command } from './command.ts';
import type { Commands } from './commands.ts';

type InputOf<C> = C extends Command<infer I, unknown> ? z.input<I> : never;
type ResultOf<C> = C extends Command<z.ZodType, infer R> ? Awaited<R> : never;

/** The control of a simulator, in this process or in another: the same functions. */
export type Control = {
  [K in keyof Commands]: undefined extends InputOf<Commands[K]>
    ? (input?: InputOf<Commands[K]>) => Promise<ResultOf<Commands[K]>>
    : (input: InputOf<Commands[K]>) => Promise<ResultOf<Commands[K]>>;
};

/** Runs a command by its name; throws Refusal with the faults by field. */
export function runCommand(commands: Record<string, Command>, name: string, input: unknown): unknown {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    throw new Refusal(404, `There is no command ${name}. There are: ${Object.keys(commands).join(', ')}.`);
  }
  const parsed = command.input.safeParse(input);
  if (!parsed.success) throw new Refusal(400, `The input of ${name} is invalid.`, faultsOf(parsed.error));
  return command.run(parsed.data);
}

function controlOf(run: (name: string, input: unknown) => Promise<unknown>): Control {
  return new Proxy({} as Control, {
    get: (_target, name) =>
      // A promise resolves with an object by asking it for `then`.
      typeof name === 'string' && name !== 'then' ? (input?: unknown) => run(name, input) : undefined,
  });
}

export function localControl(commands: Commands): Control {
  return controlOf(async (name, input) =>
    runCommand(commands as unknown as Record<string, Command>, name, input),
  );
}

/**
 * The control of a simulator that runs as a process of its own. `url` is its address, such as
 * http://127.0.0.1:7400.
 */
export function connectControl(url: string): Control {
  return controlOf(async (name, input) => {
    const response = await fetch(new URL(`/control/${name}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input ?? {}),
    });
    const answer = (await response.json()) as {
      message?: string;
      modelState?: Record<string, string[]>;
    } | null;
    if (response.ok) return answer;
    throw new Refusal(response.status, answer?.message ?? '', answer?.modelState);
  });
}
