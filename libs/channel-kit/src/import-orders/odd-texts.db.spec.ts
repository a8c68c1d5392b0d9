import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArticlePublished, OrderCancelRequested, PurchaseOrderCancelRequested } from '@samlast/contracts';
import type { InboundPage, ShopPurchase } from '../announce-inbound/inbound.ts';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import type { FeedPosition, OrderPage, ReadOrder, ShopArticle, ShopOrder } from '../shop.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { CODE, Stage } from '../testing/stage.ts';

const CAKE = '\u{1f382}';
const NUL = '\u0000';
const HALF = '\ud83d';

type Odd = (order: ShopOrder) => ReadOrder;

/** A shop in which people, and extensions, have written what Postgres cannot store or what is no text at all. */
class OddShop extends FakeShop {
  readonly odd = new Map<string, Odd>();
  readonly purchaseOrders: ShopPurchase[] = [];
  readonly listed: ShopArticle[] = [];
  readonly purchases = {
    changed: (_since: FeedPosition) => this.changedPurchases(),
    tell: async () => {},
  };

  override async *changedOrders(since: FeedPosition): AsyncIterable<OrderPage> {
    for await (const { orders, readTo } of super.changedOrders(since)) {
      yield {
        orders: orders.map((one) => this.odd.get(one.id)?.(one as ShopOrder) ?? one),
        readTo,
      };
    }
  }

  async *articles(): AsyncIterable<ShopArticle[]> {
    yield this.listed;
  }

  private async *changedPurchases(): AsyncIterable<InboundPage<ShopPurchase>> {
    yield { entries: this.purchaseOrders, readTo: { changedAt: new Date().toISOString(), id: '' } };
  }
}

interface Listed {
  readonly id: string;
  readonly reason: string;
}

describe('a shop with texts that nobody can store', () => {
  let shop: OddShop;
  let stage: Stage;
  beforeEach(async () => {
    shop = new OddShop({ method: 'compare-and-set', feedLagMs: 0 });
    const definition = defineChannel({
      kind: 'fake',
      config: defineChannelConfig({}),
      identity: () => 'https://shop.example',
      shop: () => shop,
    });
    stage = await Stage.start(definition, {});
  });
  afterEach(() => stage?.stop());

  async function comesIn(): Promise<{ id: string; number: string }> {
    const sale = await shop.buy(await shop.newArticle(1), 1);
    const number = `${sale?.number}-${CODE}`;
    await stage.placed(number);
    return { id: sale?.id ?? '', number };
  }

  it.each([
    ['an emoji across its last character', 'x'.repeat(499) + CAKE, 'x'.repeat(499)],
    ['a NUL', `broken${NUL} on arrival`, 'broken on arrival'],
    ['half of a character', `broken ${HALF}on arrival`, 'broken on arrival'],
  ])('tells a cancel whose reason has %s, and reads on', async (_what, cancelReason, told) => {
    const { id, number } = await comesIn();
    shop.odd.set(id, (order) => ({ ...order, cancelReason }));
    await shop.cancel(id);
    const heard = await stage.until(() => stage.peer.heard(OrderCancelRequested, number)[0]);
    expect(heard.reason).toBe(told);
    await comesIn();
  });

  it.each<[string, Odd]>([
    ['a number with a NUL', (order) => ({ ...order, number: `51${NUL}78` })],
    [
      'an article with a NUL',
      (order) => ({ ...order, lines: order.lines.map((line) => ({ ...line, article: `MUG${NUL}` })) }),
    ],
    [
      'a line whose id has half of a character',
      (order) => ({ ...order, lines: order.lines.map((line) => ({ ...line, id: `1${HALF}` })) }),
    ],
    ['a claim with a NUL', (order) => ({ ...order, claimKey: `cart${NUL}` })],
    [
      'a fault in whose words is half of a character',
      ({ id, number, changedAt }) => ({ id, number, changedAt, unreadable: `Line '${HALF}' has no SKU.` }),
    ],
    ['a time of change in another era', (order) => ({ ...order, changedAt: '+012000-01-01T00:00:00.000Z' })],
    ['a shape that no adapter should give', (order) => ({ ...order, lines: null as never })],
  ])('sets aside an order that has %s, with a reason, and reads on', async (_what, odd) => {
    const sale = await shop.buy(await shop.newArticle(1), 1);
    shop.odd.set(sale?.id ?? '', odd);
    await comesIn();
    const listed = await stage.ops<Listed[]>('unreadable-orders');
    expect(listed).toEqual([expect.objectContaining({ id: sale?.id, reason: expect.stringMatching(/\w/) })]);
  });

  it('tells the cancel of a purchase order whose reason is odd, sets an odd one aside, and reads on', async () => {
    const order = (id: string, change: Partial<ShopPurchase> = {}): ShopPurchase => ({
      id,
      number: `PO-${id}`,
      placedAt: new Date().toISOString(),
      changedAt: new Date().toISOString(),
      state: 'placed',
      lines: [{ id: '1', article: 'TEE', quantity: '20' }],
      ...change,
    });
    shop.purchaseOrders.push(order('1'));
    const list = () => stage.ops<Listed[]>('inbound/attention');
    shop.purchaseOrders.push(order('2', { number: `PO${NUL}` }));
    const [aside] = await stage.until(async () => ((found) => found.length > 0 && found)(await list()));
    expect(aside?.id).toBe('2');
    const cancelReason = 'x'.repeat(499) + CAKE + NUL;
    shop.purchaseOrders[0] = order('1', { state: 'cancelled', cancelReason });
    const heard = () => stage.peer.heard(PurchaseOrderCancelRequested, `PO-1-${CODE}`)[0];
    expect((await stage.until(heard)).reason).toBe('x'.repeat(499));
  });

  it('sets aside an article whose number is odd, and reads on', async () => {
    shop.listed.push({ id: 'a-1', article: { number: `MUG${NUL}` } });
    shop.listed.push({ id: 'a-2', article: { number: 'TEE' } });
    await stage.until(() => stage.peer.heard(ArticlePublished, 'TEE')[0]);
    const refused = await stage.ops<{ article: string }[]>('refused-articles');
    expect(refused).toEqual([expect.objectContaining({ article: 'MUG', reason: 'unreadable' })]);
  });
});
