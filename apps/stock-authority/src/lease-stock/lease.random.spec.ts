import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { confirm, emptyLease, exposure, guarded, issue, type Lease, sell, takeBack } from './lease.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`lease.random.spec: seed ${seed}\n`);

const set = { granted: true, method: 'compare-and-set' as const };
const plain = { granted: true, method: 'absolute' as const };
const told = (version: number, allowance: bigint, shows: bigint, newest = true) => ({
  version,
  allowance,
  shows,
  newest,
});

describe('a lease that a simulation of whole worlds has tried', () => {
  it('still counts a confirmed level that the shop shows less than, since it may be raised to it', () => {
    let lease = confirm(issue(emptyLease('SE'), { version: 1, level: 2n, ...set }), {
      ...told(1, 2n, 2n),
      ...set,
    });
    lease = issue(sell(lease, 1n), { version: 2, level: 1n, ...set });
    // Its channel has heard of the level before it heard that the level counts its order.
    lease = confirm(lease, { ...told(2, 1n, 0n), ...set });
    expect(exposure(lease)).toBe(1n);
    expect(exposure(confirm(lease, { ...told(2, 2n, 1n), ...set }))).toBe(1n);
  });

  it('of a plain shop counts what a lower level may add, until that is confirmed', () => {
    const shop = confirm(issue(emptyLease('SE'), { version: 1, level: 10n, ...plain }), {
      ...told(1, 10n, 10n),
      ...plain,
    });
    const lowered = issue(shop, { version: 2, level: 8n, ...plain });
    expect(exposure(lowered)).toBe(18n);
    expect(exposure(issue(shop, { version: 2, level: 0n, ...plain }))).toBe(10n);
    expect(exposure(confirm(lowered, { ...told(2, 8n, 8n), ...plain }))).toBe(8n);
  });

  it('of a plain shop is not counted twice for a version that says the same', () => {
    let lease = issue(emptyLease('SE'), { version: 1, level: 10n, ...plain });
    for (let version = 2; version < 6; version++) lease = issue(lease, { version, level: 10n, ...plain });
    expect(exposure(lease)).toBe(10n);
  });

  it('promises nothing of what its shop put back by itself', () => {
    const lease = confirm(issue(emptyLease('SE'), { version: 1, level: 2n, ...set }), {
      ...told(1, 2n, 2n),
      ...set,
    });
    const back = takeBack(sell(lease, 2n), 1n);
    expect([exposure(back), guarded(back)]).toEqual([1n, 0n]);
  });

  it('never counts less than its channel can come to allow, whatever it hears late', () => {
    const step = fc.oneof(
      fc.record({ level: fc.bigInt({ min: 0n, max: 6n }) }),
      fc.record({ sell: fc.bigInt({ min: 1n, max: 2n }) }),
      fc.record({ hear: fc.nat(3) }),
      fc.record({ less: fc.bigInt({ min: 0n, max: 3n }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let lease: Lease = emptyLease('SE');
        const targets = [0n];
        let [version, heard, allowance, lacks] = [0, 0, 0n, 9n];
        for (const one of steps) {
          if ('level' in one) {
            lease = issue(lease, { version: ++version, level: one.level, ...set });
            targets.push(one.level + lease.sold);
          } else if ('sell' in one) {
            if (exposure(lease) >= one.sell && allowance - lease.sold >= one.sell)
              lease = sell(lease, one.sell);
          } else if ('hear' in one) {
            if (one.hear > 0 && heard < version) lacks = 9n;
            heard = Math.min(version, heard + one.hear);
          } else {
            // It shows the level, or less while it does not know which of its orders that counts.
            if (one.less < lacks) lacks = one.less;
            const most = (targets[heard] ?? 0n) - lacks;
            allowance = most > lease.sold ? most : lease.sold;
            const report = { ...told(heard, allowance, allowance - lease.sold, heard === version), ...set };
            if (heard > 0) lease = confirm(lease, report);
          }
          const possible = (targets[heard] ?? 0n) - lease.sold;
          if (heard > 0) expect(exposure(lease)).toBeGreaterThanOrEqual(possible > 0n ? possible : 0n);
        }
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
