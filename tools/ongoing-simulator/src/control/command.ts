import type { z } from 'zod';

export interface Command<I extends z.ZodType = z.ZodType, R = unknown> {
  input: I;
  run: (input: z.output<I>) => R;
}

export function command<I extends z.ZodType, R>(input: I, run: (input: z.output<I>) => R): Command<I, R> {
  return { input, run };
}
