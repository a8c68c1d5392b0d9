import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type OrderRef, type Shipment, type Shop, ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import type { Order } from '@samlast/woocommerce-fake';
import { adapterOf } from './testing/adapter.ts';
import { WooFarSide } from './testing/woo-far-side.ts';

describe('a parcel that is told to the shop', () => {
  let far: WooFarSide;

  beforeEach(async () => {
    far = await WooFarSide.start({ trackingExtension: true, knobs: { listDelayMs: 0 } });
  });

  afterEach(() => far.stop());

  async function sold(...quantities: number[]) {
    const lines = [];
    for (const quantity of quantities) lines.push({ sku: await far.newArticle(quantity), quantity });
    const order = far.fake.shop.checkout.buy({ lines });
    if (!order) throw new Error('The shop refused the sale.');
    const ref: OrderRef = { id: String(order.id), shopNumber: order.number, number: `${order.number}-DE` };
    return { order, ref };
  }

  const parcel = (order: Order, id: string, quantity: number, line = 0): Shipment => ({
    parcel: id,
    lines: [{ id: String(order.lines[line]?.id), article: 'A', quantity: String(quantity) }],
    carrier: 'PostNord',
    trackingNumber: `TRACK-${id}`,
    trackingUrl: `https://example.test/${id}`,
    shippedAt: '2026-11-23T10:00:00Z',
  });

  /** Tells it until it has gone right, as the kit does. */
  async function tell(shop: Shop, ref: OrderRef, shipment: Shipment): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        await shop.fulfil?.(ref, shipment);
        return tries;
      } catch (error) {
        if (!(error instanceof ShopUnavailable) || tries > 9) throw error;
      }
    }
  }

  it('completes its order only when all is sent, and not for what nobody sends', async () => {
    const { order, ref } = await sold(3, 1);
    const service = order.lines[1]?.variationId || order.lines[1]?.productId || 0;
    const virtual = far.fake.shop.products.find(service);
    if (virtual) far.fake.shop.products.save(virtual, { virtual: true });
    const shop = adapterOf(far);
    await tell(shop, ref, parcel(order, 'p1', 1));
    expect(order.status).toBe('processing');
    expect(await shop.order(ref.id)).toMatchObject({ lines: [{ fulfilled: '1' }, { picked: false }] });
    await tell(shop, ref, parcel(order, 'p2', 2));
    expect(order.status).toBe('completed');
    expect((await far.order(ref.id)).fulfilments).toMatchObject([
      { trackingNumber: 'TRACK-p1', quantity: 1 },
      { trackingNumber: 'TRACK-p2', quantity: 2 },
    ]);
  });

  it.each(['notes', 'customer-notes', 'extension'])(
    'is told once by %s, whichever answer is lost',
    async (way) => {
      const { order, ref } = await sold(2);
      const shop = adapterOf(far, { WOOCOMMERCE_TRACKING: way });
      const told =
        way === 'extension' ? 'wc-shipment-tracking/v3/orders/#/shipment-trackings' : 'wc/v3/orders/#/notes';
      for (const on of [`POST ${told}`, 'PUT wc/v3/orders/#'])
        far.fake.shop.faults.arm({ on, kind: 'drop', afterwards: true, times: 1 });
      expect(await tell(shop, ref, parcel(order, 'p1', 1))).toBe(3);
      await tell(shop, ref, parcel(order, 'p1', 1));
      const notes = order.notes.filter(({ text }) => text.includes('TRACK-p1'));
      const trackings = order.trackings.map(({ tracking_number: number, tracking_provider: by }) => [
        by,
        number,
      ]);
      expect(notes.map(({ toCustomer }) => toCustomer)).toEqual(
        way === 'extension' ? [] : [way === 'customer-notes'],
      );
      expect(trackings).toEqual(way === 'extension' ? [['PostNord', 'TRACK-p1']] : []);
      expect((await far.order(ref.id)).fulfilments).toHaveLength(1);
    },
  );

  it('goes through pages of errors, three of which end one try', async () => {
    const { order, ref } = await sold(1);
    far.fake.shop.faults.arm({ on: '*', kind: 'html', afterwards: false, times: 3 });
    expect(await tell(adapterOf(far), ref, parcel(order, 'p1', 1))).toBe(2);
    expect(order.status).toBe('completed');
  });

  it('of a cancelled order is refused with what to do', async () => {
    const { order, ref } = await sold(1);
    await far.cancel(ref.id);
    await expect(adapterOf(far).fulfil?.(ref, parcel(order, 'p1', 1))).rejects.toThrow(
      /is cancelled in the shop/,
    );
  });

  it('keeps its order from being cancelled, which would put back what has been sent', async () => {
    const { order, ref } = await sold(2);
    const shop = adapterOf(far);
    await tell(shop, ref, parcel(order, 'p1', 1));
    await expect(shop.cancel?.(ref, 'out of stock')).rejects.toThrow(ShopRefused);
    expect(order.status).toBe('processing');
  });
});

describe('an order that cannot be delivered', () => {
  it('is cancelled once, with the reason as a note for staff', async () => {
    const far = await WooFarSide.start();
    const article = await far.newArticle(1);
    const { id = '', number = '' } = (await far.buy(article, 1)) ?? {};
    const shop = adapterOf(far);
    const ref = { id, shopNumber: number, number: `${number}-DE` };
    far.fake.shop.faults.arm({ on: 'PUT wc/v3/orders/#', kind: 'error', afterwards: false, times: 1 });
    await expect(shop.cancel?.(ref, 'out of stock')).rejects.toThrow(ShopUnavailable);
    await shop.cancel?.(ref, 'out of stock');
    await shop.cancel?.(ref, 'out of stock');
    expect(await far.order(id)).toMatchObject({ cancelled: true, notes: 1 });
    expect(far.find(id).notes.find(({ text }) => text.includes('out of stock'))?.toCustomer).toBe(false);
    expect(await far.offered(article)).toBe(1);
    await far.stop();
  });
});
