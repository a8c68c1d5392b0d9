import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderCancelRequested, PurchaseOrderPlaced } from '@samlast/contracts';
import type { InboundPage, ShopPurchase } from '../announce-inbound/inbound.ts';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import type { FeedPosition, OrderPage } from '../shop.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { feedReadTwice } from '../testing/play.ts';
import { CODE, Stage } from '../testing/stage.ts';

const HOUR_MS = 3_600_000;
const FAR = '2099-01-01T00:00:00.000Z';

const shifted = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
const isAfter = (one: string, other: string) => Date.parse(one) > Date.parse(other);

/** A shop whose clock is ahead, and jumped far away for a moment: while these orders were changed. */
class FarClockShop extends FakeShop {
  aheadMs = 0;
  readonly jumped = new Set<string>();
  readonly purchaseOrders: ShopPurchase[] = [];
  readonly purchases = {
    changed: (since: FeedPosition) => this.changedPurchases(since),
    tell: async () => {},
  };

  override async *changedOrders(since: FeedPosition): AsyncIterable<OrderPage> {
    const position = { changedAt: shifted(since.changedAt, -this.aheadMs), id: since.id };
    const far: OrderPage['orders'][number][] = [];
    for await (const { orders, readTo } of super.changedOrders(position)) {
      far.push(...orders.filter(({ id }) => this.jumped.has(id)));
      yield {
        orders: orders
          .filter(({ id }) => !this.jumped.has(id))
          .map((one) => ({ ...one, changedAt: shifted(one.changedAt, this.aheadMs) })),
        readTo: { ...readTo, changedAt: shifted(readTo.changedAt, this.aheadMs) },
      };
    }
    const orders = far.map((one) => ({ ...one, changedAt: FAR }));
    if (orders.length > 0) yield { orders, readTo: { changedAt: FAR, id: orders[0]?.id ?? '' } };
  }

  private async *changedPurchases(since: FeedPosition): AsyncIterable<InboundPage<ShopPurchase>> {
    const entries = this.purchaseOrders
      .filter(({ changedAt }) => isAfter(changedAt, since.changedAt))
      .toSorted((one, other) => (isAfter(one.changedAt, other.changedAt) ? 1 : -1));
    const last = entries.at(-1);
    yield { entries, readTo: last ? { changedAt: last.changedAt, id: last.id } : since };
  }
}

describe('a shop whose clock is wrong', () => {
  let shop: FarClockShop;
  let stage: Stage;
  beforeEach(async () => {
    shop = new FarClockShop({ method: 'compare-and-set', feedLagMs: 0 });
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

  const readTo = async () => (await stage.ops<{ changedAt: string }>('cursor')).changedAt;

  it('is read on after it was hours ahead, and has been set right', async () => {
    shop.aheadMs = 3 * HOUR_MS;
    await comesIn();
    await feedReadTwice(stage);
    expect(isAfter(new Date().toISOString(), await readTo())).toBe(true);
    shop.aheadMs = 0;
    await comesIn();
  });

  it('is read on after one order of another century, which can still be cancelled', async () => {
    const article = await shop.newArticle(1);
    const far = await shop.buy(article, 1);
    shop.jumped.add(far?.id ?? '');
    await stage.placed(`${far?.number}-${CODE}`);
    await feedReadTwice(stage);
    await comesIn();
    shop.jumped.clear();
    await shop.cancel(far?.id ?? '');
    await stage.until(() => stage.peer.heard(OrderCancelRequested, `${far?.number}-${CODE}`)[0]);
  });

  it('goes on with a cursor that had been led away before', async () => {
    await comesIn();
    const led = { changedAt: FAR, author: 'the suite', reason: 'as older versions left it' };
    await stage.ops('cursor', { method: 'PUT', body: led });
    await comesIn();
    await feedReadTwice(stage);
    expect(isAfter(new Date().toISOString(), await readTo())).toBe(true);
  });

  it('goes on with its purchase orders too', async () => {
    const order = (id: string, changedAt: string): ShopPurchase => ({
      id,
      number: `PO-${id}`,
      placedAt: new Date().toISOString(),
      changedAt,
      state: 'placed',
      lines: [{ id: '1', article: 'TEE', quantity: '20' }],
    });
    const heard = (id: string) =>
      stage.until(() => stage.peer.heard(PurchaseOrderPlaced, `PO-${id}-${CODE}`)[0]);
    shop.purchaseOrders.push(order('1', FAR));
    await heard('1');
    shop.purchaseOrders.push(order('2', new Date().toISOString()));
    await heard('2');
  });
});
