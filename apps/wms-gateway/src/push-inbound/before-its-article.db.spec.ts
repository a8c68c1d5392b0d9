import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ArticlePublished,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRequested,
  PurchaseOrderPlaced,
  PurchaseOrderRefused,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { aPurchase, row } from '../testing/inbound.ts';
import { setStage, type Stage, toldBy } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  await stage.gateway();
});

const published = ArticlePublished.of({ channel: 'ERP', article: { number: 'NEW', name: 'New' } });
const order = aPurchase('P1', { lines: [row('1', 'NEW', '5'), row('2', 'TEE', '1')] });
const there = () => stage.simulator.control.purchaseOrders();
const refusedForNow = {
  revision: 1,
  reason: 'wms',
  text: expect.stringMatching(/once the warehouse has NEW\.$/),
};

// Articles and purchase orders are topics of their own: either may be read first.
describe('a purchase order that comes before its article', () => {
  it('is refused for now, and goes out by itself once the article is there', async () => {
    await stage.publish(PurchaseOrderPlaced.of(order));
    expect(await toldBy(stage, PurchaseOrderRefused)).toMatchObject([refusedForNow]);
    expect(await there()).toEqual([]);
    await stage.publish(published);
    expect(await toldBy(stage, PurchaseOrderAccepted)).toMatchObject([{ number: 'P1-ERP', revision: 1 }]);
    expect(await there()).toMatchObject([{ number: 'P1-ERP', lines: [{ advised: 5 }, { advised: 1 }] }]);
    expect(await stage.told(PurchaseOrderRefused)).toHaveLength(1);
  });

  it('goes out as well where people of the warehouse have made the article', async () => {
    await stage.publish(PurchaseOrderPlaced.of(order));
    await toldBy(stage, PurchaseOrderRefused);
    await stage.simulator.control.seed({ articles: [{ number: 'NEW', stock: 1 }] });
    await toldBy(stage, PurchaseOrderAccepted);
  });

  it('takes an amendment of what is there along the same way', async () => {
    await stage.publish(PurchaseOrderPlaced.of({ ...order, lines: [row('2', 'TEE', '1')] }));
    await toldBy(stage, PurchaseOrderAccepted);
    await stage.publish(PurchaseOrderAmended.of({ ...order, revision: 2 }));
    expect(await toldBy(stage, PurchaseOrderRefused)).toMatchObject([
      { ...refusedForNow, revision: 2, reason: 'too-late' },
    ]);
    await stage.publish(published);
    expect((await toldBy(stage, PurchaseOrderAccepted, 2))[1]).toMatchObject({ revision: 2 });
    expect(await there()).toMatchObject([{ lines: [{ article: 'NEW' }, { article: 'TEE' }] }]);
  });

  it('stays where it is when it was cancelled meanwhile', async () => {
    await stage.publish(PurchaseOrderPlaced.of(order));
    await toldBy(stage, PurchaseOrderRefused);
    const { number, channel } = order;
    const requestedAt = '2026-03-02T10:00:00Z';
    await stage.publish(PurchaseOrderCancelRequested.of({ number, channel, revision: 2, requestedAt }));
    await toldBy(stage, PurchaseOrderCancelled);
    await stage.publish(published, PurchaseOrderPlaced.of({ ...aPurchase('P2'), lines: order.lines }));
    await toldBy(stage, PurchaseOrderAccepted);
    expect(await there()).toMatchObject([{ number: 'P2-ERP' }]);
  });

  it('waits for no article where it was refused for another reason', async () => {
    const { control } = stage.simulator;
    const known = () => stage.database.query(`SELECT 1 FROM wms_gateway.article_seen WHERE article = 'TEE'`);
    await eventually(async () => (await known()).length === 1);
    const tees = { ...order, lines: [row('2', 'TEE', '9')] };
    await stage.publish(PurchaseOrderPlaced.of(tees));
    await toldBy(stage, PurchaseOrderAccepted);
    await control.receiveAgainst({ purchaseOrder: 'P1-ERP', lines: [{ row: '2', quantity: 1 }] });
    await stage.publish(PurchaseOrderAmended.of({ ...tees, revision: 2, lines: [row('2', 'TEE', '8')] }));
    const [refused] = await toldBy(stage, PurchaseOrderRefused);
    expect(refused?.text).not.toMatch(/once the warehouse/);
    const rows = await stage.database.query('SELECT waits_for, refused_write FROM wms_gateway.inbound');
    expect(rows).toEqual([{ waits_for: [], refused_write: null }]);
  });
});
