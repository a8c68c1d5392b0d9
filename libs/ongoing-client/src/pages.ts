import { OngoingAnswerInvalid } from './errors.ts';
import type { ReadItems } from './odd-items.ts';

/** One answer of a paged read, in ascending order of ids. */
export interface Page<T> {
  items: T[];
  /** All entries, those that could not be read among them: a page of fewer than were asked for is the last. */
  count: number;
  /**
   * The server's clock when it answered (whole seconds), for the next cursor in time; undefined where it did
   * not say.
   */
  serverTime?: string | undefined;
}

export interface PageOptions {
  /** Ongoing's own advice is 1000. */
  pageSize?: number;
  /** First internal id to read, inclusive; to go on with a read that was broken off. */
  from?: number;
  signal?: AbortSignal;
}

/**
 * Cursor pagination by internal id: inclusive, next is the highest id plus one, the first empty page ends it.
 */
export async function* pages<T>(
  operation: string,
  from: number,
  page: (cursor: number) => Promise<ReadItems<T>>,
  idOf: (item: T) => number,
): AsyncGenerator<Page<T>, void, void> {
  let cursor = from;
  for (;;) {
    const { answer, date, count, oddIds } = await page(cursor);
    if (count === 0) return;
    const ids = [...answer.map(idOf), ...oddIds];
    if (ids.length === 0)
      throw new OngoingAnswerInvalid(
        operation,
        'id',
        'cannot be read in any entry, so there is no way past them',
      );
    // Ongoing ignores parameters that it does not know, so a cursor that is not understood would make this
    // loop endless.
    if (ids.some((id) => id < cursor)) {
      throw new OngoingAnswerInvalid(operation, 'id', `lies before the cursor ${cursor} that was asked for`);
    }
    yield { items: answer, count, serverTime: date };
    cursor = ids.reduce((highest, id) => Math.max(highest, id), cursor) + 1;
  }
}
