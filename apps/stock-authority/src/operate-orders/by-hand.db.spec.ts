import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderRefused } from '@samlast/contracts';
import { message, observed, orderOf, placed, told } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { rejectByHand, releaseByHand } from './by-hand.ts';

const authority = stageAuthority();
beforeEach(async () => {
  await authority.stock(observed('A', 3, [1, 2]));
});

describe('a person', () => {
  it('releases a held order whole, whatever is free, and its pieces count from the next level on', async () => {
    await authority.orders(placed('1-SE', 'A:5'));
    const events = await authority.byHand(releaseByHand, '1-SE');
    expect(events[0]).toMatchObject({
      type: 'order.reserved',
      data: { order: orderOf('1-SE', 'A:5'), counted: [{ article: 'A', version: 3 }] },
    });
    expect(authority.level('A')).toMatchObject({ version: 3, free: '-2', shops: { SE: '0' } });
  });

  it('rejects a held order, whose pieces go to the next in the queue', async () => {
    await authority.orders(placed('1-SE', 'A:5'), placed('2-SE', 'A:3'));
    const events = await authority.byHand(rejectByHand, '1-SE');
    expect(told(events)).toEqual(['order.rejected 1-SE', 'order.released 1-SE', 'order.reserved 2-SE']);
    expect(events[0]?.data).toMatchObject({ by: 'Anna', reason: 'counted on the shelf' });
  });

  it('rejects an order that the warehouse refused, which gives its pieces back at once', async () => {
    await authority.orders(placed('1-SE', 'A:2'));
    await authority.answers(
      message(OrderRefused, { number: '1-SE', channel: 'SE', revision: 1, reason: 'wms' }),
    );
    expect(authority.level('A').free).toBe('1');
    expect(told(await authority.byHand(rejectByHand, '1-SE'))).toEqual([
      'order.rejected 1-SE',
      'order.released 1-SE',
    ]);
    expect(authority.level('A').free).toBe('3');
  });

  it.each([releaseByHand, rejectByHand])(
    'is told why an order that is on its way cannot be decided: %p',
    async (work) => {
      await authority.orders(placed('1-SE', 'A:2'));
      await expect(authority.byHand(work, '1-SE')).rejects.toMatchObject({ code: 'order.state' });
      await expect(authority.byHand(work, '9-SE')).rejects.toMatchObject({ code: 'order.unknown' });
    },
  );
});
