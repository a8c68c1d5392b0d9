import { fromMilli } from '../warehouse/milli.ts';
import { lineAllocated, linePicked } from '../warehouse/model.ts';
import type { Simulation } from '../simulation.ts';

/** The articles' balances in plain numbers; all of them, or only these numbers. */
export function dumpArticles({ warehouse }: Simulation, numbers?: string[]) {
  const chosen = numbers
    ? numbers.map((number) => warehouse.articles.named(number))
    : [...warehouse.articles.all()];
  return chosen.map((article) => {
    const inventory = warehouse.articles.inventory(article);
    return {
      articleSystemId: article.id,
      number: article.number,
      name: typeof article.fields.articleName === 'string' ? article.fields.articleName : null,
      fields: article.fields,
      isKit: article.parts.length > 0,
      parts: article.parts.map(({ articleId, perKit }) => ({
        article: warehouse.articles.get(articleId).number,
        quantity: fromMilli(perKit),
      })),
      dangerousGoods: article.dangerousGoods ?? null,
      inWarehouse: fromMilli(inventory.numberOfItems),
      booked: fromMilli(inventory.booked),
      allocated: fromMilli(inventory.allocated),
      locked: fromMilli(inventory.locked),
      lockedForSale: fromMilli(inventory.lockedForSale),
      sellable: fromMilli(inventory.sellable),
      pickedToBeCollected: fromMilli(inventory.pickedToBeCollected),
      locations: article.items.map(({ location, quantity }) => ({ location, quantity: fromMilli(quantity) })),
    };
  });
}

/** The orders with how often each was sent; all of them, or only those with these numbers or ids. */
export function dumpOrders({ warehouse, api }: Simulation, numbers?: (string | number)[]) {
  const chosen = numbers
    ? numbers.flatMap((one) =>
        typeof one === 'number' ? warehouse.orders.get(one) : warehouse.orders.numbered(one),
      )
    : [...warehouse.orders.byId.values()];
  return chosen.map((order) => ({
    orderId: order.id,
    number: order.number,
    origin: order.origin,
    status: order.status,
    type: codeOf(order.fields.orderType),
    marketPlace: order.fields.marketPlace ?? null,
    goodsOwnerOrderId: order.fields.goodsOwnerOrderId ?? null,
    createdAt: new Date(order.createdAt).toISOString(),
    statusChangedAt: new Date(order.statusChangedAt).toISOString(),
    lines: order.lines.map((line) => ({
      row: line.row,
      article: warehouse.articles.get(line.articleId).number,
      ordered: fromMilli(line.ordered),
      allocated: fromMilli(lineAllocated(line)),
      picked: fromMilli(linePicked(line)),
    })),
    parcels: order.parcels.map(({ number, waybill, trackingUrl, isReturn }) => ({
      number,
      waybill,
      trackingUrl,
      isReturn,
    })),
    puts: api.counts.puts.get(order.number) ?? { received: 0, done: 0 },
    deletes: api.counts.deletes.get(order.number) ?? { received: 0, done: 0 },
  }));
}

function codeOf(value: unknown): string | null {
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}
