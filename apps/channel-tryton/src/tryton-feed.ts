import { type FeedPosition, pagesByTime, type TimedFeed } from '@samlast/channel-kit';
import { z } from 'zod';
import type { TrytonRpc } from './tryton-rpc.ts';
import { Time, timeOf } from './tryton-values.ts';

/** A record as it came: one that is broken must not hide the others. */
export const Raw = z.looseObject({ id: z.int() });
export type Raw = z.output<typeof Raw>;

/** Documents that have lines: sales and purchases. */
export interface Documents {
  readonly model: string;
  readonly lines: { readonly model: string; readonly parent: string };
  readonly fields: readonly string[];
  /** Which of them are meant. */
  readonly domain: readonly unknown[];
}

/**
 * Pages of documents by when they were made, when they were changed, and when one of their lines was: Tryton dates
 * what was written, leaves the date of change empty until there is one, and a line is not its document. The documents
 * of a page are read once, whichever of the three has found them.
 */
export async function* changedDocuments(
  rpc: TrytonRpc,
  documents: Documents,
  since: FeedPosition,
  pageSize: number,
): AsyncIterable<{ documents: Raw[]; readTo: FeedPosition }> {
  const { model, lines, fields, domain } = documents;
  const below = domain.map((clause) => {
    const [field, ...rest] = z.tuple([z.string()], z.unknown()).parse(clause);
    return [`${lines.parent}.${field}`, ...rest];
  });
  const feeds = [
    feedOf(rpc, { model, time: 'create_date', id: 'id', domain }),
    feedOf(rpc, { model, time: 'write_date', id: 'id', domain }),
    feedOf(rpc, { model: lines.model, time: 'write_date', id: lines.parent, domain: below }),
  ];
  for await (const { orders, readTo } of pagesByTime(since, pageSize, feeds)) {
    const ids = [...new Set(orders)];
    const found = ids.length > 0 && (await rpc.search(Raw, model, { domain: [['id', 'in', ids]], fields }));
    yield { documents: found || [], readTo };
  }
}

interface Dated {
  readonly model: string;
  readonly time: string;
  /** The field that holds the document's id. */
  readonly id: string;
  readonly domain: readonly unknown[];
}

/** Ids of documents by one of their times. */
function feedOf(rpc: TrytonRpc, { model, time, id, domain }: Dated): TimedFeed<number> {
  const Found = z.record(z.string(), z.unknown()).transform((record) => {
    const document = z.int().parse(record[id]);
    return { changedAt: Time.parse(record[time]), id: String(document), order: document };
  });
  return (from, limit) =>
    rpc.search(Found, model, {
      domain: [[time, '>=', timeOf(from)], ...domain],
      fields: [time, id],
      order: [[time, 'ASC']],
      limit,
    });
}
