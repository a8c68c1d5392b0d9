import type { Revision } from './watermark.ts';

/** What the WMS answered to one revision of one line. */
export interface Answer {
  readonly revision: number;
  /** The WMS has taken none: the answer to a cancel, or found cancelled there. */
  readonly nothing: boolean;
  readonly sent: number;
  readonly accepted: number;
}

/**
 * Revisions stand in ascending order, and a cancel behind the order of the same revision: the warehouse may
 * cancel an order by itself, and that is told under the revision that it had.
 */
function inOrder(a: Revision, b: Revision): number {
  return a.revision - b.revision || Number(a.quantity === 0n) - Number(b.quantity === 0n);
}

const names = (revision: number, nothing: boolean) => (one: Revision) =>
  one.revision === revision && (one.quantity === 0n) === nothing;

function replace(line: readonly Revision[], old: Revision | undefined, by: Revision): Revision[] {
  return [...line.filter((one) => one !== old), by].toSorted(inOrder);
}

/** The line with one more wanted number; the same line where it has that revision already. */
export function withRevision(
  line: readonly Revision[],
  revision: number,
  quantity: bigint,
): readonly Revision[] {
  if (line.some(names(revision, quantity === 0n))) return line;
  return replace(line, undefined, { revision, quantity });
}

/**
 * The line with an answer of the WMS. The first answer to a revision stands: the same one comes on two
 * topics. An answer outweighs a refusal, because a refusal may have been believed too early. Of a number
 * that was never asked for only "nothing" is believed: it can only be the warehouse's own cancel.
 */
export function withAnswer(line: readonly Revision[], answer: Answer): readonly Revision[] {
  const { revision, nothing, sent, accepted } = answer;
  const old = line.find(names(revision, nothing));
  if (old?.accepted !== undefined || (!old && (!nothing || line.length === 0))) return line;
  return replace(line, old, { revision, quantity: old?.quantity ?? 0n, sent, accepted });
}

/** The line once it is known that a revision, of some pieces or of nothing, was not carried out. */
export function withRefusal(
  line: readonly Revision[],
  revision: number,
  nothing: boolean,
): readonly Revision[] {
  const old = line.find(names(revision, nothing));
  if (!old || old.accepted !== undefined || old.refused) return line;
  return replace(line, old, { ...old, refused: true });
}

/**
 * The line after the WMS refused a revision. The gateway settles one revision before it sends the next and never goes
 * back, so an older one without an answer was replaced before it was sent.
 */
export function withNoneOlder(line: readonly Revision[], revision: number): readonly Revision[] {
  return line
    .filter((one) => one.revision < revision)
    .reduce((left, one) => withRefusal(left, one.revision, one.quantity === 0n), line);
}

/** The line after the WMS refused a revision of an order that it has: the last accepted one stands again. */
export function withChangeRefused(line: readonly Revision[], revision: number): readonly Revision[] {
  return withNoneOlder(withRefusal(withRefusal(line, revision, false), revision, true), revision);
}

/** The line as the last read saw it on its way. */
export function withFlights(
  line: readonly Revision[],
  inFlight: (revision: number) => boolean,
): readonly Revision[] {
  const flies = (one: Revision) => one.accepted === undefined && inFlight(one.revision);
  if (line.every((one) => flies(one) === (one.inFlight ?? false))) return line;
  return line.map((one) => ({ ...one, inFlight: flies(one) }));
}

/** The line of an order that the WMS never took and that a person gave up. */
export function withNothingTaken(line: readonly Revision[]): readonly Revision[] {
  return line.reduce((left, one) => withRefusal(left, one.revision, one.quantity === 0n), line);
}
