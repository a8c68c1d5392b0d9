import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { readConsole } from './testing/console.ts';
import { orderLinesInApi } from './testing/ongoing-api.ts';
import { type Code, World } from './testing/world.ts';

/** A warehouse that counts in numbers of its own. */
const steps = {
  open: 210,
  released: 310,
  allocated: 340,
  picked: 460,
  sent: 480,
  collected: 510,
  returned: 810,
  cancelled: 990,
};
const ON_THE_SHELF = 395;
const statusSet = [
  { number: 210, text: 'Mottagen' },
  { number: 310, text: 'Frisläppt' },
  { number: 340, text: 'Plockas' },
  { number: ON_THE_SHELF, text: 'Står på hyllan' },
  { number: 460, text: 'Plockad' },
  { number: 480, text: 'Skickad' },
  { number: 510, text: 'Hämtad' },
  { number: 810, text: 'Returnerad' },
  { number: 990, text: 'Makulerad' },
];
/** All but the one that nobody thought of. Picked is above the number from which on orders have left elsewhere. */
const ORDER_STATUSES =
  '210=open,310=released,340=picking,460=picked,480=sent,510=collected,810=returned,990=cancelled';

let world: World;
let onConsole: Awaited<ReturnType<typeof readConsole>>;

beforeAll(async () => {
  world = await World.start({
    pieces: { TEE: 40, CAP: 40, CUP: 40, PHONE: 0 },
    gatewayEnv: {
      ORDER_STATUSES,
      REPORTED_NUMBERS: 'set',
      REPORTED_POLL_MS: '500',
      ORDER_POLL_MS: '1000',
      INBOUND_POLL_MS: '500',
    },
    console: true,
  });
  await world.control.knobs({ statusSet, steps, initialStatus: steps.released, lockFromStatus: 340 });
  onConsole = await readConsole(world.system);
});
afterAll(() => world?.close());

const PATIENCE = { withinMs: 30_000 };
const sell = (code: Code, ...lines: [article: string, quantity: number][]) =>
  world.shops[code].model.buy({ lines: lines.map(([article, quantity]) => ({ article, quantity })) });

/** An order that the warehouse has. */
async function arrived(code: Code, ...lines: [string, number][]) {
  await world.settled();
  const order = sell(code, ...lines);
  const number = `${order.number}-${code}`;
  await world.arrived(number);
  await world.settled();
  return { order, number };
}
const says = (order: DemoOrder, text: string) =>
  eventually(() => order.notes.some((note) => note.text.includes(text)), {
    ...PATIENCE,
    message: `${order.number} says '${text}', not only ${order.notes.map((note) => note.text).join(' | ')}`,
  });
const parcels = (order: DemoOrder, count: number) =>
  eventually(() => order.fulfilments.length >= count, { ...PATIENCE, message: `${count} parcels` });

/** What a person reads of an order at the console, once the warehouse's word for its status is this one. */
const shown = (number: string, wmsStatus: string) =>
  eventually(
    async () => {
      const order = await onConsole<{ state: string; wmsStatus?: string }>(`orders/${number}`);
      if (order.wmsStatus !== wmsStatus) throw new Error(`${number} is shown as ${order.wmsStatus}`);
      return order;
    },
    { ...PATIENCE, message: `${number} is shown as ${wmsStatus}` },
  );

/** The shops, the warehouse and the authority's books name the same number, and nothing waits to be counted. */
async function agree(article: string, number: number): Promise<void> {
  await world.allShow(article, number);
  await eventually(
    async () => {
      const path = `/ops/articles/${article}`;
      const book = await world.system.ask<{ free: string; reserved: string }>('stock-authority', path);
      expect(book).toMatchObject({ free: String(number), reserved: '0' });
      return true;
    },
    { withinMs: 30_000 },
  );
}

