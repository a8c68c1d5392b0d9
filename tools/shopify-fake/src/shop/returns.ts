import type { Disposition, Order, Return } from './model.ts';
import { ShopRefusal, type World } from './world.ts';

export interface ReturnWish {
  readonly fulfillmentLineId: number;
  readonly quantity: number;
  readonly reason: string;
  readonly note?: string;
}

/** A return of fulfilled pieces, approved. */
export function announceReturn(world: World, order: Order, wishes: readonly ReturnWish[]): Return {
  const made: Return = {
    id: world.id(),
    name: `${order.name}-R${order.returns.length + 1}`,
    createdAt: world.now(),
    status: 'OPEN',
    lines: wishes.map(({ fulfillmentLineId, quantity, reason, note = '' }) => {
      const found = order.fulfillments
        .filter(({ status }) => status === 'SUCCESS')
        .flatMap(({ lines }) => lines)
        .find(({ id }) => id === fulfillmentLineId);
      if (!found)
        throw new ShopRefusal('Fulfillment line item does not exist.', 'NOT_FOUND', ['returnLineItems']);
      const taken = order.returns
        .filter(({ status }) => status === 'OPEN' || status === 'REQUESTED' || status === 'CLOSED')
        .flatMap(({ lines }) => lines)
        .filter((line) => line.fulfillmentLineId === fulfillmentLineId)
        .reduce((sum, line) => sum + line.quantity, 0);
      if (quantity < 1 || quantity > found.quantity - taken)
        throw new ShopRefusal('Return line item has an invalid quantity.', 'INVALID', ['returnLineItems']);
      return {
        id: world.id(),
        reverseLineId: world.id(),
        fulfillmentLineId,
        line: found.line,
        quantity,
        reason,
        note,
        dispositions: [],
      };
    }),
  };
  order.returns.push(made);
  world.changed(order, 'returns/approve');
  return made;
}

export function cancelReturn(world: World, order: Order, one: Return): void {
  if (one.status !== 'OPEN' || one.lines.some(({ dispositions }) => dispositions.length > 0))
    throw new ShopRefusal('Return is not cancelable.', 'INVALID', ['id']);
  one.status = 'CANCELED';
  world.changed(order, 'returns/cancel');
}

/** Says what came back and where it went; restocked pieces are offered again. */
export function dispose(
  world: World,
  wishes: readonly { reverseLineId: number; quantity: number; type: Disposition; location?: number }[],
): void {
  const found = wishes.map((wish) => {
    for (const order of world.orders.values())
      for (const one of order.returns)
        for (const line of one.lines)
          if (line.reverseLineId === wish.reverseLineId) return { ...wish, order, one, line };
    throw new ShopRefusal('Reverse fulfillment order line item does not exist.', 'NOT_FOUND', [
      'dispositionInputs',
    ]);
  });
  for (const { one, line, quantity, type, location } of found) {
    const left = line.quantity - line.dispositions.reduce((sum, done) => sum + done.quantity, 0);
    if (one.status === 'CANCELED')
      throw new ShopRefusal('Dispositions can no longer be created for canceled returns.', 'INVALID', [
        'dispositionInputs',
      ]);
    if (quantity < 1 || quantity > left)
      throw new ShopRefusal('Disposition quantity is greater than what remains.', 'INVALID', [
        'dispositionInputs',
      ]);
    if (type === 'RESTOCKED' && location === undefined)
      throw new ShopRefusal('A location is required to restock.', 'INVALID', ['dispositionInputs']);
  }
  for (const { order, line, quantity, type, location } of found) {
    line.dispositions.push({ type, quantity });
    const level = location === undefined ? undefined : world.level(line.line.variant, location);
    if (level && type === 'RESTOCKED') level.available += quantity;
    world.changed(order, 'reverse_fulfillment_orders/dispose');
  }
}
