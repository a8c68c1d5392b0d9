import { describe, expect, it } from '@jest/globals';
import { type Event, OrderCancelled, OrderCancelRefused } from '@samlast/contracts';
import {
  amended,
  cancelRequested,
  lineAccepted,
  message,
  observed,
  otherPolicies,
  placed,
  told,
} from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const authority = stageAuthority(otherPolicies);

let step = 0;
const stocked = (pieces: Record<string, number>) => {
  step += 2;
  return authority.stock(
    ...Object.entries(pieces).map(([article, count]) => observed(article, count, [step, step + 1])),
  );
};
const one = (events: readonly Event[], type: string) =>
  events.find((event) => event.type === type)?.data as never;
const agrees = async () => expect(await verify(authority.source)).toMatchObject({ agrees: true });

describe('backorder', () => {
  it('waits for what arrives, in its turn, without a person', async () => {
    await stocked({ A: 1 });
    const events = await authority.orders(placed('1-BO', 'A:3'), placed('2-BO', 'A:1'));
    expect(told(events)).toEqual(['order.short 1-BO', 'order.short 2-BO']);
    expect(one(events, 'order.short')).toMatchObject({
      outcome: 'backordered',
      shortages: [{ missing: '2' }],
    });
    expect(await authority.states()).toEqual({ '1-BO': 'backordered', '2-BO': 'backordered' });
    expect(authority.level('A').shops).toMatchObject({ SE: '0', BO: '0' });
    // Two are there now, and the first in line wants three: nobody passes it.
    expect(told(await stocked({ A: 2 }))).toEqual([]);
    expect(told(await stocked({ A: 3 }))).toEqual(['order.reserved 1-BO']);
    expect(told(await stocked({ A: 4 }))).toEqual(['order.reserved 2-BO']);
    await agrees();
  });

  it('is for a person beyond its cap, and again within it once others have left', async () => {
    await stocked({ A: 0 });
    const events = await authority.orders(placed('1-BO', 'A:4'), placed('2-BO', 'A:3'));
    expect(await authority.states()).toEqual({ '1-BO': 'backordered', '2-BO': 'held' });
    expect(told(events)).toHaveLength(2);
    await authority.orders(cancelRequested('1-BO'));
    expect(await authority.states()).toEqual({ '1-BO': 'cancelled', '2-BO': 'backordered' });
    await agrees();
  });

  it('is for a person where the article is unknown or not sold any more', async () => {
    await authority.stock(observed('B', 9, [3, 4], { status: 'inactive' }));
    await authority.orders(placed('1-BO', 'X:1'), placed('2-BO', 'B:1'));
    expect(await authority.states()).toEqual({ '1-BO': 'held', '2-BO': 'held' });
  });

  it('can be released or rejected by hand, and ends with its cancel', async () => {
    await stocked({ A: 0 });
    await authority.orders(placed('1-BO', 'A:1'));
    expect(told(await authority.orders(cancelRequested('1-BO')))).toEqual(['order.released 1-BO']);
    expect(authority.level('A').free).toBe('0');
    await agrees();
  });
});

