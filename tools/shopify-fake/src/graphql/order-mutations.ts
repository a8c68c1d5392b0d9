import type { GraphQLResolveInfo } from 'graphql';
import type { Order, RestockType } from '../shop/model.ts';
import { beginCancel, editQuantity, refund } from '../shop/orders.ts';
import { gid, ShopRefusal } from '../shop/world.ts';
import { answering, type Context, need } from './context.ts';
import { pageById, type PageArguments } from './pages.ts';
import { numberOf } from './refusals.ts';
import { digestOf } from './views.ts';

interface OrderInput {
  readonly id: string;
  readonly note?: string | null;
  readonly tags?: string[] | null;
  readonly customAttributes?: { key: string; value: string }[] | null;
}

interface MetafieldInput {
  readonly ownerId: string;
  readonly namespace?: string | null;
  readonly key: string;
  readonly type?: string | null;
  readonly value: string;
  readonly compareDigest?: string | null;
}

interface RefundInput {
  readonly orderId: string;
  readonly refundLineItems?:
    { lineItemId: string; quantity: number; restockType?: RestockType | null }[] | null;
}

/** Edits that are begun and not committed, by the order's id. */
const edits = new WeakMap<Order, Map<number, { quantity: number; restock: boolean }>>();

function orderOf({ world }: Context, id: string, type = 'Order'): Order {
  return world.order(numberOf(id, type));
}

function lineOf(order: Order, id: string, type = 'LineItem') {
  const line = order.lines.find((one) => one.id === numberOf(id, type));
  if (!line) throw new ShopRefusal('Line item does not exist.', 'NOT_FOUND', ['lineItemId']);
  return line;
}

function calculated(order: Order) {
  return {
    __typename: 'CalculatedOrder',
    id: gid('CalculatedOrder', order.id),
    lineItems: (page: PageArguments) =>
      pageById(
        order.lines,
        (line) => ({
          id: gid('CalculatedLineItem', line.id),
          quantity: edits.get(order)?.get(line.id)?.quantity ?? line.quantity - line.removed,
          title: line.title,
        }),
        page,
      ),
  };
}

const plain = { codes: false };

export const orderMutations = {
  orderUpdate({ input }: { input: OrderInput }, context: Context) {
    need(context, 'write_orders');
    return answering(() => {
      const order = orderOf(context, input.id);
      if (input.note !== undefined) order.note = input.note;
      if (input.tags) order.tags = input.tags;
      // All of them are replaced.
      if (input.customAttributes) order.customAttributes = input.customAttributes;
      context.world.changed(order);
      return { order: context.views.order(order) };
    }, plain);
  },

  orderCancel(
    args: { orderId: string; reason: string; restock: boolean; staffNote?: string | null },
    context: Context,
  ) {
    need(context, 'write_orders');
    const act = () => ({ job: jobView(beginCancel(context.world, orderOf(context, args.orderId), args)) });
    return answering(act, { errors: 'orderCancelUserErrors' });
  },

  orderEditBegin({ id }: { id: string }, context: Context) {
    need(context, 'write_order_edits');
    return answering(() => {
      const order = orderOf(context, id);
      edits.set(order, new Map());
      return { calculatedOrder: calculated(order) };
    }, plain);
  },

  orderEditSetQuantity(
    args: { id: string; lineItemId: string; quantity: number; restock?: boolean | null },
    context: Context,
  ) {
    need(context, 'write_order_edits');
    return answering(() => {
      const order = orderOf(context, args.id, 'CalculatedOrder');
      const line = lineOf(order, args.lineItemId, 'CalculatedLineItem');
      const edit = edits.get(order);
      if (!edit) throw new ShopRefusal('The order edit does not exist.', 'INVALID', ['id']);
      if (args.quantity < 0) throw new ShopRefusal('Quantity cannot be negative.', 'INVALID', ['quantity']);
      edit.set(line.id, { quantity: args.quantity, restock: args.restock ?? false });
      return { calculatedOrder: calculated(order) };
    }, plain);
  },

  orderEditCommit({ id }: { id: string }, context: Context) {
    need(context, 'write_order_edits');
    return answering(() => {
      const order = orderOf(context, id, 'CalculatedOrder');
      const edit = edits.get(order);
      if (!edit) throw new ShopRefusal('The order edit does not exist.', 'INVALID', ['id']);
      edits.delete(order);
      for (const [line, { quantity, restock }] of edit)
        editQuantity(context.world, order, lineOf(order, gid('LineItem', line)), quantity, restock);
      return { order: context.views.order(order) };
    }, plain);
  },

  refundCreate(args: { input: RefundInput }, context: Context, info: GraphQLResolveInfo) {
    need(context, 'write_orders');
    return context.keys.once(info, args, () =>
      answering(() => {
        const order = orderOf(context, args.input.orderId);
        const lines = (args.input.refundLineItems ?? []).map(({ lineItemId, quantity, restockType }) => ({
          line: lineOf(order, lineItemId),
          quantity,
          restockType: restockType ?? 'NO_RESTOCK',
        }));
        const id = refund(context.world, order, lines);
        return { refund: { __typename: 'Refund', id: gid('Refund', id) }, order: context.views.order(order) };
      }, plain),
    );
  },

  metafieldsSet({ metafields }: { metafields: MetafieldInput[] }, context: Context) {
    need(context, 'write_orders');
    return answering(() => {
      const wishes = metafields.map((one) => ({ one, order: orderOf(context, one.ownerId) }));
      for (const { one, order } of wishes) {
        const known = order.metafields.get(nameOf(one));
        const digest = known ? digestOf(known.value) : null;
        if (one.compareDigest !== undefined && one.compareDigest !== digest)
          throw new ShopRefusal('The resource has been updated since it was loaded.', 'STALE_OBJECT', [
            'metafields',
          ]);
        if (one.type === 'json') JSON.parse(one.value);
      }
      const made = wishes.map(({ one, order }) => {
        order.metafields.set(nameOf(one), { type: one.type ?? 'json', value: one.value });
        context.world.changed(order);
        return context.views.metafield(order, one.namespace ?? '', one.key);
      });
      return { metafields: made };
    });
  },
};

const nameOf = ({ namespace, key }: MetafieldInput) => `${namespace ?? ''}.${key}`;

const jobView = ({ id, done }: { id: number; done: boolean }) => ({ id: gid('Job', id), done });