describe('a warehouse with order statuses of its own', () => {
  it('has them shown in its own words, and read as they are configured and not by their size', async () => {
    const { order, number } = await arrived('SE', ['TEE', 2]);
    await shown(number, 'Frisläppt');
    await world.control.allocate({ order: number });
    await shown(number, 'Plockas');
    await world.control.pick({ order: number });
    expect(await shown(number, 'Plockad')).toMatchObject({ state: 'in-warehouse' });
    await world.control.ship({ order: number, carrier: 'PostNord', waybill: 'WB-OWN' });
    expect(await shown(number, 'Skickad')).toMatchObject({ state: 'shipped' });
    await parcels(order, 1);
    expect(order.fulfilments).toMatchObject([{ trackingNumber: 'WB-OWN' }]);
  });

  it('has orders that end without ever having been sent told to their shop once they are collected', async () => {
    const { order, number } = await arrived('EU', ['TEE', 1]);
    await world.control.pick({ order: number });
    await world.control.setStatus({ order: number, status: steps.collected });
    expect(await shown(number, 'Hämtad')).toMatchObject({ state: 'shipped' });
    await parcels(order, 1);
    expect(order.fulfilments).toMatchObject([{ lines: [{ id: '1', quantity: 1 }] }]);
  });

  it('has a number that nobody configured shown as it is, and the order goes on', async () => {
    const { order, number } = await arrived('SE', ['TEE', 1]);
    await world.control.setStatus({ order: number, status: ON_THE_SHELF });
    expect(await shown(number, 'Står på hyllan')).toMatchObject({ state: 'in-warehouse' });
    const kept = await world.system.ask<object>('wms-gateway', `/ops/orders/${number}`);
    expect(kept).toMatchObject({ state: 'accepted', statusNumber: ON_THE_SHELF });
    await world.control.pick({ order: number });
    await world.control.ship({ order: number, waybill: 'WB-ODD' });
    await parcels(order, 1);
    await nothingAside(world);
  });

  it('cancels for a shop in its own number, and not any more once it picks', async () => {
    const before = await world.sellable('TEE');
    const early = await arrived('EU', ['TEE', 1]);
    world.shops.EU.model.cancel(early.order.id, 'changed their mind');
    await shown(early.number, 'Makulerad');
    await agree('TEE', before);
    const late = await arrived('EU', ['TEE', 1]);
    await world.control.allocate({ order: late.number });
    world.shops.EU.model.cancel(late.order.id, 'changed their mind');
    await says(late.order, 'it was too late to stop');
    await agree('TEE', before - 1);
  });
});

describe('the bookmark of what was reported', () => {
  it('is set where that is configured: what has left, and what came back', async () => {
    const { order, number } = await arrived('SE', ['CUP', 3]);
    await world.control.pick({ order: number });
    await shown(number, 'Plockad');
    expect(await orderLinesInApi(world, number)).toMatchObject([
      { pickedNumberOfItems: 3, reportedNumberOfItems: null },
    ]);
    await world.control.ship({ order: number, waybill: 'WB-MARK' });
    const marked = (member: string, quantity: number) =>
      eventually(async () => {
        const [line] = await orderLinesInApi(world, number);
        return { ...line }[member as 'reportedNumberOfItems'] === quantity;
      }, PATIENCE);
    await marked('reportedNumberOfItems', 3);
    await world.control.takeBack({ order: number, lines: [{ row: '1', quantity: 1 }] });
    await marked('reportedReturnedNumberOfItems', 1);
    expect(order.fulfilments).toHaveLength(1);
  });
});

describe('what people of the warehouse change of an order', () => {
  it('in its quantities is told to its shop, and the pieces are for sale again', async () => {
    const before = await world.sellable('TEE');
    const { order, number } = await arrived('SE', ['TEE', 5], ['CAP', 2]);
    await world.control.editByHand({ order: number, lines: [{ row: '1', quantity: 2 }] });
    await says(order, 'it now has 2 TEE, 2 CAP instead of 5 TEE, 2 CAP');
    await agree('TEE', before - 2);
  });

  it('by taking a line out is told to its shop, and the pieces are for sale again', async () => {
    const before = await world.sellable('CAP');
    const { order, number } = await arrived('EU', ['TEE', 1], ['CAP', 3]);
    await world.control.editByHand({ order: number, remove: ['2'] });
    await says(order, 'it now has 1 TEE instead of 1 TEE, 3 CAP');
    await agree('CAP', before);
  });

  it('by adding a line is told to its shop, leaves all shops, and the parcel is told as well', async () => {
    const before = await world.sellable('CUP');
    const { order, number } = await arrived('SE', ['TEE', 1]);
    await world.control.editByHand({ order: number, add: [{ article: 'CUP', quantity: 4 }] });
    await says(order, 'it now has 1 TEE, 4 CUP instead of 1 TEE');
    await agree('CUP', before - 4);
    await world.control.pick({ order: number });
    const parcel = { number: 'P-ADDED', waybill: 'WB-ADDED' };
    await world.control.ship({ order: number, parcels: [parcel] });
    await parcels(order, 1);
    expect(order.fulfilments).toMatchObject([
      { trackingNumber: 'WB-ADDED', lines: [{ id: '1', quantity: 1 }] },
    ]);
    await agree('CUP', before - 4);
  });

  it('by cancelling it is told to its shop, and all of it is for sale again', async () => {
    const before = await world.sellable('TEE');
    const { order, number } = await arrived('EU', ['TEE', 4]);
    await world.control.cancelAtWarehouse({ order: number });
    await says(order, 'Cancelled in the warehouse, not by the shop');
    expect(await shown(number, 'Makulerad')).toMatchObject({ state: 'cancelled' });
    await agree('TEE', before);
    world.shops.EU.model.cancel(order.id, 'the warehouse had none');
    await agree('TEE', before);
    expect(await world.inWarehouse(number)).toMatchObject({ deletes: { received: 0 } });
  });
});

