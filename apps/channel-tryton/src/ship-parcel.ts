import { type OrderRef, type Shipment, ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import { nameCarrier } from './name-carrier.ts';
import { markOf } from './parcel-mark.ts';
import { lackingOf, openFor, OutShipment, quantitiesFor } from './parcel-plan.ts';
import type { TrytonRpc } from './tryton-rpc.ts';
import { fieldsOf } from './tryton-values.ts';

const MODEL = 'stock.shipment.out';
const move = ['id', 'origin', 'state', 'quantity', 'unit.factor', 'product.default_uom.factor', 'product'];
const SHIPMENT_FIELDS = [
  ...fieldsOf('state reference company packages carrier'),
  ...['outgoing_moves', 'inventory_moves'].flatMap((moves) => move.map((field) => `${moves}.${field}`)),
];
/** From where goods are picked on nothing is decided any more: what is done with a shipment that stands here. */
const LAST_STEPS = [
  ['picked', 'pack'],
  ['packed', 'ship'],
  ['shipped', 'do'],
] as const;
const Sale = z.object({ shipment_state: z.string(), shipments: z.array(z.int()) });
const Standing = z.object({ state: z.string() });
/** A parcel with pieces of this many of Tryton's shipments takes all steps of each. */
const STEPS_MOST = 200;

/**
 * Carries a parcel out in Tryton: of the shipment that waits there for these pieces as many as are in the parcel;
 * Tryton then makes another one for the rest. The shipment bears the parcel's mark from the moment in which it is
 * chosen, and each step is taken from where the one before has left it, so that a crash between any two changes
 * nothing.
 */
export async function shipParcel(
  rpc: TrytonRpc,
  { id }: OrderRef,
  parcel: Shipment,
  packageType: number | undefined,
): Promise<void> {
  const mark = markOf(parcel.parcel);
  for (let step = 0; step < STEPS_MOST; step++) {
    const { state, there } = await shipmentsOf(rpc, Number(id));
    const ours = there.filter(({ reference }) => reference?.endsWith(mark));
    const begun = ours.find(({ state }) => state !== 'done' && state !== 'cancelled');
    if (begun) {
      await goOn(rpc, begun, parcel, packageType);
      continue;
    }
    const lacking = lackingOf(parcel.lines, ours);
    if (lacking.size === 0) return;
    const open = openFor(lacking, there);
    if (!open) throw noneFor(state, there);
    await begin(rpc, open, lacking, mark);
  }
  throw new ShopUnavailable(`Tryton's shipments of sale ${id} do not get to an end.`);
}

async function shipmentsOf(rpc: TrytonRpc, sale: number): Promise<{ state: string; there: OutShipment[] }> {
  const fields = ['shipment_state', 'shipments'];
  const [found] = await rpc.search(Sale, 'sale.sale', { domain: [['id', '=', sale]], fields });
  if (!found) throw new ShopRefused(`Tryton has no sale ${sale} any more.`);
  const domain = [['id', 'in', found.shipments]];
  const there = await rpc.search(OutShipment, MODEL, { domain, fields: SHIPMENT_FIELDS });
  return { state: found.shipment_state, there };
}

/** Marks the shipment and leaves in it what the parcel has of it. */
async function begin(
  rpc: TrytonRpc,
  shipment: OutShipment,
  lacking: ReadonlyMap<string, number>,
  mark: string,
): Promise<void> {
  // What staff has begun to assign cannot be changed.
  if (shipment.state !== 'waiting' || shipment.inventory_moves.some(({ state }) => state !== 'draft')) {
    await rpc.change(`model.${MODEL}.wait`, [[shipment.id]]);
    return;
  }
  const { inventory, outgoing } = quantitiesFor(shipment, lacking);
  const written = (moves: ReadonlyMap<number, number>) =>
    [...moves].map(([id, quantity]) => ['write', [id], { quantity }]);
  const values = {
    reference: [shipment.reference, mark].filter(Boolean).join(' '),
    ...(inventory.size > 0 ? { inventory_moves: written(inventory) } : { outgoing_moves: written(outgoing) }),
  };
  await rpc.change(`model.${MODEL}.write`, [[shipment.id], values]);
}

async function goOn(
  rpc: TrytonRpc,
  shipment: OutShipment,
  parcel: Shipment,
  packageType: number | undefined,
): Promise<void> {
  const { id, state, packages } = shipment;
  const step = (name: string) => rpc.change(`model.${MODEL}.${name}`, [[id]]);
  if (state === 'waiting') {
    await step('assign_try');
    const [now] = await rpc.search(Standing, MODEL, { domain: [['id', '=', id]], fields: ['state'] });
    // The goods have left the warehouse, so what Tryton believes to be in stock cannot keep them there.
    if (now?.state === 'waiting') await step('assign_force');
    return;
  }
  if (state === 'draft') await step('wait');
  else if (state === 'assigned') await step('pick');
  else {
    const first = LAST_STEPS.findIndex(([stands]) => stands === state);
    if (first < 0)
      throw new ShopRefused(`Tryton's shipment ${id} is ${state}, which this channel does not know.`);
    if (first === 0 && packages.length === 0) {
      if (parcel.carrier) await nameCarrier(rpc, shipment, parcel.carrier, parcel.parcel);
      await pack(rpc, shipment, parcel, packageType);
    }
    for (const [, next] of LAST_STEPS.slice(first)) await step(next);
  }
}

async function pack(
  rpc: TrytonRpc,
  { id, company, outgoing_moves: moves }: OutShipment,
  { trackingNumber }: Shipment,
  packageType: number | undefined,
): Promise<void> {
  const values = {
    company,
    type: packageType ?? (await oldestPackageType(rpc)),
    shipment: `${MODEL},${id}`,
    moves: [['add', moves.filter(({ quantity }) => quantity > 0).map((one) => one.id)]],
    ...(trackingNumber && { shipping_reference: trackingNumber }),
  };
  await rpc.change('model.stock.package.create', [[values]]);
}

async function oldestPackageType(rpc: TrytonRpc): Promise<number> {
  const [found] = await rpc.search(z.object({ id: z.int() }), 'stock.package.type', {
    domain: [],
    fields: ['id'],
    limit: 1,
  });
  if (found) return found.id;
  throw new ShopUnavailable(
    'Tryton has no package type: make one, such as Parcel (Inventory & Stock, Configuration, Package Types).',
  );
}

function noneFor(state: string, there: readonly OutShipment[]): Error {
  const isOver = there.every((one) => one.state === 'done' || one.state === 'cancelled');
  // Where a worker does what Tryton puts off, the shipment of the rest may not have been made yet.
  if (isOver && (state === 'waiting' || state === 'partially shipped'))
    return new ShopUnavailable(
      'Tryton has not made the shipment for the rest of this sale yet: does its worker run?',
    );
  const states = there.map(({ id, state }) => `${id} is ${state}`).join(', ') || 'there is none';
  return new ShopRefused(
    `The sale has no shipment in Tryton that waits for these pieces (${states}). Was it shipped or cancelled there by hand? ` +
      'Book the parcel there, then discard this; or make a shipment wait for it, then retry.',
  );
}
