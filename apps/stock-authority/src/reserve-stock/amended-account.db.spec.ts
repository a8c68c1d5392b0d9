import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Event, OrderAccepted, OrderRefused } from '@samlast/contracts';
import { rejectByHand } from '../operate-orders/by-hand.ts';
import {
  amended,
  cancelRequested,
  leasedTo,
  message,
  observed,
  placed,
  shelfSet,
  told,
} from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

/** SE sells on lease, of which an amendment may sell more or give something back. */
const authority = stageAuthority(leasedTo('SE').map((one) => ({ ...one, margin: '0' })));

beforeEach(() => authority.register('SE', 'compare-and-set'));

const stocked = (pieces: Record<string, number>, steps: [number, number] = [1, 2]) =>
  authority.stock(...Object.entries(pieces).map(([article, count]) => observed(article, count, steps)));
const one = (events: readonly Event[], type: string) =>
  events.find((event) => event.type === type)?.data as never;
const agrees = async () => expect(await verify(authority.source)).toMatchObject({ agrees: true });
const answered = (
  type: 'accepted' | 'refused',
  number: string,
  revision: number,
  steps: [number, number],
) => {
  const ref = { number, channel: 'SE', revision };
  return type === 'refused'
    ? message(OrderRefused, { ...ref, reason: 'too-late' })
    : message(OrderAccepted, { ...ref, sent: steps[0], accepted: steps[1], lines: [] });
};
/** What the authority has heard that the shop has sold, and may still sell without asking. */
async function account(article: string) {
  const [row] = await authority.query<{ sold: string; allowance: string }>(
    `SELECT sold::text, allowance::text FROM leases JOIN articles ON id = article_id
     WHERE channel = 'SE' AND number = $1`,
    [article],
  );
  return { sold: Number(row?.sold) / 1000, left: (Number(row?.allowance) - Number(row?.sold)) / 1000 };
}
async function shows(article: string, allowance: string): Promise<void> {
  await authority.shelves(shelfSet('SE', article, authority.level(article).version, allowance));
}

describe('what a shop has sold by an amendment', () => {
  beforeEach(async () => {
    await stocked({ A: 5 });
    await shows('A', '5');
    await authority.orders(placed('1-SE', 'A:1'));
  });

  it('is taken from what it may sell, which it has then for this order', async () => {
    await authority.orders(placed('2-ERP', 'A:9'));
    expect(told(await authority.orders(amended('1-SE', 'A:4')))).toEqual(['order.reserved 1-SE']);
    expect(await account('A')).toEqual({ sold: 4, left: 1 });
    await agrees();
  });

  it('is sold all the same where the amendment is refused, until the shop takes it off again', async () => {
    const refused = await authority.orders(amended('1-SE', 'A:8'));
    expect(told(refused)).toEqual(['order.amendment-refused 1-SE']);
    expect(await account('A')).toEqual({ sold: 8, left: -3 });
    // From the level of this moment on its shop shows nothing less for it.
    expect(one(refused, 'order.amendment-refused')).toMatchObject({
      counted: [{ article: 'A', version: authority.level('A').version }],
    });
    await agrees();
    expect(told(await authority.orders(amended('1-SE', 'A:1', 3)))).toEqual(['order.reserved 1-SE']);
    expect(await account('A')).toEqual({ sold: 1, left: 4 });
    await agrees();
  });

  it('is taken back whole by the cancel after an amendment that was refused', async () => {
    await authority.orders(amended('1-SE', 'A:8'), cancelRequested('1-SE', 3));
    expect(await account('A')).toEqual({ sold: 0, left: 5 });
    await agrees();
  });

  it('is sold also where its order is none any more, and the cancel takes all of it back', async () => {
    await authority.orders(placed('2-SE', 'A:9'));
    await authority.byHand(rejectByHand, '2-SE');
    const events = await authority.orders(amended('2-SE', 'A:3'));
    expect(one(events, 'order.amendment-refused')).toMatchObject({ reason: 'ended' });
    expect((await account('A')).sold).toBe(1 + 3);
    await agrees();
    await authority.orders(cancelRequested('2-SE', 3));
    expect((await account('A')).sold).toBe(1);
    await agrees();
  });

  it('is sold no more once it is taken off, whatever the warehouse says to that', async () => {
    await authority.orders(amended('1-SE', 'A:3'));
    await authority.answers(answered('accepted', '1-SE', 2, [3, 4]));
    await authority.orders(amended('1-SE', 'A:1', 3));
    await authority.answers(answered('refused', '1-SE', 3, [5, 6]));
    expect((await account('A')).sold).toBe(1);
    await agrees();
    await authority.orders(cancelRequested('1-SE', 4));
    expect((await account('A')).sold).toBe(0);
    await agrees();
  });
});

describe('an amendment of an amended order', () => {
  it('wants a dropped article again, and gets it only where it is there', async () => {
    await stocked({ A: 5, B: 2 });
    await authority.orders(placed('1-SE', 'A:1 B:2'));
    await authority.orders(amended('1-SE', 'A:1'));
    await authority.answers(answered('accepted', '1-SE', 2, [3, 4]));
    await stocked({ A: 4, B: 2 }, [5, 6]);
    await authority.orders(placed('2-ERP', 'B:2'));
    const again = await authority.orders(amended('1-SE', 'A:1 B:2', 3));
    expect(told(again)).toEqual(['order.amendment-refused 1-SE']);
    await agrees();
  });

  it('counts an article that was dropped before neither as sold nor as given back', async () => {
    await stocked({ A: 5, B: 2 });
    await authority.orders(placed('1-SE', 'A:1 B:2'));
    await authority.orders(amended('1-SE', 'A:1'), amended('1-SE', 'A:2', 3));
    expect(await account('B')).toMatchObject({ sold: 0 });
    expect(await account('A')).toMatchObject({ sold: 2 });
    await authority.orders(cancelRequested('1-SE', 4));
    expect(await account('B')).toMatchObject({ sold: 0 });
    await agrees();
  });

  it('is decided anew where the warehouse has refused the same raise before', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:1'));
    await authority.answers(answered('accepted', '1-SE', 1, [3, 4]));
    await authority.orders(amended('1-SE', 'A:4'));
    await authority.answers(answered('refused', '1-SE', 2, [5, 6]));
    await stocked({ A: 4 }, [7, 8]);
    // What the refusal has freed is sold to somebody else.
    await authority.orders(placed('2-ERP', 'A:4'));
    const again = await authority.orders(amended('1-SE', 'A:4', 3));
    expect(told(again)).toEqual(['order.amendment-refused 1-SE']);
    await agrees();
  });
});
