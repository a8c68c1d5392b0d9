import { fitText } from '@samlast/contracts';
import type { Outcome } from '../write-queue/write.ts';

/** An order, or a purchase order, as Ongoing shows it under our number. */
export interface FoundOrder {
  wmsOrderId: number;
  /** Ongoing's goodsOwnerOrderId, or goodsOwnerReference of a purchase order. */
  origin: string | undefined;
  status: number;
  cancelled: boolean;
  lines: { row: string; article: string; quantity: string }[];
}

/** What this revision of our order should look like there. */
export interface OurOrder {
  origin: string;
  lines: { row: string; article: string; quantity: string }[];
  /** An earlier revision is in Ongoing already. */
  acceptedBefore: boolean;
  /** A later revision than the first. */
  isChange?: boolean;
  /** This very revision may have been sent before; so it is where that is not said. */
  sentBefore?: boolean;
  /** Of a change: the lines that the WMS had before it, as far as is known. */
  there?: OurOrder['lines'] | undefined;
  /** Those lines are an edit by people of the warehouse: it was told, but the change may have been made before that. */
  edited?: boolean;
}

/**
 * What an order found under our number says about a PUT of ours, before it is made, after it was refused,
 * or when nobody knows whether it was carried out. `write` means: nothing speaks against making it.
 */
export function judgePut(found: FoundOrder | undefined, ours: OurOrder, refusal?: string): Outcome | 'write' {
  if (!found) return refusal === undefined ? 'write' : { kind: 'refused', reason: 'wms', text: refusal };
  if (found.origin !== ours.origin) return { kind: 'refused', reason: 'foreign', text: foreignText(found) };
  if (found.cancelled) return { kind: 'cancelled', by: 'warehouse' };
  // A first revision that is there was carried out; where its lines differ, the warehouse edited it since,
  // and that stands.
  // Of a change that was never sent, the same lines say nothing: it may change an address or a date.
  const mayBeDone = ours.sentBefore !== false;
  // Where it took the place of a first revision that was not known to be sent, what is there may be that one.
  const isDone = ours.acceptedBefore
    ? mayBeDone && sameLines(found.lines, ours.lines)
    : mayBeDone || refusal !== undefined || !ours.isChange;
  if (isDone) return { kind: 'accepted', wmsId: found.wmsOrderId };
  if (refusal !== undefined) return { kind: 'refused', reason: 'too-late', text: refusal };
  // A change knows nothing of what people of the warehouse did: written over a split, its pieces would go twice.
  // Once such an edit is known, only a change that has taken it over is written.
  const expected = ours.edited ? ours.lines : ours.there;
  if (expected && !sameLines(found.lines, expected))
    return { kind: 'refused', reason: 'too-late', text: EDITED };
  return 'write';
}

/**
 * That the lines of a change are there says nothing of a date or a cause in it: it counts as done only where all of it
 * is there.
 */
export function unlessLacking(
  verdict: Outcome | 'write',
  { acceptedBefore }: OurOrder,
  isThere: boolean,
  refusal?: string,
): Outcome | 'write' {
  if (verdict === 'write' || verdict.kind !== 'accepted' || !acceptedBefore || isThere) return verdict;
  return refusal === undefined ? 'write' : { kind: 'refused', reason: 'too-late', text: refusal };
}

const EDITED =
  'People of the warehouse have changed this order, so the change of its system was not written over theirs. Settle it with the warehouse.';

/**
 * The same for a cancel. Found cancelled counts as cancelled, whoever did it; what is not there needs no
 * cancel.
 */
export function judgeCancel(
  found: FoundOrder | undefined,
  origin: string,
  startedFrom: number,
  refusal?: string,
): Outcome | 'write' {
  if (!found || found.origin !== origin || found.cancelled) return { kind: 'cancelled', by: 'channel' };
  if (refusal === undefined) return 'write';
  const reason = found.status >= startedFrom ? 'too-late' : 'unknown';
  return { kind: 'cancel-refused', reason, text: `${refusal} (status ${found.status})` };
}

/**
 * One answer in which a member is missing must not make what is ours a stranger's, or gone: a live order would be
 * cancelled for its shop alone. So a look that does not find it as ours is taken once more.
 */
export async function lookTwice<Seen>(
  look: () => Promise<Seen>,
  isSure: (seen: Seen) => boolean,
): Promise<Seen> {
  const seen = await look();
  return isSure(seen) ? seen : look();
}

export const isForeign = (verdict: Outcome | 'write'): boolean =>
  verdict !== 'write' && verdict.kind === 'refused' && verdict.reason === 'foreign';

function foreignText(found: FoundOrder): string {
  const owner = found.origin ? `it carries the id '${found.origin}'` : 'it carries no id of a system';
  return fitText(
    `The number is taken in Ongoing by ${found.wmsOrderId}, which this order did not make (${owner}). ` +
      'It is never overwritten. Have the warehouse rename that order and retry, or cancel this one in its shop.',
    1000,
  );
}

export function sameLines(found: OurOrder['lines'], ours: OurOrder['lines']): boolean {
  const text = (lines: OurOrder['lines']) =>
    JSON.stringify(lines.map(({ row, article, quantity }) => [row, article, Number(quantity)]).toSorted());
  return text(found) === text(ours);
}
