import { beforeEach, expect, it } from '@jest/globals';
import { ShelfSet } from '@samlast/contracts';
import { leasedTo, message, observed, shelfSet } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';

const authority = stageAuthority(leasedTo('SE'));

beforeEach(async () => {
  await authority.register('SE', 'compare-and-set');
  await authority.stock(observed('A', 10, [1, 2]));
  await authority.stock(observed('A', 12, [3, 4]));
  await authority.shelves(shelfSet('SE', 'A', 2, '12'));
});

const lease = async () =>
  (await authority.query('SELECT allowance, confirmed FROM leases WHERE channel = $1', ['SE']))[0];
const asItWas = { allowance: '12000', confirmed: '2' };

it.each([
  ['an older version', 1],
  ['a version that was never published', 99],
])('a confirmation of %s changes nothing', async (_, version) => {
  expect(await lease()).toEqual(asItWas);
  await authority.shelves(shelfSet('SE', 'A', version, '30'));
  expect(await lease()).toEqual(asItWas);
});

it('a confirmation of another warehouse is parked with a reason', async () => {
  const { data } = shelfSet('SE', 'A', 2, '30');
  await expect(authority.shelves(message(ShelfSet, { ...data, warehouse: 'STO' }))).rejects.toMatchObject({
    code: 'warehouse.other',
  });
  expect(await lease()).toEqual(asItWas);
});
