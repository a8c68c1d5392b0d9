import type { World } from './world.ts';

/** Staff of a shop puts more into an order that was sent on, or takes something off; nobody is told. */
export function changeOrder(world: World): boolean {
  const { random } = world;
  if (world.calm) return false;
  const channel = random.pick(world.channels);
  const orders = [...channel.shop.orders.values()].slice(-6);
  const order = orders.length > 0 ? random.pick(orders) : undefined;
  if (!order || channel.orders.get(order.id)?.number === undefined) return false;
  const article = random.pick([...order.pieces.keys()]);
  const by = random.pick([-2, -1, -1, 1]);
  if (!channel.shop.edit(order, article, by, world.now)) return false;
  world.faults.strike('order changed in its shop after it was sent on');
  if (world.tracing) world.trace(`${channel.code}: staff changes ${order.number} by ${by} ${article}`);
  world.auditor.changedByStaff(channel, order, article, by);
  return true;
}
