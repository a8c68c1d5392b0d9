import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decideQueue, type Queued } from '../reserve-stock/decide.ts';
import { type Arrival, arrivalOf, countedOn, lastDay } from './arrivals.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`arrivals.spec: seed ${seed}\n`);

const today = '2026-11-26';
const on = (day: string, quantity: bigint): Arrival => ({ on: `2026-${day}`, quantity });
const announced = [on('11-20', 2n), on('12-03', 5n), on('12-10', 4n), { quantity: 3n }];
const sumOf = (list: readonly Arrival[]) => list.reduce((sum, { quantity }) => sum + quantity, 0n);

describe('what is announced', () => {
  it('is counted on but for what is late', () => {
    expect(countedOn(announced, { today })).toEqual(announced.slice(1));
  });

  it('is counted on only as far as the same read says that it is still to be received, the soonest came first', () => {
    expect(countedOn(announced, { today, incoming: 14n })).toEqual(announced.slice(1));
    expect(countedOn(announced, { today, incoming: 10n })).toEqual([on('12-03', 3n), ...announced.slice(2)]);
    expect(countedOn(announced, { today, incoming: 99n })).toEqual(announced.slice(1));
    expect(countedOn(announced, { today, incoming: -1n })).toEqual([]);
  });

  it('covers what lacks with the soonest, and says the day of the last piece', () => {
    const counted = countedOn(announced, { today });
    const days = [0n, 1n, 5n, 6n, 9n, 10n, 12n, 13n].map((lack) => arrivalOf(lack, counted));
    expect(days.map((day) => day && (day.on ?? 'some day'))).toEqual([
      'some day',
      '2026-12-03',
      '2026-12-03',
      '2026-12-10',
      '2026-12-10',
      'some day',
      'some day',
      undefined,
    ]);
  });

  it('makes the day of an order that of its last article, and none where one is not known', () => {
    expect(lastDay(['2026-12-03', '2026-12-10', '2026-12-01'])).toBe('2026-12-10');
    expect(lastDay(['2026-12-03', undefined])).toBeUndefined();
  });
});

const quantity = fc.bigInt(1n, 6n);
const arrivals = fc
  .array(fc.record({ day: fc.integer({ min: 20, max: 30 }), quantity }), { maxLength: 5 })
  .map((list) =>
    list.toSorted((a, b) => a.day - b.day).map(({ day, quantity: pieces }) => on(`11-${day}`, pieces)),
  );
const wishes = fc.array(fc.record({ wanted: quantity, kept: fc.boolean() }), { maxLength: 8 });
interface World {
  arrivals: Arrival[];
  wishes: { wanted: bigint; kept: boolean }[];
  low: bigint;
  most: bigint;
  incoming: bigint | undefined;
}
const world: fc.Arbitrary<World> = fc.record({
  arrivals,
  wishes,
  low: fc.bigInt(-3n, 8n),
  most: fc.bigInt(0n, 20n),
  incoming: fc.option(fc.bigInt(0n, 25n), { nil: undefined }),
});

/** Orders of one article in the queue, oldest first; `kept` ones were taken on before. */
function decideAll({ arrivals: list, wishes: all, low, most, incoming }: World) {
  const counted = countedOn(list, { today, ...(incoming !== undefined && { incoming }) });
  const queue = all.map(({ wanted, kept }, at): Queued => ({
    number: `${at}-BO`,
    channel: 'BO',
    policy: { kind: 'backorder', most, against: kept ? 'anything' : 'expected' },
    needs: new Map([['A', wanted]]),
    own: new Map(),
    firm: true,
    decidable: true,
  }));
  const verdicts = decideQueue(queue, () => ({
    status: 'active',
    low,
    high: low,
    later: 0n,
    arrivals: counted,
  }));
  return { counted, verdicts: queue.map(({ number }) => verdicts.get(number)) };
}

describe('orders that wait for what is announced', () => {
  const runs = { seed, numRuns: 3_000 };

  it('are taken on only within what is free, announced in time and not late, and not wanted by older ones', () => {
    fc.assert(
      fc.property(world, (of) => {
        const { counted, verdicts } = decideAll(of);
        let ahead = 0n;
        for (const [at, { wanted, kept }] of of.wishes.entries()) {
          const verdict = verdicts[at];
          ahead += wanted;
          if (verdict?.state !== 'backordered') continue;
          expect(ahead).toBeLessThanOrEqual(of.most);
          if (!kept) expect(ahead).toBeLessThanOrEqual(of.low + sumOf(counted));
        }
      }),
      runs,
    );
  });

  it('are told a day by which all of it has come that they and older ones want, and no later day than that', () => {
    fc.assert(
      fc.property(world, (of) => {
        const { counted, verdicts } = decideAll(of);
        let ahead = 0n;
        for (const [at, { wanted }] of of.wishes.entries()) {
          ahead += wanted;
          const verdict = verdicts[at];
          if (verdict?.state !== 'backordered') continue;
          const [{ expectedOn } = { expectedOn: undefined }] = verdict.shortages;
          const there = (before: (day: string) => boolean) =>
            of.low + sumOf(counted.filter(({ on: day = '' }) => before(day)));
          if (expectedOn === undefined) expect(there(() => true)).toBeLessThan(ahead);
          else {
            expect(there((day) => day <= expectedOn)).toBeGreaterThanOrEqual(ahead);
            expect(there((day) => day < expectedOn)).toBeLessThan(ahead);
          }
        }
      }),
      runs,
    );
  });
});
