import { FENCED } from '@samlast/ongoing-client';

export type WriteKind = 'order' | 'article' | 'purchase-order' | 'return';

/** One thing to be written to Ongoing, as it waits. */
export interface WaitingWrite {
  kind: WriteKind;
  /** Its number. */
  subject: string;
  revision: number;
  action: 'put' | 'cancel';
  /** The place in the fair queue: a channel, or the articles. */
  lane: string;
  /** Where it stands in its lane. */
  place: number;
  tries: number;
  /** What its last try said, in the words of `later`. */
  lastFault?: string | undefined;
  /** The request may have been made before: it is read back before it is made again. */
  sentBefore: boolean;
}

/** One write whose intent has been committed: the request may be made until `startBy`. */
export interface OpenWrite extends WaitingWrite {
  body: unknown;
  articles: string[];
  /** The step drawn before the first request. */
  sent: number;
  /** On the clock of `performance.now()`. */
  startBy: number;
  /** How long that was when the intent was written, in milliseconds. */
  withinMs: number;
}

/** The write is settled: it is taken out of the queue, and this is told. A note is for who made it and books it. */
export type Outcome =
  | { kind: 'accepted'; wmsId: number; note?: unknown }
  | { kind: 'cancelled'; by: 'channel' | 'warehouse' }
  | { kind: 'refused'; reason: 'foreign' | 'too-late' | 'wms'; text: string; note?: unknown }
  | { kind: 'cancel-refused'; reason: 'too-late' | 'unknown'; text: string };

/**
 * Nothing is known yet: try again. `reached` is false only where no request has reached Ongoing in this
 * attempt.
 */
export interface Later {
  kind: 'later';
  fault: string;
  reached: boolean;
  /** The time for this intent ran out before its request was made: open a new one at once. */
  expired?: boolean;
}

export interface Answered {
  write: OpenWrite;
  verdict: Outcome | Later;
}

export interface SettledWrite {
  write: OpenWrite;
  outcome: Outcome;
  /** Drawn after the answer. */
  step: number;
}

/** A write of unknown outcome: it is read back before it is made again. */
export function later(cause: { kind: string; detail: string; sent: boolean }): Later {
  const expired = cause.detail === FENCED;
  return {
    kind: 'later',
    fault: `${cause.kind}: ${cause.detail}`,
    reached: cause.sent,
    ...(expired && { expired }),
  };
}

/** Tries that only look, in growing pauses, before a request that got no answer is made again. */
const LOOKS_BEFORE_AGAIN = 4;
const TIMED_OUT = 'timeout: ';

/**
 * The last request got no answer in time: a slow Ongoing, which carries writes out one by one, may still do it.
 * What is made again then is carried out twice, the second time over whatever the floor has done in between.
 */
export function mayStillLand({
  sentBefore,
  tries,
  lastFault,
}: Pick<WaitingWrite, 'sentBefore' | 'tries' | 'lastFault'>): boolean {
  return sentBefore && tries <= LOOKS_BEFORE_AGAIN && lastFault?.startsWith(TIMED_OUT) === true;
}

/** It has not landed yet: the next try looks again. */
export function lookAgain({ lastFault = TIMED_OUT }: WaitingWrite): Later {
  return { kind: 'later', fault: lastFault, reached: true };
}

export const timedOut = (verdict: Outcome | Later): verdict is Later =>
  verdict.kind === 'later' && verdict.reached && verdict.fault.startsWith(TIMED_OUT);

export const keyOf = (write: { kind: string; subject: string; revision: number }) =>
  `${write.kind}/${write.revision}/${write.subject}`;
