import { z } from 'zod';
import type { Knobs } from './knobs.ts';

/** A fault that waits for its request. */
export const ArmedFault = z.strictObject({
  /** Method and path, such as `POST wc/v3/products/batch`, with # for numbers; `*` is any. */
  on: z.string().default('*'),
  /** error: 500 in JSON. html: 500 with a page. drop: the connection is cut. hang: no answer ever comes. */
  kind: z.enum(['error', 'html', 'drop', 'hang']),
  /** Whether the request is carried out before. */
  afterwards: z.boolean().default(false),
  times: z.int().min(1).default(1),
});
export type ArmedFault = z.output<typeof ArmedFault>;

/** Decides of each request whether something goes wrong with it: first what is armed, then by chance. */
export class Faults {
  private armed: ArmedFault[] = [];

  constructor(private readonly knobs: Knobs) {}

  arm(fault: ArmedFault): void {
    this.armed.push({ ...fault });
  }

  for(endpoint: string): Pick<ArmedFault, 'kind' | 'afterwards'> | undefined {
    const fault = this.armed.find(({ on }) => on === '*' || on === endpoint);
    if (fault) {
      fault.times--;
      if (fault.times === 0) this.armed = this.armed.filter((other) => other !== fault);
      return fault;
    }
    const { htmlErrorRate, errorRate, lostAnswerRate } = this.knobs;
    if (Math.random() < htmlErrorRate) return { kind: 'html', afterwards: false };
    if (Math.random() < errorRate) return { kind: 'error', afterwards: false };
    if (Math.random() < lostAnswerRate) return { kind: 'drop', afterwards: true };
    return undefined;
  }
}
