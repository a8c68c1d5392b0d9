import { describe, expect, it } from '@jest/globals';
import { type Event, OrderAccepted, OrderCancelled, OrderRefused } from '@samlast/contracts';
import {
  amended,
  cancelRequested,
  lineAccepted,
  message,
  observed,
  orderOf,
  placed,
  told,
} from '../testing/authority.ts';
import { rejectByHand } from '../operate-orders/by-hand.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

const authority = stageAuthority();

const stocked = (pieces: Record<string, number>, steps: [number, number] = [1, 2]) =>
  authority.stock(...Object.entries(pieces).map(([article, count]) => observed(article, count, steps)));
const one = (events: readonly Event[], type: string) =>
  events.find((event) => event.type === type)?.data as never;
const agrees = async () => expect(await verify(authority.source)).toMatchObject({ agrees: true });
const accepted = (number: string, wants: string, [sent, at]: [number, number], revision: number) => {
  const lines = wants.split(' ').map((text, row) => {
    const [article = '', quantity = ''] = text.split(':');
    return { row: String(row + 1), article, quantity };
  });
  return message(OrderAccepted, { number, channel: 'SE', revision, sent, accepted: at, lines });
};

describe('an order that is amended after it was promised', () => {
  it('takes only what it wants more, and goes to the warehouse whole under its revision', async () => {
    await stocked({ A: 3, B: 5 });
    await authority.orders(placed('1-SE', 'A:2'));
    const events = await authority.orders(amended('1-SE', 'A:3 B:1'));
    expect(told(events)).toEqual(['order.reserved 1-SE']);
    expect(one(events, 'order.reserved')).toMatchObject({
      revision: 2,
      order: orderOf('1-SE', 'A:3 B:1', 2),
    });
    expect(authority.level('A').free).toBe('0');
    expect(authority.level('B').free).toBe('4');
    await agrees();
  });

  it('touches no stock when only prices change', async () => {
    await stocked({ A: 2 });
    await authority.orders(placed('1-SE', 'A:2'));
    const order = orderOf('1-SE', 'A:2', 2);
    const priced = amended('1-SE', 'A:2');
    priced.data.lines = order.lines.map((line) => ({ ...line, picked: true, unitPrice: '9.50' }));
    const events = await authority.orders(priced);
    expect(one(events, 'order.reserved')).toMatchObject({ order: { lines: [{ unitPrice: '9.50' }] } });
    expect(authority.level('A')).toMatchObject({ free: '0', reserved: '2' });
    await agrees();
  });

  it('is refused as a whole where what it wants more is not there, and stays what it was', async () => {
    await stocked({ A: 3, B: 5 });
    await authority.orders(placed('1-SE', 'A:2 B:1'));
    const events = await authority.orders(amended('1-SE', 'A:4 B:4'));
    expect(told(events)).toEqual(['order.amendment-refused 1-SE']);
    expect(one(events, 'order.amendment-refused')).toMatchObject({
      revision: 2,
      reason: 'stock',
      shortages: [{ article: 'A', wanted: '2', missing: '1' }],
    });
    expect(authority.level('A').free).toBe('1');
    expect(authority.level('B').free).toBe('4');
    await agrees();
  });

  it('keeps lowered pieces until the warehouse has answered, and gives them back then', async () => {
    await stocked({ A: 5, B: 2 });
    await authority.orders(placed('1-SE', 'A:4 B:2'));
    await authority.stock(lineAccepted('1-SE', '4 A', [3, 4]), lineAccepted('1-SE', '2 B', [3, 4]));
    await authority.orders(amended('1-SE', 'A:1'));
    expect(authority.level('A').free).toBe('1');
    await authority.answers(accepted('1-SE', 'A:1', [5, 6], 2));
    // The warehouse says what it has left: four of A, both of B.
    await stocked({ A: 4, B: 2 }, [7, 8]);
    expect(authority.level('A').free).toBe('4');
    expect(authority.level('B').free).toBe('2');
    await agrees();
  });

  it('stands as it was accepted when the warehouse refuses the change', async () => {
    await stocked({ A: 5, B: 2 });
    await authority.orders(placed('1-SE', 'A:4 B:2'));
    await authority.answers(accepted('1-SE', 'A:4 B:2', [3, 4], 1));
    await authority.orders(amended('1-SE', 'A:1'));
    await authority.answers(
      message(OrderRefused, { number: '1-SE', channel: 'SE', revision: 2, reason: 'too-late' }),
    );
    await stocked({ A: 1, B: 0 }, [7, 8]);
    expect(authority.level('A').free).toBe('1');
    expect(authority.level('B').free).toBe('0');
    await agrees();
  });

  it('keeps no pieces of an older version when the warehouse refuses the order that took its place', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:3'));
    await authority.orders(amended('1-SE', 'A:2'));
    expect(authority.level('A').free).toBe('2');
    const refused = {
      number: '1-SE',
      channel: 'SE',
      revision: 2,
      reason: 'wms',
      text: 'no address',
    } as const;
    await authority.answers(message(OrderRefused, refused));
    expect(authority.level('A').free).toBe('3');
    await agrees();
  });

  it('keeps no pieces of a change that another one replaced before it was sent, and that was refused', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:1'));
    await authority.answers(accepted('1-SE', 'A:1', [3, 4], 1));
    await authority.orders(amended('1-SE', 'A:3'), amended('1-SE', 'A:2', 3));
    await authority.answers(
      message(OrderRefused, { number: '1-SE', channel: 'SE', revision: 3, reason: 'too-late' }),
    );
    await stocked({ A: 4 }, [7, 8]);
    expect(authority.level('A').free).toBe('4');
    await agrees();
  });

  it('is not brought back by an older revision, nor by the same one again', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:1'), amended('1-SE', 'A:3', 3));
    expect(told(await authority.orders(amended('1-SE', 'A:2', 2), amended('1-SE', 'A:3', 3)))).toEqual([]);
    expect(authority.level('A').free).toBe('2');
    await agrees();
  });

  it('is too late once the warehouse has cancelled it, although its shop has not', async () => {
    await stocked({ A: 3 });
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.answers(accepted('1-SE', 'A:2', [3, 4], 1));
    const ref = { number: '1-SE', channel: 'SE', revision: 1 };
    await authority.answers(message(OrderCancelled, { ...ref, sent: 5, accepted: 5, by: 'warehouse' }));
    await stocked({ A: 3 }, [6, 7]);
    const events = await authority.orders(placed('2-SE', 'A:3'), amended('1-SE', 'A:1'));
    expect(told(events)).toEqual(['order.reserved 2-SE', 'order.amendment-refused 1-SE']);
    expect(one(events, 'order.amendment-refused')).toMatchObject({ reason: 'ended' });
    expect(authority.level('A')).toMatchObject({ free: '0', reserved: '3' });
    await agrees();
  });

  it('is too late once it was rejected, although its shop has not cancelled it yet', async () => {
    await stocked({ A: 1 });
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.byHand(rejectByHand, '1-SE');
    const events = await authority.orders(amended('1-SE', 'A:1'));
    expect(one(events, 'order.amendment-refused')).toMatchObject({ reason: 'ended' });
    expect(authority.level('A')).toMatchObject({ free: '1', reserved: '0' });
    await agrees();
  });

  it('is too late once it is being cancelled', async () => {
    await stocked({ A: 5 });
    await authority.orders(placed('1-SE', 'A:1'), cancelRequested('1-SE'));
    const events = await authority.orders(amended('1-SE', 'A:2', 3));
    expect(one(events, 'order.amendment-refused')).toMatchObject({ revision: 3, reason: 'ended' });
    await agrees();
  });
});

describe('an order that is amended while it waits', () => {
  it('is decided anew in its old place', async () => {
    await stocked({ A: 2 });
    await authority.orders(placed('1-SE', 'A:3'), placed('2-SE', 'A:3'));
    expect(told(await authority.orders(amended('1-SE', 'A:2')))).toEqual(['order.reserved 1-SE']);
    await stocked({ A: 2 }, [3, 4]);
    expect(await authority.states()).toEqual({ '1-SE': 'reserved', '2-SE': 'held' });
    await agrees();
  });

  it('lets those behind it pass when it wants what is not there, and none of theirs', async () => {
    await stocked({ A: 2, B: 0 });
    await authority.orders(placed('1-SE', 'A:3'), placed('2-SE', 'A:2'));
    expect(told(await authority.orders(amended('1-SE', 'B:1')))).toEqual([
      'order.short 1-SE',
      'order.reserved 2-SE',
    ]);
    await agrees();
  });
});

it('an amendment of an order that was never placed is parked with a reason', async () => {
  await expect(authority.orders(amended('9-SE', 'A:1'))).rejects.toMatchObject({ code: 'order.unknown' });
});
