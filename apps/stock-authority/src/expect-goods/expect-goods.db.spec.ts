import { describe, expect, it } from '@jest/globals';
import { type DataOf, type Event, OrderShort } from '@samlast/contracts';
import {
  amended,
  cancelRequested,
  expected,
  observed,
  otherPolicies,
  placed,
  told,
} from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const authority = stageAuthority(otherPolicies);

const DAY_MS = 86_400_000;
/** So many days from today, by the clock that the database has too. */
const day = (from: number) => new Date(Date.now() + from * DAY_MS).toISOString().slice(0, 10);
const [soon, later] = [day(3), day(10)];

let step = 0;
const stocked = (pieces: number, incoming?: number) => {
  step += 2;
  const rest = incoming === undefined ? {} : { incoming: String(incoming) };
  return authority.stock(observed('A', pieces, [step, step + 1], rest));
};
const shorts = (events: readonly Event[]) =>
  events
    .filter((event) => event.type === OrderShort.type)
    .map(({ data }) => {
      const { number, outcome, expectedOn, expectedBefore } = data as DataOf<typeof OrderShort>;
      return [number, outcome, expectedOn, expectedBefore].filter(Boolean).join(' ');
    });
const agrees = async () => expect(await verify(authority.source)).toMatchObject({ agrees: true });

