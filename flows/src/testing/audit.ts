import { expect } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { type Code, codes, type World } from './world.ts';

const CANCELLED = 1000;
type WarehouseOrder = Awaited<ReturnType<World['control']['orders']>>[number];

/**
 * What is wrong between the shops and the warehouse, in words; empty when every order of a shop is in the warehouse
 * once, with its lines and under its number, or cancelled on both sides, and nothing else is there.
 */
export async function differences(world: World): Promise<string[]> {
  const there = new Map<string, WarehouseOrder[]>();
  for (const order of await world.control.orders())
    there.set(order.number, [...(there.get(order.number) ?? []), order]);
  const faults: string[] = [];
  for (const code of codes) {
    for (const order of world.orders(code)) {
      const number = `${order.number}-${code}`;
      const found = there.get(number) ?? [];
      there.delete(number);
      faults.push(...differencesOf(code, order, found).map((fault) => `${number} ${fault}`));
    }
  }
  return [
    ...faults,
    ...[...there.keys()].map((number) => `${number} is in the warehouse, but no shop has it`),
  ];
}

function differencesOf(code: Code, order: DemoOrder, found: WarehouseOrder[]): string[] {
  const [there] = found;
  if (found.length > 1) return [`is in the warehouse ${found.length} times`];
  if (order.state === 'cancelled') {
    return there && there.status !== CANCELLED
      ? [`is cancelled in its shop (${order.cancelReason}), but has status ${there.status} in the warehouse`]
      : [];
  }
  if (!there) return ['is not in the warehouse'];
  if (there.status === CANCELLED) return ['is cancelled in the warehouse, but not in its shop'];
  const faults: string[] = [];
  const ours = order.lines.map(({ id, article, quantity }) => `${id}: ${quantity} ${article}`);
  const theirs = there.lines.map(({ row, article, ordered }) => `${row}: ${ordered} ${article}`);
  if (ours.join() !== theirs.join())
    faults.push(`has other lines: ${ours.join()} in its shop, ${theirs.join()}`);
  if (there.type !== 'B2C') faults.push(`has the type ${there.type}`);
  const origin = JSON.stringify([there.goodsOwnerOrderId, there.marketPlace]);
  const place = { marketPlace: code, marketPlaceOrderNumber: order.number };
  if (origin !== JSON.stringify([`flows:${code}:${order.id}`, place])) faults.push(`comes from ${origin}`);
  // Written once: an answer that was lost is made good by reading, so there was never a second content.
  if (there.puts.done !== 1) faults.push(`was written ${there.puts.done} times`);
  return faults;
}

/** Nothing that any service set aside, and nothing that the authority's books cannot explain. */
export async function nothingAside(world: World): Promise<void> {
  expect(await world.deadLetters()).toEqual([]);
  const verified = await world.system.ask<unknown>('stock-authority', '/ops/verify', { method: 'POST' });
  expect(verified).toMatchObject({ agrees: true });
}