describe('parcels', () => {
  it('that follow late are told when they are there, and return labels never', async () => {
    const { order, number } = await arrived('SE', ['TEE', 1], ['CAP', 1]);
    await world.control.pick({ order: number });
    await world.control.ship({
      order: number,
      carrier: 'PostNord',
      parcels: [
        { number: 'P-1', waybill: 'WB-1', lines: [{ row: '1', quantity: 1 }] },
        { number: 'R-1', waybill: 'WB-BACK-1', isReturn: true },
      ],
    });
    await parcels(order, 1);
    await world.control.addParcel({ order: number, number: 'R-2', waybill: 'WB-BACK-2', isReturn: true });
    const second = { number: 'P-2', waybill: 'WB-2', lines: [{ row: '2', quantity: 1 }] };
    await world.control.addParcel({ order: number, ...second });
    await parcels(order, 2);
    const told = order.fulfilments.map(({ trackingNumber, lines }) => [trackingNumber, lines]);
    expect(told).toEqual([
      ['WB-1', [{ id: '1', quantity: 1 }]],
      ['WB-2', [{ id: '2', quantity: 1 }]],
    ]);
  });

  it('name the serial numbers and batches of the pieces in them, as they were received', async () => {
    const { purchases } = world.shops.ERP.model;
    const purchase = purchases.place({
      lines: [
        { article: 'PHONE', quantity: 2 },
        { article: 'PHONE', quantity: 3 },
      ],
    });
    const purchaseOrder = `${purchase.number}-ERP`;
    await eventually(
      async () => (await world.control.purchaseOrders({ numbers: [purchaseOrder] })).length > 0,
      PATIENCE,
    );
    await world.control.receiveAgainst({
      purchaseOrder,
      lines: [{ row: '10', quantity: 2, serials: ['SN-1', 'SN-2'] }],
    });
    const sold = await sellWhenShown('PHONE', 2);
    await world.control.receiveAgainst({
      purchaseOrder,
      lines: [{ row: '20', quantity: 3, batch: 'LOT-7' }],
    });
    const batch = await sellWhenShown('PHONE', 3);
    for (const { number } of [sold, batch]) {
      await world.control.pick({ order: number });
      await world.control.ship({ order: number, waybill: `WB-${number}` });
    }
    await parcels(sold.order, 1);
    await parcels(batch.order, 1);
    expect(sold.order.fulfilments[0]?.lines).toEqual([{ id: '1', quantity: 2, serials: ['SN-1', 'SN-2'] }]);
    const batches = [{ batch: 'LOT-7', quantity: '3' }];
    expect(batch.order.fulfilments[0]?.lines).toEqual([{ id: '1', quantity: 3, batches }]);
    // The ERP that ordered them is told the same.
    expect(purchase.receipts.map(({ lines }) => lines)).toEqual([
      [{ id: '10', quantity: '2', serials: ['SN-1', 'SN-2'] }],
      [{ id: '20', quantity: '3', batch: 'LOT-7' }],
    ]);
    await nothingAside(world);
  });
});

async function sellWhenShown(article: string, quantity: number) {
  await world.allShow(article, quantity);
  return arrived('SE', [article, quantity]);
}
