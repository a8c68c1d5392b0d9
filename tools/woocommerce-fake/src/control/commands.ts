import { z } from 'zod';
import { ArmedFault } from '../faults.ts';
import { KnobSettings } from '../knobs.ts';
import { type Order, STATUSES } from '../selling/order.ts';
import type { WooShop } from '../woo-shop.ts';

export interface Command {
  readonly input: z.ZodType;
  readonly run: (input: never) => unknown;
}

function command<Input extends z.ZodType>(input: Input, run: (input: z.output<Input>) => unknown): Command {
  return { input, run };
}

const Address = z.record(z.string(), z.string());
const Id = z.strictObject({ order: z.int() });

/** What people do in the shop, and what goes wrong there, for tests in another process. */
export function commandsOf(shop: WooShop): Record<string, Command> {
  const find = (id: number): Order => {
    const order = shop.orders.find(id);
    if (!order) throw new Error(`There is no order ${id}.`);
    return order;
  };
  const about = ({ id, number, status }: Order) => ({ id, number, status });
  return {
    product: command(
      z.strictObject({
        sku: z.string().optional(),
        name: z.string().optional(),
        stock: z.int().nullable().optional(),
        type: z.enum(['simple', 'variable', 'variation', 'grouped', 'external']).optional(),
        parentId: z.int().optional(),
        virtual: z.boolean().optional(),
      }),
      (given) => shop.products.add(given),
    ),
    stock: command(z.strictObject({ sku: z.string() }), ({ sku }) =>
      shop.products.bySku(sku).map(({ id, stock }) => ({ id, stock, held: shop.orders.held(id) })),
    ),
    buy: command(
      z.strictObject({
        lines: z.array(z.strictObject({ sku: z.string(), quantity: z.number() })).min(1),
        payment: z.enum(['card', 'bank', 'later']).optional(),
        number: z.string().optional(),
        currency: z.string().optional(),
        customerNote: z.string().optional(),
        shipping: Address.optional(),
        billing: Address.optional(),
      }),
      (cart) => {
        const order = shop.checkout.buy(cart);
        return order ? about(order) : { refused: 'Not enough units are available in stock.' };
      },
    ),
    pay: command(Id, ({ order }) => shop.checkout.pay(find(order))),
    status: command(Id.extend({ status: z.enum(STATUSES) }), ({ order, status }) =>
      shop.orders.setStatus(find(order), status),
    ),
    trash: command(Id, ({ order }) => shop.orders.trash(find(order))),
    quantity: command(Id.extend({ line: z.int(), quantity: z.number() }), ({ order, line, quantity }) =>
      shop.orders.setQuantity(find(order), line, quantity),
    ),
    refund: command(
      Id.extend({
        lines: z.array(z.strictObject({ lineId: z.int(), quantity: z.number() })),
        restock: z.boolean(),
      }),
      ({ order, ...what }) => shop.orders.refund(find(order), what).id,
    ),
    orders: command(z.strictObject({}), () => shop.orders.list().map((order) => shop.renderOrder(order))),
    deliveries: command(z.strictObject({}), () => shop.webhooks.log),
    fault: command(ArmedFault, (fault) => shop.faults.arm(fault)),
    knobs: command(KnobSettings, (settings) => shop.turn(settings)),
  };
}
