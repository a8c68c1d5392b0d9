import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Event, OrderStatusChanged } from '@samlast/contracts';
import { listShortfalls } from '../tables/shortfalls.ts';
import { lineAccepted, message, observed, placed } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const authority = stageAuthority();
beforeEach(async () => {
  await authority.stock(observed('A', 5, [1, 2]));
  await authority.orders(placed('1-SE', 'A:3'), placed('2-SE', 'A:2'));
});

/** Who is told, and how many each goes without. */
const atRisk = (events: readonly Event[]) =>
  events
    .filter((event) => event.type === 'order.endangered')
    .map(({ key, data }) => [key, ...missingIn(data)])
    .toSorted();
const missingIn = (data: unknown) =>
  (data as { shortages: { missing: string }[] }).shortages.map((one) => one.missing);
/** What the order is told to go without, by article. */
function shortOf(events: readonly Event[], number: string) {
  const told = events.findLast((event) => event.type === 'order.endangered' && event.key === number);
  const { shortages = [] } = (told?.data ?? {}) as { shortages?: { article: string; missing: string }[] };
  return Object.fromEntries(shortages.map(({ article, missing }) => [article, missing]));
}
const named = async () => (await listShortfalls(authority.source.manager, 9)).map(({ number }) => number);

describe('goods that vanish after they were promised', () => {
  it('are never clamped away: the youngest orders are named and told, and told again when goods are found', async () => {
    const events = await authority.stock(observed('A', 1, [3, 4]));
    expect(authority.level('A')).toMatchObject({ free: '-4', shops: { SE: '0' } });
    expect(atRisk(events)).toEqual([
      ['1-SE', '2'],
      ['2-SE', '2'],
    ]);
    expect(atRisk(await authority.stock(observed('A', 1, [5, 6])))).toEqual([]);
    expect(atRisk(await authority.stock(observed('A', 3, [7, 8])))).toEqual([['1-SE']]);
    expect(await named()).toEqual(['2-SE']);
    expect(atRisk(await authority.stock(observed('A', 5, [9, 10])))).toEqual([['2-SE']]);
    expect(await named()).toEqual([]);
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('of two articles are told together, and what is still missing of one when the other is found', async () => {
    await authority.stock(observed('A', 6, [3, 4]), observed('B', 2, [3, 4]));
    await authority.orders(placed('3-SE', 'A:1 B:2'));
    await authority.stock(observed('A', 0, [5, 6]));
    const both = await authority.stock(observed('B', 0, [5, 6]));
    expect(shortOf(both, '3-SE')).toEqual({ A: '1', B: '2' });
    const found = await authority.stock(observed('A', 6, [7, 8]));
    expect(shortOf(found, '3-SE')).toEqual({ B: '2' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('are named for nobody while a write that is under way may be counted twice', async () => {
    const inFlight = [{ number: '1-SE', revision: 1 }];
    expect(atRisk(await authority.stock(observed('A', 2, [3, 4], { inFlight })))).toEqual([]);
    expect(authority.level('A').free).toBe('-3');
  });

  it('are not missed by an order that has left the warehouse', async () => {
    await authority.stock(lineAccepted('2-SE', '2 A', [3, 4]));
    const status = { state: 'sent', status: { number: 450, text: 'Sent' }, at: '2026-11-24T12:00:00Z' };
    await authority.answers(message(OrderStatusChanged, { number: '2-SE', channel: 'SE', ...status }));
    // Of five two are gone with their order; of the other three one has vanished.
    const events = await authority.stock(observed('A', 2, [5, 6]));
    expect(atRisk(events)).toEqual([['1-SE', '1']]);
  });

  it('make the confirmation of a claim too late, before its money is taken', async () => {
    await authority.stock(observed('B', 2, [1, 2]));
    const ref = { channel: 'EU', key: 'cart' };
    const expiresAt = new Date(Date.now() + 60_000);
    await authority.claims({ kind: 'open', ...ref, digest: 'd', needs: new Map([['B', 2000n]]), expiresAt });
    await authority.stock(observed('B', 1, [3, 4]));
    const [outcome] = await authority.claims({ kind: 'confirm', ...ref });
    expect(outcome).toMatchObject({ claim: { state: 'late', shortages: [{ article: 'B', free: 1000n }] } });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});