describe('an order that may wait for what purchase orders announce', () => {
  it('is taken on up to what is announced and not yet wanted, and told the day', async () => {
    await stocked(1);
    await authority.expected(expected('A', `3 on ${soon}`, `4 on ${later}`));
    const events = await authority.orders(
      placed('1-PO', 'A:4'),
      placed('2-PO', 'A:3'),
      placed('3-PO', 'A:2'),
      placed('4-PO', 'A:1'),
    );
    expect(shorts(events)).toEqual([
      `1-PO backordered ${soon}`,
      `2-PO backordered ${later}`,
      '3-PO held',
      '4-PO held',
    ]);
    await agrees();
  });

  it('is for a person where nothing is announced, or only what is late by now', async () => {
    await stocked(0);
    await authority.expected(expected('A', `9 on ${day(-1)}`));
    expect(shorts(await authority.orders(placed('1-PO', 'A:1')))).toEqual(['1-PO held']);
  });

  it('has no day where the purchase order names none', async () => {
    await stocked(0);
    await authority.expected(expected('A', '9'));
    expect(shorts(await authority.orders(placed('1-PO', 'A:1')))).toEqual(['1-PO backordered']);
  });

  it('is taken on from the held ones as soon as more is announced, within the cap', async () => {
    await stocked(0);
    await authority.orders(placed('1-PO', 'A:5'), placed('2-PO', 'A:4'));
    expect(shorts(await authority.expected(expected('A', `20 on ${soon}`)))).toEqual([
      `1-PO backordered ${soon}`,
    ]);
    expect(await authority.states()).toEqual({ '1-PO': 'backordered', '2-PO': 'held' });
    await agrees();
  });

  it('gets what arrives in its turn, also when it comes in parts', async () => {
    await stocked(0, 5);
    await authority.expected(expected('A', `5 on ${soon}`));
    await authority.orders(placed('1-PO', 'A:2'), placed('2-PO', 'A:3'));
    expect(told(await stocked(1, 4))).toEqual([]);
    expect(told(await stocked(2, 3))).toEqual(['order.reserved 1-PO']);
    expect(told(await authority.expected(expected('A', `3 on ${soon}`)))).toEqual([]);
    expect(told(await authority.renewDays())).toEqual([]);
    expect(told(await stocked(5, 0))).toEqual(['order.reserved 2-PO']);
    await agrees();
  });

  it('is not told that nothing comes while what has come is off its purchase order and not yet in stock', async () => {
    await stocked(0, 5);
    await authority.expected(expected('A', `5 on ${soon}`));
    await authority.orders(placed('1-PO', 'A:5'));
    expect(told(await authority.expected(expected('A')))).toEqual([]);
    expect(await authority.states()).toEqual({ '1-PO': 'backordered' });
    expect(told(await stocked(5, 0))).toEqual(['order.reserved 1-PO']);
    expect(told(await authority.renewDays())).toEqual([]);
  });

  it('counts no piece twice that is in stock and still on its purchase order', async () => {
    await stocked(0, 5);
    await authority.expected(expected('A', `5 on ${soon}`));
    await stocked(5, 0);
    expect(shorts(await authority.orders(placed('1-PO', 'A:6')))).toEqual(['1-PO held']);
  });

  it('is named when its purchase order is lowered, moved, late or gone, stays in its place, and hears of better days', async () => {
    await stocked(0);
    await authority.expected(expected('A', `5 on ${soon}`));
    await authority.orders(placed('1-PO', 'A:2'), placed('2-PO', 'A:3'));
    const turn = async (...days: string[]) => {
      await authority.expected(expected('A', ...days));
      return shorts(await authority.renewDays());
    };
    expect(await turn(`4 on ${soon}`)).toEqual([`2-PO backordered ${soon}`]);
    expect(await turn(`5 on ${later}`)).toEqual([
      `1-PO backordered ${later} ${soon}`,
      `2-PO backordered ${later}`,
    ]);
    expect(await turn(`5 on ${day(-1)}`)).toEqual([`1-PO backordered ${later}`, `2-PO backordered ${later}`]);
    expect(await turn()).toEqual([]);
    expect(await authority.states()).toEqual({ '1-PO': 'backordered', '2-PO': 'backordered' });
    expect(shorts(await authority.orders(placed('3-PO', 'A:1')))).toEqual(['3-PO held']);
    expect(await turn(`2 on ${soon}`)).toEqual([`1-PO backordered ${soon}`]);
    await agrees();
  });

  it('is looked at again when the day is over on which its pieces should have come', async () => {
    await stocked(0);
    await authority.expected(expected('A', `5 on ${soon}`, `5 on ${later}`));
    await authority.renewDays();
    const [row] = await authority.query<{ look_at: Date }>('SELECT look_at FROM expectations');
    expect(row?.look_at.toISOString()).toBe(`${day(4)}T00:00:00.000Z`);
    await authority.orders(placed('1-PO', 'A:5'));
    await authority.query(
      `UPDATE expectations SET look_at = now(), announced = jsonb_set(announced, '{0,on}', to_jsonb($1::text))`,
      [day(-1)],
    );
    expect(shorts(await authority.renewDays())).toEqual([`1-PO backordered ${later} ${soon}`]);
  });

  it('that is changed in its shop is asked again whether it is announced', async () => {
    await stocked(0);
    await authority.expected(expected('A', `3 on ${soon}`));
    await authority.orders(placed('1-PO', 'A:2'));
    await authority.orders(amended('1-PO', 'A:4'));
    expect(await authority.states()).toEqual({ '1-PO': 'held' });
    await authority.orders(amended('1-PO', 'A:3', 3));
    expect(await authority.states()).toEqual({ '1-PO': 'backordered' });
    await authority.orders(cancelRequested('1-PO', 4));
    expect(shorts(await authority.orders(placed('2-PO', 'A:3')))).toEqual([`2-PO backordered ${soon}`]);
    await agrees();
  });

  it('of several articles is told the day of the last one', async () => {
    await authority.stock(observed('B', 0, [1, 2]));
    await stocked(0);
    await authority.expected(expected('A', `3 on ${soon}`), expected('B', `3 on ${later}`));
    const events = await authority.orders(placed('1-PO', 'A:1 B:1'));
    expect(shorts(events)).toEqual([`1-PO backordered ${later}`]);
    expect(events.find(({ type }) => type === OrderShort.type)?.data).toMatchObject({
      shortages: [
        { article: 'A', expectedOn: soon },
        { article: 'B', expectedOn: later },
      ],
    });
  });
});

describe('a level', () => {
  it('has nothing of what is expected in it', async () => {
    await stocked(2);
    const before = authority.level('A');
    expect(await authority.expected(expected('A', `9 on ${soon}`))).toEqual([]);
    expect(authority.level('A')).toEqual(before);
  });
});
