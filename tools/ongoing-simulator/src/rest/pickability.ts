import type { Milli } from '../warehouse/milli.ts';
import type { Order } from '../warehouse/model.ts';
import type { Call } from './route.ts';

type Pickability = 'Ok' | 'ByPriority' | 'NotByPriority' | 'NotOk' | 'NothingToAllocate';

const PICKED = 400;

/**
 * Whether the goods for each open order are there. Older orders come first, so of two that want the last
 * piece the later one loses.
 */
export function pickability({ warehouse, query }: Call): object {
  const ids = query.texts('orderIds')?.map(Number);
  const numbers = query.texts('orderNumbers');
  const from = query.int('orderIdFrom') ?? -Infinity;
  const limit = query.int('maxOrdersToGet') ?? Infinity;
  const open = [...warehouse.orders.byId.values()]
    .filter(({ status }) => status < PICKED)
    .toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id);
  const there = new Map<number, Milli>();
  const demanded = new Map<number, Milli>();
  for (const order of open) {
    for (const [articleId, wanted] of wants(order)) {
      there.set(articleId, warehouse.articles.pickable(warehouse.articles.get(articleId)));
      demanded.set(articleId, (demanded.get(articleId) ?? 0) + wanted);
    }
  }
  const left = new Map(there);
  const verdicts = open.map((order) => ({ order, verdict: judge(order, there, left, demanded) }));
  return {
    pickabilityResults: verdicts
      .filter(({ order }) => !ids || ids.includes(order.id))
      .filter(
        ({ order }) =>
          !numbers || numbers.some((number) => warehouse.orders.numbered(number).includes(order)),
      )
      .filter(({ order }) => order.id >= from)
      .toSorted((a, b) => a.order.id - b.order.id)
      .slice(0, limit === Infinity ? undefined : limit)
      .map(({ order, verdict }) => ({
        orderInfo: {
          orderId: order.id,
          orderNumber: order.number,
          goodsOwnerOrderId: order.fields.goodsOwnerOrderId ?? null,
          orderStatus: { number: order.status },
        },
        orderPickability: {
          pickability: verdict,
          pickabilityWithMove: verdict,
          pickabilityFromPickingLocations: verdict,
          expectedPickable: null,
        },
        orderLines: [],
      })),
  };
}

function judge(
  order: Order,
  there: ReadonlyMap<number, Milli>,
  left: Map<number, Milli>,
  demanded: ReadonlyMap<number, Milli>,
): Pickability {
  const wanted = [...wants(order)];
  if (wanted.length === 0) return 'NothingToAllocate';
  const within = (amounts: ReadonlyMap<number, Milli>) =>
    wanted.every(([articleId, quantity]) => (amounts.get(articleId) ?? 0) >= quantity);
  const byPriority = within(left);
  for (const [articleId, quantity] of wanted) left.set(articleId, (left.get(articleId) ?? 0) - quantity);
  if (!within(there)) return 'NotOk';
  if (!byPriority) return 'NotByPriority';
  const forAll = wanted.every(([articleId]) => (there.get(articleId) ?? 0) >= (demanded.get(articleId) ?? 0));
  return forAll ? 'Ok' : 'ByPriority';
}

function wants(order: Order): Map<number, Milli> {
  const wanted = new Map<number, Milli>();
  for (const line of order.lines) {
    for (const { articleId, ordered, allocated } of line.stock) {
      if (ordered > allocated) wanted.set(articleId, (wanted.get(articleId) ?? 0) + ordered - allocated);
    }
  }
  return wanted;
}
