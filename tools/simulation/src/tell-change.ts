import type { Channel, KnownOrder } from './channel.ts';
import type { Deciders } from './deciders.ts';

type Import = Deciders['importOrder'];

/**
 * No channel of ours tells changes of orders yet, so this one is only as the contract wants it: the whole order again
 * under a higher revision. Its shop sells without a lease, so nobody counts on what its shelf shows meanwhile.
 */
export function tellChange(
  channel: Channel,
  reading: Parameters<Import>[1],
  rules: Parameters<Import>[2],
): void {
  const { world } = channel;
  const order = channel.orders.get(reading.id);
  if (!world.scenario.extras.amends || channel.leases || order?.number === undefined) return;
  const ended = order.decision === 'rejected' || order.decision === 'released';
  if (order.state !== 'imported' || ended || order.lines.every((line) => line.sold === line.imported)) return;
  const anew = world.deciders.importOrder(undefined, reading, rules).event;
  if (!anew) return;
  order.revision++;
  for (const line of order.lines) {
    line.before ??= line.imported;
    line.imported = line.sold;
  }
  world.faults.strike('change of an order told');
  if (world.tracing) world.trace(`${channel.code} says order.amended ${anew.key} ${order.revision}`);
  const data = { ...(anew.data as object), revision: order.revision };
  world.post('authority', 'channel.orders', { type: 'order.amended', key: anew.key, data });
}

/** The order stays what it was, and what staff has changed in the shop is to be changed back there. */
export function undoChange(order: KnownOrder): void {
  for (const line of order.lines)
    if (line.before !== undefined) Object.assign(line, { imported: line.before, before: undefined });
}
