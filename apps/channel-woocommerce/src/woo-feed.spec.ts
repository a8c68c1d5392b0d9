import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderPage, ShopArticle } from '@samlast/channel-kit';
import { adapterOf } from './testing/adapter.ts';
import { WooFarSide } from './testing/woo-far-side.ts';

describe('what a WooCommerce shop lists', () => {
  let far: WooFarSide;

  beforeAll(async () => {
    far = await WooFarSide.start({ knobs: { listDelayMs: 0 } });
  });

  afterAll(() => far.stop());

  async function pagesSince(changedAt: string, between?: (page: OrderPage) => void): Promise<string[]> {
    const ids: string[] = [];
    for await (const page of adapterOf(far).changedOrders({ changedAt, id: '' })) {
      ids.push(...page.orders.map((order) => order.id));
      between?.(page);
    }
    return ids;
  }

  it('has every order of one second, though it has many more than a page', async () => {
    const article = await far.newArticle(1000);
    const since = new Date().toISOString();
    const sold = [];
    for (let count = 0; count < 150; count++) sold.push((await far.buy(article, 1))?.id);
    expect(new Set(await pagesSince(since))).toEqual(new Set(sold));
  });

  it('loses no order when others move to another page', async () => {
    const article = await far.newArticle(1000);
    const since = new Date().toISOString();
    const sold: string[] = [];
    for (let count = 0; count < 20; count++) sold.push((await far.buy(article, 1))?.id ?? '');
    let first = true;
    const read = await pagesSince(since, () => {
      if (first) for (const id of sold.slice(0, 3)) void far.touch(id);
      first = false;
    });
    expect(sold.filter((id) => !read.includes(id))).toEqual([]);
  });

  it('has what was thrown into the trash, as a cancel', async () => {
    const since = new Date().toISOString();
    const order = await far.buy(await far.newArticle(1), 1);
    far.fake.shop.orders.trash(far.find(order?.id ?? ''));
    expect(await pagesSince(since)).toContain(order?.id);
    expect(await adapterOf(far).order(order?.id ?? '')).toMatchObject({ state: 'cancelled' });
  });

  it('has no order that it does not have', async () => {
    expect(await adapterOf(far).order('1')).toBeUndefined();
  });

  it('has products and variations as articles, services told apart, and groups left out', async () => {
    const { products } = far.fake.shop;
    const parent = products.add({ type: 'variable', sku: 'PARENT', name: 'Tee', stock: null });
    const variation = products.add({ sku: 'TEE-M', parentId: parent.id, uniqueId: '4006381333931' });
    products.add({ sku: 'CARD', name: 'Gift card', virtual: true, stock: null });
    products.add({ sku: 'SET', type: 'grouped', stock: null });
    products.add({ sku: 'DRAFT', status: 'draft' });
    const articles: ShopArticle[] = [];
    for await (const page of adapterOf(far).articles?.() ?? []) articles.push(...page);
    const of = (number: string) => articles.find(({ article }) => article.number === number);
    expect(of('TEE-M')).toMatchObject({
      id: String(variation.id),
      listed: true,
      article: { barcode: '4006381333931', stocked: true },
    });
    expect(of('CARD')).toMatchObject({ article: { name: 'Gift card', stocked: false } });
    expect(of('DRAFT')).toMatchObject({ listed: false });
    expect([of('SET'), of('PARENT')]).toEqual([undefined, undefined]);
  });
});

describe('stock that cannot be written', () => {
  it.each(['rest', 'plugin'])('is refused by %s with what to do', async (way) => {
    const far = await WooFarSide.start({ stockEndpoint: true }, { WOOCOMMERCE_STOCK: way });
    const { products } = far.fake.shop;
    products.add({ sku: 'UNCOUNTED', stock: null });
    products.add({ sku: 'TWICE', stock: 1 });
    products.add({ sku: 'TWICE', stock: 1 });
    products.add({ sku: 'WITH, COMMA', stock: 1 });
    const { shelf } = adapterOf(far);
    const articles = ['UNCOUNTED', 'TWICE', 'WITH, COMMA', 'with, comma', 'NONE'];
    const read = await shelf?.read(articles);
    expect([...(read?.keys() ?? [])].toSorted()).toEqual(['TWICE', 'UNCOUNTED', 'WITH, COMMA']);
    const writes = articles.map((article) => ({ article, writeId: 'w', from: '1', to: '4' }));
    const answers = await shelf?.write(writes);
    const of = (article: string) => answers?.find((one) => one.article === article);
    expect(of('UNCOUNTED')).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('Track stock'),
    });
    expect(of('TWICE')).toMatchObject({ outcome: 'refused', text: expect.stringContaining('of their own') });
    expect(of('WITH, COMMA')).toMatchObject({ outcome: 'set' });
    expect(of('NONE')).toMatchObject({ outcome: 'unknown-article' });
    expect(products.bySku('WITH, COMMA')[0]?.stock).toBe(4);
    await far.stop();
  });

  it('waits for the plugin where it is not there, and says so', async () => {
    const far = await WooFarSide.start();
    await expect(adapterOf(far).shelf?.read(['A'])).rejects.toThrow(
      /Install and activate plugins\/woocommerce/,
    );
    await far.stop();
  });
});
