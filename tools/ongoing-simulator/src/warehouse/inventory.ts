import type { Milli } from './milli.ts';
import type { Article } from './model.ts';

/** The balances that Ongoing shows of an article, in thousandths. */
export interface Inventory {
  numberOfItems: Milli;
  booked: Milli;
  allocated: Milli;
  locked: Milli;
  lockedForSale: Milli;
  sellable: Milli;
  pickedToBeCollected: Milli;
  /** Advised on purchase orders and not received yet. */
  toReceive: Milli;
  /** Received on purchase orders that are not finished. */
  toBeFinished: Milli;
}

export const noInventory = (): Inventory => ({
  numberOfItems: 0,
  booked: 0,
  allocated: 0,
  locked: 0,
  lockedForSale: 0,
  sellable: 0,
  pickedToBeCollected: 0,
  toReceive: 0,
  toBeFinished: 0,
});

/**
 * sellable = in the warehouse − locked for sale (allocations among them) − left to allocate; it may be
 * negative. A kit shows the minimum of its parts, divided by the pieces per kit and rounded down to whole
 * kits.
 */
export function inventoryOf(article: Article, articleOf: (id: number) => Article): Inventory {
  const { demand } = article;
  if (article.parts.length > 0) {
    const kits = (amount: (part: Inventory) => Milli) =>
      Math.min(
        ...article.parts.map(
          ({ articleId, perKit }) =>
            Math.floor(amount(inventoryOf(articleOf(articleId), articleOf)) / perKit) * 1000,
        ),
      );
    return {
      ...noInventory(),
      numberOfItems: kits((part) => part.numberOfItems),
      sellable: kits((part) => part.sellable),
      booked: demand.booked,
    };
  }
  let numberOfItems = 0;
  let locked = demand.allocated;
  let lockedForSale = demand.allocated;
  for (const item of article.items) {
    numberOfItems += item.quantity;
    locked += item.locked + item.lockedForSale;
    lockedForSale += item.lockedForSale;
  }
  return {
    numberOfItems,
    booked: demand.booked,
    allocated: demand.allocated,
    locked,
    lockedForSale,
    sellable: numberOfItems - lockedForSale - demand.leftToAllocate,
    pickedToBeCollected: demand.pickedToBeCollected,
    toReceive: 0,
    toBeFinished: 0,
  };
}
