import { z } from 'zod';
import { OngoingAnswerInvalid } from './errors.ts';
import { problemOf } from './problem.ts';

/** One entry of a list that does not fit the reference: what it is and where it does not, but no value of it. */
export interface OddItem {
  operation: string;
  /** Ongoing's id of it, where that can be read. */
  id?: number | undefined;
  field: string;
  problem: string;
}

export interface ReadItems<T> {
  answer: T[];
  date?: string | undefined;
  /** All entries, odd ones among them. */
  count: number;
  /** Ids of odd entries, for the cursor. */
  oddIds: number[];
}

/**
 * Entries that fit. Without `onOdd` the first that does not is an error; with it, it is told of and left out, since one
 * order that somebody spoilt must not hide all others.
 */
export function readItems<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  { answer: raw, date }: { answer: unknown[]; date?: string | undefined },
  onOdd?: (odd: OddItem) => void,
): ReadItems<z.output<Schema>> {
  const answer: z.output<Schema>[] = [];
  const oddIds: number[] = [];
  for (const [index, item] of raw.entries()) {
    const result = schema.safeParse(item);
    if (result.success) {
      answer.push(result.data);
      continue;
    }
    const [issue] = result.error.issues;
    const field = issue?.path.length ? z.core.toDotPath(issue.path) : 'the entry';
    if (!onOdd) throw new OngoingAnswerInvalid(operation, `[${index}].${field}`, problemOf(issue));
    const id = idIn(item);
    if (id !== undefined) oddIds.push(id);
    onOdd({ operation, id, field, problem: problemOf(issue) });
  }
  return { answer, date, count: raw.length, oddIds };
}

const Ids = z.looseObject({
  articleSystemId: z.unknown().optional(),
  orderInfo: z.looseObject({ orderId: z.unknown().optional() }).optional().catch(undefined),
  purchaseOrderInfo: z.looseObject({ purchaseOrderId: z.unknown().optional() }).optional().catch(undefined),
});

function idIn(item: unknown): number | undefined {
  const { data } = Ids.safeParse(item);
  const id = Number(
    data?.articleSystemId ?? data?.orderInfo?.orderId ?? data?.purchaseOrderInfo?.purchaseOrderId,
  );
  return Number.isSafeInteger(id) ? id : undefined;
}
