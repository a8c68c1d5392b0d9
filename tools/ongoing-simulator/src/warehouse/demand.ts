import { linePicked, noDemand, type Demand, type Order } from './model.ts';

const PICKED = 400;
const COLLECTED = 500;

/**
 * What an order wants of each article, by the formula of the reference (section 3.3): bookings count while
 * the status is below 400, picked pieces as to be collected while it is below 500. These bounds are Ongoing's
 * own, also where a tenant renames its steps.
 */
export function demandOf(order: Pick<Order, 'status' | 'lines'>): Map<number, Demand> {
  const demands = new Map<number, Demand>();
  const at = (articleId: number) => {
    const demand = demands.get(articleId) ?? noDemand();
    demands.set(articleId, demand);
    return demand;
  };
  for (const line of order.lines) {
    for (const stock of line.stock) {
      const demand = at(stock.articleId);
      demand.allocated += Math.max(0, stock.allocated - stock.picked);
      if (order.status < COLLECTED) demand.pickedToBeCollected += stock.picked;
      if (order.status >= PICKED) continue;
      demand.booked += Math.max(0, stock.ordered - stock.picked);
      demand.leftToAllocate += Math.max(0, stock.ordered - stock.allocated);
    }
    // A kit is never in stock itself, but it is ordered: only its own bookings are shown, its parts carry the
    // rest.
    const isKit = line.stock.some((stock) => stock.articleId !== line.articleId);
    if (isKit && order.status < PICKED) at(line.articleId).booked += line.ordered - linePicked(line);
  }
  return demands;
}
