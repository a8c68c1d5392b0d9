import type { Deciders } from './deciders.ts';
import type { Moment } from './moments.ts';

/** One defect, put in the place of what it spoils. */
export interface Mutant {
  readonly name: string;
  /** The public bug, the section of the design, or the rule that it leaves out. */
  readonly of: string;
  readonly spoil: Partial<Deciders>;
  /** Where worlds of chance meet its moment too seldom: that moment, played by hand. */
  readonly moment?: Moment;
}
