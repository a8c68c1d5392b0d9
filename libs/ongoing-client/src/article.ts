import { z } from 'zod';
import { codeAndName, flag, id, list, optional, quantity, text } from './answer-parts.ts';

/** What `PUT /articles` takes, as far as a gateway needs it. Members left out stay as they are in Ongoing. */
export interface ArticleInput {
  articleNumber: string;
  articleName?: string;
  description?: string;
  unitCode?: string;
  isStockArticle?: boolean;
  isActive?: boolean;
  barCodeInfo?: {
    barCode?: string;
    alternativeBarCodes?: { barCode: string; quantityPerBarCode?: number }[];
  };
  /** Kilograms. */
  weight?: number;
  /** Metres. */
  length?: number;
  width?: number;
  height?: number;
  countryOfOriginCode?: string;
  statisticsNumber?: string;
  articleGroup?: { code: string; name?: string };
  structureDefinition?: {
    articleKind: 'Structure' | 'Production';
    rows: { articleNumber: string; numberOfItems: number }[];
  };
}

/**
 * The balances of an article, as decimal strings. `sellable` is goods-owner-wide, already net of every open
 * order that Ongoing knows, and may be negative: never subtract bookings or allocations from it again.
 */
const Inventory = z
  .object({
    numberOfItems: optional(quantity),
    numberOfBookedItems: optional(quantity),
    allocatedNumberOfItems: optional(quantity),
    numberOfLockedItems: optional(quantity),
    lockedForSaleNumberOfItems: optional(quantity),
    sellableNumberOfItems: optional(quantity),
    toReceiveNumberOfItems: optional(quantity),
    pickedToBeCollectedNumberOfItems: optional(quantity),
  })
  .transform((info) => ({
    inWarehouse: info.numberOfItems,
    booked: info.numberOfBookedItems,
    allocated: info.allocatedNumberOfItems,
    locked: info.numberOfLockedItems,
    lockedForSale: info.lockedForSaleNumberOfItems,
    sellable: info.sellableNumberOfItems,
    toReceive: info.toReceiveNumberOfItems,
    pickedToBeCollected: info.pickedToBeCollectedNumberOfItems,
  }));

export const ArticleAnswer = z.object({
  articleSystemId: id,
  articleNumber: text,
  articleName: optional(text),
  description: optional(text),
  unitCode: optional(text),
  /** `Stock`, `Structure`, …: a free text of Ongoing. */
  articleKind: optional(text),
  isStockArticle: optional(flag),
  isActive: optional(flag),
  storageProperties: optional(z.object({ isObsolete: optional(flag) })),
  barCodeInfo: optional(
    z.object({
      barCode: optional(text),
      alternativeBarCodes: list(z.object({ barCode: optional(text) })),
    }),
  ),
  weight: optional(quantity),
  articleGroup: optional(codeAndName),
  articleDataLastUpdated: optional(text),
  defaultLocation: optional(z.unknown()),
  structureDefinition: optional(
    z.object({ rows: list(z.object({ articleNumber: optional(text), numberOfItems: optional(quantity) })) }),
  ),
  inventoryInfo: optional(Inventory),
});
export type OngoingArticle = z.output<typeof ArticleAnswer>;

/**
 * Filters of `GET /articles`. Arrays become repeated parameters; a comma-joined value would match nothing.
 */
export interface ArticleFilter {
  articleNumbers?: string[];
  /** Only articles whose balances changed after this time; Ongoing refuses one older than 24 hours. */
  stockInfoChangedFrom?: string;
  articleDataLastUpdatedFrom?: string;
  onlyArticlesInStock?: boolean;
}
