import { z } from 'zod';
import type { Ground } from '../warehouse/ground.ts';

/** A fault that waits for its request. */
export const ArmedFault = z.strictObject({
  /** Endpoint as in the counts, such as `PUT /orders`; `*` is any. */
  on: z.string().default('*'),
  /** Only for this order or article number; of a read that names several, the first. */
  number: z.string().optional(),
  /**
   * error: 500 with JSON. html: 500 with a page. drop: the connection is cut. hang: no answer ever comes. null-id:
   * success without an id. slow: the request takes `delayMs` longer and then goes right. refuse: 400, with a text
   * that repeats all that was sent, as validation often does. too-many: 429. blank: `members` of the answer are null.
   */
  kind: z.enum(['error', 'html', 'drop', 'hang', 'null-id', 'slow', 'refuse', 'too-many', 'blank']),
  /** Whether the request is carried out before the fault; for null-id, slow and blank it always is. */
  afterCommit: z.boolean().default(false),
  times: z.int().min(1).default(1),
  delayMs: z.number().min(0).max(600_000).default(0),
  /** Names of members, wherever they stand in the answer. */
  members: z.array(z.string()).default([]),
});
export type ArmedFault = z.output<typeof ArmedFault>;

export type FaultNow = Pick<ArmedFault, 'kind' | 'afterCommit' | 'delayMs'> &
  Partial<Pick<ArmedFault, 'members'>>;

/**
 * Decides for each request whether something goes wrong with it: first what is armed, then by the rates of
 * the knobs.
 */
export class Faults {
  armed: ArmedFault[] = [];

  constructor(private readonly ground: Ground) {}

  arm(fault: ArmedFault): void {
    this.armed.push({ ...fault });
  }

  for(endpoint: string, number: string | undefined): FaultNow | undefined {
    const fault = this.armed.find(
      ({ on, number: only }) => (on === '*' || on === endpoint) && (only === undefined || only === number),
    );
    if (fault) {
      fault.times--;
      if (fault.times === 0) this.armed = this.armed.filter((other) => other !== fault);
      return fault;
    }
    return this.byChance(!endpoint.startsWith('GET'));
  }

  private byChance(isWrite: boolean): FaultNow | undefined {
    const { knobs, chance } = this.ground;
    if (chance.hits(knobs.faultRate)) {
      const html = knobs.faultKind === 'html' || (knobs.faultKind === 'both' && chance.hits(0.5));
      return { kind: html ? 'html' : 'error', afterCommit: false, delayMs: 0 };
    }
    if (chance.hits(knobs.disconnectRate)) return { kind: 'drop', afterCommit: false, delayMs: 0 };
    if (chance.hits(knobs.tooManyRate)) return { kind: 'too-many', afterCommit: false, delayMs: 0 };
    if (chance.hits(knobs.slowRate)) return { kind: 'slow', afterCommit: true, delayMs: knobs.slowMs };
    if (!isWrite) return undefined;
    if (chance.hits(knobs.dropResponseAfterCommit)) return { kind: 'drop', afterCommit: true, delayMs: 0 };
    if (chance.hits(knobs.nullIdRate)) return { kind: 'null-id', afterCommit: true, delayMs: 0 };
    return undefined;
  }
}
