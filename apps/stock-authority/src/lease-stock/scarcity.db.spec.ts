import { beforeEach, expect, it } from '@jest/globals';
import { ArticlePublished, type DataOf, ShelfSet, type StockLevelChanged } from '@samlast/contracts';
import { FollowKits } from '../follow-kits/follow-kits.handler.ts';
import { leasedTo, message, observed, placed, shelfSet } from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from '../verify/verify.ts';

/** Two sell on lease, so that an article is scarce below twenty pieces, and plenty again from forty on. */
const list = leasedTo('SE', 'ERP').map((one) => ({
  ...one,
  margin: '0',
  articleMaster: one.code === 'ERP',
}));
const authority = stageAuthority(list);

let step = 0;
async function read(pieces: number): Promise<void> {
  step += 2;
  await authority.stock(observed('A', pieces, [step, step + 1]));
}

beforeEach(async () => {
  step = 0;
  for (const code of ['SE', 'ERP']) await authority.register(code, 'compare-and-set');
});

const newest = () =>
  authority.published.findLast((event) => event.type === 'stock.level-changed')?.data as DataOf<
    typeof StockLevelChanged
  >;
const modes = () => Object.values(newest().channels).map(({ mode }) => mode);
const shown = () => Object.values(authority.level('A').shops).map(Number);
async function confirm(code: string, sold = 0): Promise<void> {
  const { version, shops } = authority.level('A');
  const shelf = shops[code] ?? '0';
  const { data } = shelfSet(code, 'A', version, String(Number(shelf) + sold));
  await authority.shelves(message(ShelfSet, { ...data, shelf }));
}

it('plenty is shown to all in full, and becomes leased by lowering first', async () => {
  await read(100);
  expect(shown()).toEqual([100, 100, 100]);
  expect(modes()).toEqual(['shared', 'shared', 'shared']);
  for (const code of ['SE', 'ERP']) await confirm(code);
  await read(18);
  expect(modes()).toEqual(['lease', 'shared', 'lease']);
  // What they still can sell is promised to nobody until they have confirmed less.
  expect(authority.level('A').shops).toEqual({ SE: '6', EU: '18', ERP: '6' });
  await confirm('SE');
  expect(authority.level('A').shops).toEqual({ SE: '6', EU: '12', ERP: '6' });
  await confirm('ERP');
  expect(authority.level('A').shops).toEqual({ SE: '6', EU: '6', ERP: '6' });
  expect(await verify(authority.source)).toMatchObject({ agrees: true });
});

it('scarce stays divided until there is twice as much, and is shown to all then', async () => {
  await read(18);
  for (const code of ['SE', 'ERP']) await confirm(code);
  await read(30);
  expect(modes()).toContain('lease');
  await read(41);
  expect(modes()).toEqual(['shared', 'shared', 'shared']);
  for (const code of ['SE', 'ERP', 'SE']) await confirm(code);
  expect(shown()).toEqual([41, 41, 41]);
});

it('pieces go to the one that sells, as its orders show, also those that lie unsold with another', async () => {
  await read(9);
  for (const code of ['SE', 'ERP']) await confirm(code);
  expect(authority.level('A').shops).toEqual({ SE: '3', EU: '3', ERP: '3' });
  const soldBySe = async (order: string, pieces: number, sold: number) => {
    await authority.orders(placed(order, `A:${pieces}`));
    for (const [code, all] of [
      ['ERP', 0],
      ['SE', sold],
    ] as const)
      await confirm(code, all);
    return authority.level('A').shops;
  };
  expect(await soldBySe('1-SE', 3, 3)).toEqual({ SE: '3', EU: '0', ERP: '3' });
  await read(15);
  // Of twelve that are free. Sold as briskly as the others it would have four.
  expect(authority.level('A').shops).toEqual({ SE: '8', EU: '1', ERP: '3' });
  await confirm('SE', 3);
  // Four are free, of which three lay with the ERP.
  expect(await soldBySe('2-SE', 8, 11)).toEqual({ SE: '4', EU: '0', ERP: '0' });
  expect(await verify(authority.source)).toMatchObject({ agrees: true });
});

it('what becomes a kit is divided no more', async () => {
  await read(9);
  expect(modes()).toContain('lease');
  const article = { number: 'A', parts: [{ article: 'B', quantity: '1' }] };
  const published = [message(ArticlePublished, { channel: 'ERP', article })];
  await authority.run((tx) => new FollowKits(authority.terms, list).onArticles(published as never, tx));
  expect(modes()).toEqual(['shared', 'shared', 'shared']);
  expect(await verify(authority.source)).toMatchObject({ agrees: true });
});

it('an order that another channel takes in a scarce article leaves each shop what it was promised', async () => {
  await read(9);
  for (const code of ['SE', 'ERP']) await confirm(code);
  const before = authority.level('A').shops;
  await authority.orders(placed('1-EU', 'A:9'));
  expect(await authority.states()).toEqual({ '1-EU': 'rejected' });
  await authority.orders(placed('2-SE', `A:${before.SE}`));
  expect(await authority.states()).toMatchObject({ '2-SE': 'reserved' });
});
