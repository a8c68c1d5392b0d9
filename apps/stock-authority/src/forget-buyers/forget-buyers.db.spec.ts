import { expect, it } from '@jest/globals';
import type { Log } from '@samlast/service';
import { releaseByHand } from '../operate-orders/by-hand.ts';
import { cancelRequested, observed, placed, told } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';
import { ForgetBuyers } from './forget-buyers.ts';

const authority = stageAuthority();

const forget = () => new ForgetBuyers(authority.source, undefined as unknown as Log).forget();
const known = async () => {
  const rows = await authority.query<{ number: string; known: boolean }>(
    'SELECT number, body IS NOT NULL AS known FROM orders ORDER BY id',
  );
  return Object.fromEntries(rows.map(({ number, known }) => [number, known]));
};
const age = (days: number) =>
  authority.query('UPDATE orders SET changed_at = changed_at - make_interval(days => $1)', [days]);

it('an address is forgotten 35 days after its order went on or ended, and kept while it may still be sent', async () => {
  await authority.stock(observed('A', 3, [1, 2]));
  await authority.orders(placed('1-SE', 'A:2'), placed('2-SE', 'A:9'), placed('3-EU', 'A:9'));
  await authority.orders(placed('4-SE', 'A:9'), cancelRequested('4-SE'));
  await age(34);
  expect(await forget()).toBe(0);
  await age(2);
  expect(await forget()).toBe(3);
  expect(await known()).toEqual({ '1-SE': false, '2-SE': true, '3-EU': false, '4-SE': false });
  expect(await forget()).toBe(0);
  expect(await verify(authority.source)).toMatchObject({ agrees: true });
});

it('an order that was forgotten is still known, and can be cancelled', async () => {
  await authority.stock(observed('A', 3, [1, 2]));
  await authority.orders(placed('1-SE', 'A:2'), placed('2-SE', 'A:9'));
  await age(36);
  await forget();
  expect(await authority.orders(placed('1-SE', 'A:2'))).toEqual([]);
  await expect(authority.orders(placed('1-SE', 'A:3'))).rejects.toMatchObject({ code: 'order.differs' });
  expect(told(await authority.orders(cancelRequested('1-SE')))).toEqual(['order.cancel-forwarded 1-SE']);
  expect(told(await authority.byHand(releaseByHand, '2-SE'))).toContain('order.reserved 2-SE');
});
