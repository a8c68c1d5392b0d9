import type { FeedPosition } from '../shop.ts';
import { ShopUnavailable } from '../shop-errors.ts';

/** Orders asked for at one time when more than a page of them were changed in the same moment. */
const SAME_TIME_MOST = 5_000;

export interface TimedOrder<Order> extends FeedPosition {
  readonly order: Order;
}

/** Orders changed at or after a time, oldest first, at most so many; fewer say that there are no more. */
export type TimedFeed<Order> = (from: string, limit: number) => Promise<readonly TimedOrder<Order>[]>;

/**
 * Pages of changed orders for a shop whose interface filters by time and not by (time, id). Of orders with the same
 * time a page may hold any, so the next one begins with the last time of a full page again, and nothing counts as read
 * that could have been cut off. A page that holds nothing but one time is asked for again, larger.
 *
 * @param feeds where new and changed orders are found by different times, one for each; the position is the lower one
 * @param most how many the shop gives at one time, where that is less than 5,000
 */
export async function* pagesByTime<Order>(
  since: FeedPosition,
  pageSize: number,
  feeds: readonly TimedFeed<Order>[],
  most = SAME_TIME_MOST,
): AsyncIterable<{ orders: Order[]; readTo: FeedPosition }> {
  let from = since.changedAt;
  let limit = pageSize;
  for (;;) {
    const pages = await Promise.all(feeds.map((feed) => feed(from, limit)));
    const cut = pages.filter((page) => page.length >= limit).map(lastOf);
    const end = cut.toSorted(byTime)[0];
    if (end && Date.parse(end.changedAt) <= Date.parse(from)) {
      limit = larger(limit, most, from);
      continue;
    }
    const orders = pages.flat().filter((one) => isNew(one, since));
    const last = [since, ...orders].toSorted(byTime).at(-1) ?? since;
    const readTo = end ? { changedAt: end.changedAt, id: '' } : { changedAt: last.changedAt, id: last.id };
    yield { orders: orders.map(({ order }) => order), readTo };
    if (!end) return;
    from = end.changedAt;
    limit = pageSize;
  }
}

function larger(limit: number, most: number, time: string): number {
  if (limit >= most) {
    throw new ShopUnavailable(
      `More than ${most} orders were changed in the same moment, ${time}, and the shop shows them by time only. ` +
        'Change some of them again, a few at a time, for instance by a note; the rest is then read.',
    );
  }
  return Math.min(limit * 2, most);
}

function isNew(one: FeedPosition, since: FeedPosition): boolean {
  return byTime(one, since) > 0 || since.id === '';
}

function byTime(one: FeedPosition, other: FeedPosition): number {
  const apart = Date.parse(one.changedAt) - Date.parse(other.changedAt);
  if (apart !== 0) return apart;
  return one.id === other.id ? 0 : one.id > other.id ? 1 : -1;
}

function lastOf(page: readonly FeedPosition[]): FeedPosition {
  return page.toSorted(byTime).at(-1) as FeedPosition;
}