describe('partial', () => {
  it('sends what there is and says what is dropped', async () => {
    await stocked({ A: 2, B: 0, C: 9 });
    const events = await authority.orders(placed('1-PART', 'A:1 A:4 B:2 C:3 F:1!'));
    expect(told(events)).toEqual(['order.short 1-PART', 'order.reserved 1-PART']);
    expect(one(events, 'order.short')).toMatchObject({
      outcome: 'partial',
      shortages: [
        { article: 'A', wanted: '5', missing: '3' },
        { article: 'B', wanted: '2', missing: '2' },
      ],
    });
    const { order, counted } = one(events, 'order.reserved') as {
      order: { lines: { row: string; article: string; quantity: string }[] };
      counted: { article: string }[];
    };
    expect(order.lines.map(({ row, article, quantity }) => `${row}: ${quantity} ${article}`)).toEqual([
      '1: 1 A',
      '2: 1 A',
      '4: 3 C',
      '5: 1 F',
    ]);
    // Its shop took all of it off its shelf, so none of it is to be subtracted there once more.
    expect(counted.map(({ article }) => article)).toEqual(['A', 'B', 'C']);
    expect(authority.level('A')).toMatchObject({ free: '0', reserved: '2' });
    expect(authority.level('C')).toMatchObject({ free: '6' });
    await agrees();
  });

  it('counts what is dropped as sold until its shop has put it back, which it does with the cancel or an edit', async () => {
    const sold = () =>
      authority.query<{ number: string; sold: string }>(
        `SELECT number, sold::text FROM leases JOIN articles ON id = article_id WHERE channel = 'PART' ORDER BY number`,
      );
    await stocked({ A: 2, B: 0 });
    await authority.orders(placed('1-PART', 'A:5 B:1'), placed('2-PART', 'B:1'));
    expect(await sold()).toEqual([
      { number: 'A', sold: '5000' },
      { number: 'B', sold: '2000' },
    ]);
    await agrees();
    // Its shop has put back all of it, the part that was reserved and what was dropped.
    await authority.orders(cancelRequested('1-PART'));
    expect(await sold()).toEqual([
      { number: 'A', sold: '0' },
      { number: 'B', sold: '1000' },
    ]);
    await agrees();
  });

  it('wants no more for an amendment that takes off what was dropped', async () => {
    await stocked({ A: 2 });
    await authority.orders(placed('1-PART', 'A:5'));
    expect(told(await authority.orders(amended('1-PART', 'A:2')))).toEqual(['order.reserved 1-PART']);
    expect(authority.level('A')).toMatchObject({ free: '0', reserved: '2' });
    await agrees();
  });

  it('is whole where all is there, and held where nothing is', async () => {
    await stocked({ A: 2, B: 0 });
    expect(told(await authority.orders(placed('1-PART', 'A:2')))).toEqual(['order.reserved 1-PART']);
    expect(told(await authority.orders(placed('2-PART', 'B:2')))).toEqual(['order.short 2-PART']);
    expect(await authority.states()).toEqual({ '1-PART': 'reserved', '2-PART': 'held' });
    expect(told(await stocked({ B: 1 }))).toEqual(['order.short 2-PART', 'order.reserved 2-PART']);
    await agrees();
  });

  it('divides no piece that is wanted whole, and gives fractions of what is measured', async () => {
    await authority.stock(observed('M', 2.5, [1, 2]));
    await authority.orders(placed('1-PART', 'M:3'), placed('2-PART', 'M:1.25'));
    expect(authority.level('M')).toMatchObject({ free: '0', reserved: '2.5' });
    await agrees();
  });
});

describe('reject', () => {
  const authority = stageAuthority();
  const ofEu = { number: '1-EU', channel: 'EU', revision: 2 };
  /** It has been cancelled in its shop, which put the piece back and sold it again; the warehouse is silent so far. */
  const soldAgain = async () => {
    await authority.stock(observed('A', 1, [1, 2]));
    await authority.orders(placed('1-EU', 'A:1'));
    await authority.stock(lineAccepted('1-EU', '1 A', [3, 4]), observed('A', 0, [5, 6]));
    await authority.orders(cancelRequested('1-EU'));
    await authority.orders(placed('2-EU', 'A:1'), placed('3-EU', 'A:1'));
    expect(await authority.states()).toEqual({ '1-EU': 'reserved', '2-EU': 'waiting', '3-EU': 'waiting' });
  };

  it('lets orders wait while a cancel at the warehouse may give back the piece that they want', async () => {
    await soldAgain();
    await authority.answers(message(OrderCancelled, { ...ofEu, sent: 7, accepted: 8, by: 'channel' }));
    expect(told(await authority.stock(observed('A', 1, [9, 10])))).toEqual([
      'order.reserved 2-EU',
      'order.short 3-EU',
      'order.rejected 3-EU',
      'order.released 3-EU',
    ]);
    expect(await authority.states()).toEqual({ '1-EU': 'cancelled', '2-EU': 'reserved', '3-EU': 'rejected' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('rejects them once the warehouse has refused that cancel', async () => {
    await soldAgain();
    await authority.answers(message(OrderCancelRefused, { ...ofEu, reason: 'too-late' }));
    expect(await authority.states()).toEqual({ '1-EU': 'reserved', '2-EU': 'rejected', '3-EU': 'rejected' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });

  it('gives what was set aside for the order to the oldest one that waits, at once', async () => {
    await authority.stock(observed('A', 1, [1, 2]), observed('B', 0, [1, 2]));
    const ref = { channel: 'EU', key: 'basket' };
    const expiresAt = new Date(Date.now() + 60_000);
    await authority.claims({ kind: 'open', ...ref, digest: 'd', needs: new Map([['A', 1000n]]), expiresAt });
    await authority.orders(placed('1-SE', 'A:1'));
    expect(await authority.states()).toEqual({ '1-SE': 'held' });
    const order = placed('1-EU', 'A:1 B:1');
    await authority.orders({ ...order, data: { ...order.data, claimKey: 'basket' } });
    expect(await authority.states()).toEqual({ '1-SE': 'reserved', '1-EU': 'rejected' });
    expect(await verify(authority.source)).toMatchObject({ agrees: true });
  });
});
