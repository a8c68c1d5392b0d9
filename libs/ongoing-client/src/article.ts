import { z } from 'zod';
import { codeAndName, decimal, flag, id, list, optional, quantity, text } from './answer-parts.ts';

/**
 * What `PUT /articles` takes, as far as a gateway needs it. Members left out stay as they are in Ongoing, as far as
 * is known; nested ones are sent whole, since nobody knows what becomes of what is left out in them.
 */
export interface ArticleInput {
  articleNumber: string;
  articleName?: string;
  description?: string;
  unitCode?: string;
  isStockArticle?: boolean;
  isActive?: boolean;
  barCodeInfo?: BarCodeInfo;
  /** Kilograms. */
  weight?: number;
  netWeight?: number;
  /** Metres. */
  length?: number;
  width?: number;
  height?: number;
  /** Cubic metres. */
  volume?: number;
  purchasePrice?: number;
  customerPrice?: number;
  /** Spelt as Ongoing spells it. */
  purcaseCurrencyCode?: string;
  countryOfOriginCode?: string;
  statisticsNumber?: string;
  customsDescription?: string;
  articleGroup?: { code: string; name?: string };
  structureDefinition?: {
    articleKind: 'Structure' | 'Production';
    rows: { articleNumber: string; numberOfItems: number }[];
  };
}

export interface BarCodeInfo {
  barCode?: string | undefined;
  barCodePackage?: string | undefined;
  barCodePallet?: string | undefined;
  alternativeBarCodes?: AlternativeBarCode[] | undefined;
}
export interface AlternativeBarCode {
  barCode?: string | undefined;
  quantityPerBarCode?: number | null | undefined;
  barCodeType?: { code?: string | null | undefined; name?: string | null | undefined } | null | undefined;
}

/** What `PUT /articles/dangerousGoods` takes: there is no way to take them back. */
export interface DangerousGoodsInput {
  unNumber: string;
  unPackageType?: string | undefined;
  unLabelNumbers?: string | undefined;
  unIsMarineHazard?: boolean | undefined;
  dangerousGoodsCoefficient?: number | undefined;
  emsCode?: string | undefined;
  flashPoint?: number | undefined;
  unProperShippingNames?: { languageCode: string; name: string }[] | undefined;
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

const ArticleMembers = z.object({
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
      barCodePackage: optional(text),
      barCodePallet: optional(text),
      alternativeBarCodes: list(
        z.object({
          barCode: optional(text),
          quantityPerBarCode: optional(decimal),
          barCodeType: optional(codeAndName),
        }),
      ),
    }),
  ),
  weight: optional(quantity),
  netWeight: optional(quantity),
  length: optional(quantity),
  width: optional(quantity),
  height: optional(quantity),
  volume: optional(decimal),
  purchasePrice: optional(decimal),
  customerPrice: optional(decimal),
  purcaseCurrencyCode: optional(text),
  countryOfOriginCode: optional(text),
  statisticsNumber: optional(text),
  customsDescription: optional(text),
  articleGroup: optional(codeAndName),
  articleDataLastUpdated: optional(text),
  defaultLocation: optional(z.unknown()),
  inventoryInfo: optional(Inventory),
});

/**
 * An article that is on the shelf has a figure: without it nobody knows whether there is any, and none would be told as
 * sold out.
 */
export const ArticleAnswer = ArticleMembers.refine(
  ({ isStockArticle, isActive, articleKind, inventoryInfo }) =>
    isStockArticle === false ||
    isActive === false ||
    articleKind?.toLowerCase() === 'structure' ||
    inventoryInfo?.sellable !== undefined,
  { path: ['inventoryInfo'], message: 'must have a figure that is sellable' },
);
export type OngoingArticle = z.output<typeof ArticleAnswer>;

/** What a kit consists of: in no other answer about the article. */
export const StructureAnswer = z.object({
  articleNumber: text,
  rows: list(z.object({ articleNumber: text, numberOfItems: quantity })),
});
export type OngoingStructure = z.output<typeof StructureAnswer>;

/** The number comes back with what Ongoing knows of it. */
export const DangerousGoodsAnswer = z.object({
  articleNumber: text,
  dangerousGoods: optional(
    z.object({
      unNumber: optional(z.object({ unNumber: optional(text), unClassNumber: optional(text) })),
      unPackageType: optional(text),
      unLabelNumbers: optional(text),
      unIsMarineHazard: optional(flag),
      dangerousGoodsCoefficient: optional(decimal),
      emsCode: optional(text),
      flashPoint: optional(decimal),
      unProperShippingNames: list(z.object({ languageCode: optional(text), name: optional(text) })),
    }),
  ),
});
export type OngoingDangerousGoods = NonNullable<z.output<typeof DangerousGoodsAnswer>['dangerousGoods']>;

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

/** Members of an article that are read and written under one name and in one form. */
const WRITABLE: readonly string[] = [
  'articleName',
  'productCode',
  'unitCode',
  'description',
  'isStockArticle',
  'isActive',
  'barCodeInfo',
  'quantityPerPackage',
  'quantityPerPallet',
  'weight',
  'netWeight',
  'length',
  'width',
  'height',
  'volume',
  'purchasePrice',
  'stockValuationPrice',
  'customerPrice',
  'purcaseCurrencyCode',
  'countryOfOriginCode',
  'statisticsNumber',
  'additionalStatisticsNumber',
  'customsDescription',
  'customsExportConditions',
  'articleGroup',
  'articleCategory',
  'articleColor',
  'articleSize',
  'articleNameTranslations',
  'stockLimit',
  'minimumReorderQuantity',
  'subQuantityPerItem',
  'linkToPicture',
  'minDaysToExpiryDateAllowedOnDelivery',
  'freeValues',
];

/** What of an answer about an article can be sent back as it is. */
export const WritableMembers = z
  .looseObject({})
  .transform((members): object =>
    Object.fromEntries(
      Object.entries(members).filter(([name, value]) => WRITABLE.includes(name) && value !== null),
    ),
  );
