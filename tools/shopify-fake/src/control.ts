import { z } from 'zod';
import { type Faults, FaultSettings } from './faults.ts';
import type { Access } from './http/access.ts';
import { addVariant, onHandOf } from './shop/catalogue.ts';
import { checkout } from './shop/checkout.ts';
import { fulfilledOf } from './shop/model.ts';
import { beginCancel, editQuantity } from './shop/orders.ts';
import { gid, ShopRefusal, type World } from './shop/world.ts';

const Sku = z.string().min(1);
const Pieces = z.int().min(1);

function orderNamed(world: World, name: string) {
  const order = [...world.orders.values()].find((one) => one.name === name);
  if (!order) throw new ShopRefusal(`There is no order ${name}.`, 'NOT_FOUND');
  return order;
}

/** What tests and people do in the shop without its API: `POST /control/<name>` with JSON. */
export function commandsOf(world: World, faults: Faults, access: Access) {
  const Line = z.strictObject({ sku: Sku, quantity: Pieces });
  const shapes = {
    'add-article': z.strictObject({
      sku: Sku,
      available: z.int().optional(),
      barcode: z.string().optional(),
      title: z.string().optional(),
      tracked: z.boolean().optional(),
      requiresShipping: z.boolean().optional(),
      inventoryPolicy: z.enum(['DENY', 'CONTINUE']).optional(),
    }),
    buy: z.strictObject({ lines: z.array(Line).min(1), paid: z.boolean().default(true) }),
    cancel: z.strictObject({ order: z.string(), restock: z.boolean().default(true) }),
    edit: z.strictObject({ order: z.string(), sku: Sku, quantity: z.int().min(0) }),
    faults: FaultSettings,
    search: z.strictObject({ lagMs: z.int().min(0) }),
    'expire-tokens': z.strictObject({}),
    dump: z.strictObject({}),
  };
  const acts: { [Name in keyof typeof shapes]: (input: z.output<(typeof shapes)[Name]>) => unknown } = {
    'add-article': (input) => ({ id: gid('ProductVariant', addVariant(world, input).id) }),
    buy: ({ lines, paid }) => {
      const order = checkout(world, { lines, financialStatus: paid ? 'PAID' : 'PENDING' });
      return { id: gid('Order', order.id), name: order.name };
    },
    cancel: ({ order, restock }) => {
      beginCancel(world, orderNamed(world, order), { reason: 'STAFF', restock });
      return {};
    },
    edit: ({ order: name, sku, quantity }) => {
      const order = orderNamed(world, name);
      const line = order.lines.find((one) => one.sku === sku);
      if (!line) throw new ShopRefusal(`Order ${name} has no line with ${sku}.`, 'NOT_FOUND');
      editQuantity(world, order, line, quantity, true);
      return {};
    },
    faults: (settings) => faults.set(settings),
    search: ({ lagMs }) => {
      world.searchLagMs = lagMs;
    },
    'expire-tokens': () => access.expire(),
    dump: () => dump(world),
  };
  return {
    names: Object.keys(acts),
    /** @throws ShopRefusal for an unknown command, ZodError for one of another shape */
    run(name: string, input: unknown): unknown {
      if (!(name in acts))
        throw new ShopRefusal(`There is no command ${name}. There are ${Object.keys(acts).join(', ')}.`);
      const known = name as keyof typeof shapes;
      return (acts[known] as (input: unknown) => unknown)(shapes[known].parse(input)) ?? {};
    },
  };
}

function dump(world: World) {
  return {
    articles: world.variants.map(({ sku, levels }) => ({
      sku,
      levels: [...levels].map(([location, level]) => ({ location, ...level, on_hand: onHandOf(level) })),
    })),
    orders: [...world.orders.values()].map((order) => ({
      id: gid('Order', order.id),
      name: order.name,
      cancelled: order.cancelledAt !== undefined,
      lines: order.lines.map((line) => ({
        sku: line.sku,
        quantity: line.quantity - line.removed,
        fulfilled: fulfilledOf(order, line),
      })),
      fulfillments: order.fulfillments.map(({ status, tracking }) => ({ status, ...tracking })),
      attributes: order.customAttributes,
    })),
    webhooks: [...world.subscriptions.values()],
  };
}
