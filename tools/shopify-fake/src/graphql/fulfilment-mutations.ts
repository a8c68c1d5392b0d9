import type { Disposition, Order, Tracking } from '../shop/model.ts';
import { cancelFulfillment, fulfil } from '../shop/orders.ts';
import { announceReturn, cancelReturn, dispose } from '../shop/returns.ts';
import { ShopRefusal } from '../shop/world.ts';
import { answering, type Context, need } from './context.ts';
import { numberOf } from './refusals.ts';

const WRITE_SCOPES = [
  'write_merchant_managed_fulfillment_orders',
  'write_assigned_fulfillment_orders',
  'write_third_party_fulfillment_orders',
];

interface FulfillmentInput {
  readonly lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
  }[];
  readonly trackingInfo?: Tracking | null;
}

interface ReturnInput {
  readonly orderId: string;
  readonly returnLineItems: {
    fulfillmentLineItemId: string;
    quantity: number;
    returnReason: string;
    returnReasonNote?: string;
  }[];
}

interface DisposeInput {
  readonly reverseFulfillmentOrderLineItemId: string;
  readonly quantity: number;
  readonly locationId?: string | null;
  readonly dispositionType: Disposition;
}

const plain = { codes: false };

function fulfillmentOf({ world }: Context, id: string) {
  const number = numberOf(id, 'Fulfillment');
  for (const order of world.orders.values()) {
    const fulfillment = order.fulfillments.find((one) => one.id === number);
    if (fulfillment) return { order, fulfillment };
  }
  throw new ShopRefusal('Fulfillment does not exist.', 'NOT_FOUND', ['id']);
}

export const fulfilmentMutations = {
  fulfillmentCreate({ fulfillment: input }: { fulfillment: FulfillmentInput }, context: Context) {
    need(context, ...WRITE_SCOPES);
    return answering(() => {
      const wishes = input.lineItemsByFulfillmentOrder.map((one) => ({
        fulfillmentOrderId: numberOf(one.fulfillmentOrderId, 'FulfillmentOrder'),
        ...(one.fulfillmentOrderLineItems && {
          lines: one.fulfillmentOrderLineItems.map(({ id, quantity }) => ({
            id: numberOf(id, 'FulfillmentOrderLineItem'),
            quantity,
          })),
        }),
      }));
      const { order, fulfillment } = fulfil(context.world, wishes, input.trackingInfo ?? {});
      return { fulfillment: context.views.fulfillment(order, fulfillment) };
    }, plain);
  },

  fulfillmentTrackingInfoUpdate(
    args: { fulfillmentId: string; trackingInfoInput: Tracking },
    context: Context,
  ) {
    need(context, ...WRITE_SCOPES);
    return answering(() => {
      const { order, fulfillment } = fulfillmentOf(context, args.fulfillmentId);
      fulfillment.tracking = args.trackingInfoInput;
      context.world.changed(order);
      return { fulfillment: context.views.fulfillment(order, fulfillment) };
    }, plain);
  },

  fulfillmentCancel({ id }: { id: string }, context: Context) {
    need(context, ...WRITE_SCOPES);
    return answering(() => {
      const { order, fulfillment } = fulfillmentOf(context, id);
      cancelFulfillment(context.world, order, fulfillment);
      return { fulfillment: context.views.fulfillment(order, fulfillment) };
    }, plain);
  },

  returnCreate({ returnInput: input }: { returnInput: ReturnInput }, context: Context) {
    need(context, 'write_returns');
    return answering(() => {
      const order = context.world.order(numberOf(input.orderId, 'Order'));
      const wishes = input.returnLineItems.map((one) => ({
        fulfillmentLineId: numberOf(one.fulfillmentLineItemId, 'FulfillmentLineItem'),
        quantity: one.quantity,
        reason: one.returnReason,
        note: one.returnReasonNote ?? '',
      }));
      return { return: context.views.return(order, announceReturn(context.world, order, wishes)) };
    });
  },

  returnCancel({ id }: { id: string }, context: Context) {
    need(context, 'write_returns');
    return answering(() => {
      const number = numberOf(id, 'Return');
      const order = [...context.world.orders.values()].find(({ returns }) =>
        returns.some((one) => one.id === number),
      );
      const one = order?.returns.find((each) => each.id === number);
      if (!order || !one) throw new ShopRefusal('Return does not exist.', 'NOT_FOUND', ['id']);
      cancelReturn(context.world, order, one);
      return { return: context.views.return(order, one) };
    });
  },

  reverseFulfillmentOrderDispose(args: { dispositionInputs: DisposeInput[] }, context: Context) {
    need(context, 'write_returns');
    return answering(() => {
      const wishes = args.dispositionInputs.map((one) => ({
        reverseLineId: numberOf(one.reverseFulfillmentOrderLineItemId, 'ReverseFulfillmentOrderLineItem'),
        quantity: one.quantity,
        type: one.dispositionType,
        ...(one.locationId && { location: numberOf(one.locationId, 'Location') }),
      }));
      dispose(context.world, wishes);
      const ids = new Set(wishes.map(({ reverseLineId }) => reverseLineId));
      const lines = [...context.world.orders.values()].flatMap((order: Order) =>
        order.returns
          .flatMap((one) => one.lines)
          .filter(({ reverseLineId }) => ids.has(reverseLineId))
          .map((line) => context.views.reverseLine(order, line)),
      );
      return { reverseFulfillmentOrderLineItems: lines };
    });
  },
};
