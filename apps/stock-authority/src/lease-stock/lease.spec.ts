import { describe, expect, it } from '@jest/globals';
import {
  confirm,
  emptyLease,
  exposure,
  giveUp,
  grant,
  guarded,
  issue,
  type Lease,
  type Report,
  sell,
  shown,
  takeBack,
  writableSince,
} from './lease.ts';

const PIECE = 1000n;
const method = 'compare-and-set' as const;
const told = (lease: Lease, version: number, pieces: bigint, granted = true) =>
  issue(lease, { version, level: pieces * PIECE, granted, method });
const reported = (
  lease: Lease,
  version: number,
  allowance: bigint,
  shows: bigint,
  rest: Partial<Report> = {},
) =>
  confirm(lease, {
    version,
    allowance: allowance * PIECE,
    shows: shows * PIECE,
    granted: true,
    newest: true,
    method,
    ...rest,
  });
const figures = (lease: Lease) =>
  [exposure(lease), guarded(lease), shown(lease)].map((one) => Number(one / PIECE));

/** Five pieces of its own, confirmed. */
const five = reported(told(emptyLease('SE'), 1, 5n), 1, 5n, 5n);

describe('a lease', () => {
  it('counts what a level may lead to from the moment it is published', () => {
    expect(figures(told(emptyLease('SE'), 1, 5n))).toEqual([5, 5, 5]);
    expect(figures(told(five, 2, 8n))).toEqual([8, 8, 8]);
  });

  it('counts the larger number until the lower one is confirmed', () => {
    const lowered = told(five, 2, 2n);
    expect(figures(lowered)).toEqual([5, 5, 2]);
    expect(figures(reported(lowered, 2, 2n, 2n))).toEqual([2, 2, 2]);
  });

  it('shrinks by what is sold, without any new level', () => {
    expect(figures(sell(five, 2n * PIECE))).toEqual([3, 3, 3]);
  });

  it('does not promise what a shop puts back by itself, and asks for it back', () => {
    const back = takeBack(sell(five, 2n * PIECE), 2n * PIECE);
    // The shop can sell five again; it was given three, and is shown three.
    expect(figures(back)).toEqual([5, 3, 3]);
    expect(figures(grant(back, 1n * PIECE))).toEqual([5, 4, 3]);
  });

  it('is not replaced by what an older version said', () => {
    const newer = reported(told(five, 3, 7n), 3, 7n, 7n);
    expect(reported(newer, 2, 1n, 1n)).toBe(newer);
  });

  it('counts a plain write beside what the shop has, since it may erase sales that nobody has read', () => {
    const plain = issue(five, { version: 2, level: 3n * PIECE, granted: true, method: 'absolute' });
    expect(Number(exposure(plain) / PIECE)).toBe(8);
    const same = issue(five, { version: 2, level: 5n * PIECE, granted: true, method: 'absolute' });
    expect(Number(exposure(same) / PIECE)).toBe(5);
  });

  it('of a shop that takes plain writes says from which version on one write is counted', () => {
    const plain = { granted: true, method: 'absolute' as const };
    expect(writableSince(five, 'compare-and-set')).toBeUndefined();
    // It shows five already, as far as anybody knows: nothing is counted for a write.
    const same = issue(five, { version: 2, level: 5n * PIECE, ...plain });
    expect([writableSince(same, 'absolute'), exposure(same)]).toEqual([0, 5n * PIECE]);
    const lowered = issue(same, { version: 3, level: 2n * PIECE, ...plain });
    const again = issue(lowered, { version: 4, level: 2n * PIECE, ...plain });
    // One write is counted for the two versions together, and the channel may have made it under the first.
    expect([writableSince(again, 'absolute'), exposure(again)]).toEqual([3, 7n * PIECE]);
  });

  it('of a plain shop that shows less than its level is not raised to it but by a new level', () => {
    const plain = { method: 'absolute' as const };
    const lost = reported(five, 1, 4n, 4n, plain);
    expect(figures(lost)).toEqual([4, 4, 4]);
    const renewed = issue(lost, { version: 2, level: 5n * PIECE, granted: true, ...plain });
    expect([writableSince(renewed, 'absolute'), exposure(renewed)]).toEqual([2, 9n * PIECE]);
  });

  it('that is shared is promised nothing', () => {
    const shared = told(emptyLease('SE'), 1, 5n, false);
    expect(figures(shared)).toEqual([5, 0, 5]);
    expect(figures(reported(shared, 1, 5n, 5n, { granted: false }))).toEqual([5, 0, 5]);
  });

  it('that is shared again keeps what it has sold of its own until that was read', () => {
    // Two of its five are sold, and the report of the shared level comes before the orders.
    const shared = reported(told(five, 2, 9n, false), 2, 11n, 9n, { granted: false });
    expect(figures(shared)).toEqual([11, 2, 9]);
    expect(figures(sell(shared, 2n * PIECE))).toEqual([9, 0, 7]);
  });

  it('that a person gave up is promised nothing, whatever its shop can sell', () => {
    expect(figures(giveUp(five))).toEqual([5, 0, 5]);
  });
});
