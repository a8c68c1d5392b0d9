import type { Deciders } from './deciders.ts';

/** One defect, put in the place of what it spoils. */
export interface Mutant {
  readonly name: string;
  /** The public bug, the section of the design, or the rule that it leaves out. */
  readonly of: string;
  readonly spoil: Partial<Deciders>;
  /** Why this world does not show it; the README says more. */
  readonly unseen?: string;
}
