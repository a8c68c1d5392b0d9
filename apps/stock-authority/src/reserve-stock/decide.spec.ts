import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  decide,
  decideQueue,
  HOLD,
  type Queued,
  type ShortPolicy,
  type Supply,
  type Verdict,
} from './decide.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`decide.spec: seed ${seed}\n`);

const REJECT: ShortPolicy = { kind: 'reject' };
const none = { all: 0n, firm: 0n };
const supply = (low: bigint, high = low, ahead = none): Supply => ({
  status: 'active',
  low,
  high,
  own: 0n,
  ahead,
});
const decideOne = (wanted: bigint, of: Supply, policy: ShortPolicy = HOLD) =>
  decide(new Map([['A', wanted]]), policy, () => of).state;

describe('decide', () => {
  it('reserves within the lower figure, is short beyond the upper one, waits in between', () => {
    expect([3n, 4n, 5n, 6n].map((wanted) => decideOne(wanted, supply(3n, 5n)))).toEqual([
      'reserved',
      'waiting',
      'waiting',
      'held',
    ]);
  });

  it('leaves older orders what they want, and waits behind one that may yet be rejected', () => {
    expect(decideOne(1n, supply(3n, 3n, { all: 3n, firm: 3n }))).toBe('held');
    expect(decideOne(1n, supply(3n, 3n, { all: 3n, firm: 0n }))).toBe('waiting');
    expect(decideOne(1n, supply(4n, 4n, { all: 3n, firm: 0n }))).toBe('reserved');
  });

  it('never rejects an unknown article, whatever else is short', () => {
    const supplies: Record<string, Supply> = { A: supply(0n), X: { ...supply(0n), status: 'unknown' } };
    const of = (article: string) => supplies[article] ?? supply(0n);
    const one = 1n;
    expect(decide(new Map([['A', one]]), REJECT, of).state).toBe('rejected');
    expect(decide(new Map(Object.keys(supplies).map((article) => [article, one])), REJECT, of).state).toBe(
      'held',
    );
  });
});

const articles = ['A', 'B', 'C'];
const needs = fc
  .dictionary(fc.constantFrom(...articles), fc.bigInt(1n, 6n), { minKeys: 1 })
  .map((wants) => new Map(Object.entries(wants)));
const order = fc.record({ needs, policy: fc.constantFrom<ShortPolicy>(HOLD, REJECT) });
const figures = fc.record({ low: fc.bigInt(-3n, 12n), doubt: fc.bigInt(0n, 4n) });

/** New orders one after the other, as the handler decides them. */
function decideInTurn(
  orders: readonly { needs: Map<string, bigint>; policy: ShortPolicy }[],
  start: Map<string, Supply>,
) {
  const now = new Map(start);
  return orders.map(({ needs, policy }) => {
    const verdict = decide(needs, policy, (article) => now.get(article) ?? supply(0n));
    for (const [article, quantity] of needs) {
      const { status, low, high, ahead } = now.get(article) ?? supply(0n);
      const firm = verdict.state === 'held' || policy.kind === 'hold' ? quantity : 0n;
      if (verdict.state === 'reserved')
        now.set(article, { status, low: low - quantity, high: high - quantity, own: 0n, ahead });
      else if (verdict.state !== 'rejected') {
        now.set(article, {
          status,
          low,
          high,
          own: 0n,
          ahead: { all: ahead.all + quantity, firm: ahead.firm + firm },
        });
      }
    }
    return verdict;
  });
}

const startOf = (all: readonly { low: bigint; doubt: bigint }[]) =>
  new Map(
    articles.map((article, at) => [
      article,
      supply(all[at]?.low ?? 0n, (all[at]?.low ?? 0n) + (all[at]?.doubt ?? 0n)),
    ]),
  );

const taken = (
  orders: readonly { needs: Map<string, bigint> }[],
  verdicts: readonly Verdict[],
  article: string,
) =>
  orders.reduce(
    (sum, { needs }, at) => (verdicts[at]?.state === 'reserved' ? sum + (needs.get(article) ?? 0n) : sum),
    0n,
  );

const runs = { numRuns: 3_000, seed };
const orders = fc.array(order, { maxLength: 15 });
const start = fc.array(figures, { minLength: 3, maxLength: 3 });

describe('many orders', () => {
  it('never promise more than is free without doubt', () => {
    fc.assert(
      fc.property(orders, start, (list, all) => {
        const supplies = startOf(all);
        const verdicts = decideInTurn(list, supplies);
        for (const article of articles) {
          const low = supplies.get(article)?.low ?? 0n;
          expect(taken(list, verdicts, article)).toBeLessThanOrEqual(low > 0n ? low : 0n);
        }
      }),
      runs,
    );
  });

  it('are decided the same in the queue as one after the other', () => {
    fc.assert(
      fc.property(orders, start, (list, all) => {
        const supplies = startOf(all);
        const inTurn = decideInTurn(list, supplies).map((verdict) => verdict.state);
        const queue: Queued[] = list.map((one, at) => ({
          ...one,
          number: String(at),
          channel: 'SE',
          own: new Map(),
          firm: true,
          decidable: true,
        }));
        const again = decideQueue(queue, (article) => ({
          ...(supplies.get(article) ?? supply(0n)),
          later: 0n,
        }));
        expect(list.map((_one, at) => again.get(String(at))?.state)).toEqual(inTurn);
      }),
      runs,
    );
  });

  it('never take what an older order of the queue could have had', () => {
    fc.assert(
      fc.property(orders, start, (list, all) => {
        const supplies = startOf(all);
        const verdicts = decideInTurn(list, supplies);
        for (const [at, { needs }] of list.entries()) {
          if (verdicts[at]?.state !== 'held' && verdicts[at]?.state !== 'waiting') continue;
          const older = { list: list.slice(0, at), verdicts: verdicts.slice(0, at) };
          const fits = [...needs].every(([article, wanted]) => {
            const ahead = older.list.reduce(
              (sum, one, index) =>
                older.verdicts[index]?.state === 'rejected' ? sum : sum + (one.needs.get(article) ?? 0n),
              0n,
            );
            return wanted <= (supplies.get(article)?.low ?? 0n) - ahead;
          });
          expect(fits).toBe(false);
        }
      }),
      runs,
    );
  });
});

describe('goods that vanish after they were set aside', () => {
  const queued = (number: string): Queued => ({
    number,
    channel: 'SE',
    policy: HOLD,
    needs: new Map([['A', 2n]]),
    own: new Map([['A', 2n]]),
    firm: true,
    decidable: true,
  });
  const statesOf = (numbers: string[], left: { low: bigint; high: bigint; later: bigint }) => {
    const verdicts = decideQueue(numbers.map(queued), () => ({ status: 'active', ...left }));
    return [...verdicts.values()].map((verdict) => verdict.state);
  };

  it('are missing to the youngest orders of the queue, and to no more of them than they are', () => {
    // Of three times two pieces that are set aside one is gone.
    const gone = { low: -1n, high: -1n, later: 0n };
    expect(statesOf(['1', '2', '3'], gone)).toEqual(['reserved', 'reserved', 'held']);
  });

  it('are missing before that to shops that may still sell them, whatever order of them is read later', () => {
    const gone = { low: -3n, high: -3n, later: 2n };
    expect(statesOf(['1', '2'], gone)).toEqual(['reserved', 'held']);
    expect(statesOf(['1', '2'], { ...gone, later: 3n })).toEqual(['reserved', 'reserved']);
  });
});
