import { inventoryOf } from '../warehouse/inventory.ts';
import { fromMilli } from '../warehouse/milli.ts';
import type { Article } from '../warehouse/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { time, type GoodsOwner } from './route.ts';

/** Written and read under one name. */
const PLAIN_MEMBERS = [
  'articleName',
  'productCode',
  'description',
  'barCodeInfo',
  'supplierInfo',
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
  'articleGroup',
  'articleCategory',
  'articleColor',
  'articleSize',
  'additionalStatisticsNumber',
  'taricNumbersInfo',
  'customsDescription',
  'customsExportConditions',
  'articleNameTranslations',
  'stockLimit',
  'minimumReorderQuantity',
  'subQuantityPerItem',
  'minDaysToExpiryDateAllowedOnDelivery',
  'linkToPicture',
  'storageProperties',
  'storageClass',
  'freeValues',
];
/** Members that are written here and read elsewhere, under another name, or never. */
const WRITTEN_ONLY = [
  'structureDefinition',
  'articleClassesInfo',
  'alternativeSuppliersInfo',
  'quantityPerLayerOnPallet',
  'articleInboundHandlingComment',
  'articlePickingHandlingComment',
  'articlePackingHandlingComment',
  'articleReturnHandlingComment',
  'advanced',
];
/** Members of `PUT /articles` that are known here. */
export const ARTICLE_MEMBERS = [...PLAIN_MEMBERS, ...WRITTEN_ONLY, 'unitCode', 'isStockArticle', 'isActive'];

export function kindOf(article: Article): string {
  return article.parts.length > 0 ? 'Structure' : 'Stock';
}

export function renderArticle(warehouse: Warehouse, goodsOwner: GoodsOwner, article: Article): object {
  const { fields } = article;
  const members: Record<string, unknown> = {};
  for (const name of PLAIN_MEMBERS) members[name] = fields[name] ?? null;
  return {
    goodsOwner,
    articleSystemId: article.id,
    articleNumber: article.number,
    ...members,
    unitCode: typeof fields.unitCode === 'string' ? fields.unitCode.toLowerCase() : null,
    isStockArticle: fields.isStockArticle ?? true,
    isActive: fields.isActive ?? true,
    articleKind: kindOf(article),
    articleDataLastUpdated: time(article.dataUpdatedAt),
    classes: [],
    defaultLocation: null,
    inventoryInfo: renderInventory(warehouse, article),
  };
}

export function renderStructure(warehouse: Warehouse, article: Article): object {
  return {
    articleSystemId: article.id,
    articleNumber: article.number,
    articleKind: kindOf(article),
    rows: article.parts.map(({ articleId, perKit }) => ({
      articleSystemId: articleId,
      articleNumber: warehouse.articles.get(articleId).number,
      numberOfItems: fromMilli(perKit),
    })),
  };
}

/** The number comes back with what the register knows of it, of which nothing is known here. */
export function renderDangerousGoods(article: Article): object {
  const { dangerousGoods: sent } = article;
  return {
    articleSystemId: article.id,
    articleNumber: article.number,
    dangerousGoods: sent
      ? {
          ...Object.fromEntries(DANGEROUS_MEMBERS.map((name) => [name, sent[name] ?? null])),
          unNumber: { unNumber: sent.unNumber, unTunnelCodes: [], unClassNumber: null },
        }
      : null,
  };
}

export const DANGEROUS_MEMBERS = [
  'unNumber',
  'unPackageType',
  'unLabelNumbers',
  'unIsMarineHazard',
  'dangerousGoodsCoefficient',
  'emsCode',
  'flashPoint',
  'unProperShippingNames',
];

function renderInventory(warehouse: Warehouse, article: Article): object {
  const inventory = warehouse.articles.shownInventory(article);
  return {
    numberOfItems: fromMilli(inventory.numberOfItems),
    numberOfBookedItems: fromMilli(inventory.booked),
    allocatedNumberOfItems: fromMilli(inventory.allocated),
    numberOfLockedItems: fromMilli(inventory.locked),
    lockedForSaleNumberOfItems: fromMilli(inventory.lockedForSale),
    sellableNumberOfItems: fromMilli(inventory.sellable),
    toReceiveNumberOfItems: fromMilli(inventory.toReceive),
    pickedToBeCollectedNumberOfItems: fromMilli(inventory.pickedToBeCollected),
    receivedToBeFinishedNumberOfItems: fromMilli(inventory.toBeFinished),
    totalStockValue: 0,
    lastInDate: time(article.lastInDate),
    reported: null,
  };
}

export function renderPerWarehouse(warehouse: Warehouse, article: Article): object {
  const inventory = inventoryOf(article, (id) => warehouse.articles.get(id));
  return {
    articleSystemId: article.id,
    articleNumber: article.number,
    inventoryPerWarehouse: [
      {
        warehouseId: 1,
        numberOfItems: fromMilli(inventory.numberOfItems),
        numberOfLockedItems: fromMilli(inventory.locked),
        sellableNumberOfItems: fromMilli(inventory.sellable),
        availableForSaleNumberOfItems: fromMilli(inventory.numberOfItems - inventory.lockedForSale),
        allocatedNumberOfItems: fromMilli(inventory.allocated),
        reported: null,
      },
    ],
  };
}

export function renderItems(goodsOwner: GoodsOwner, article: Article): object {
  return {
    articleSystemId: article.id,
    articleNumber: article.number,
    goodsOwner,
    items: article.items
      .filter((item) => item.quantity > 0)
      .map((item) => ({
        articleItemId: item.id,
        numberOfItems: fromMilli(item.quantity),
        location: item.location,
        batch: item.batch ?? null,
        serial: item.serial ?? null,
        container: null,
        expiryDate: item.expiryDate ?? null,
        inDate: time(item.inDate)?.slice(0, 10),
        comment: null,
        status: null,
        warehouse: { id: 1, code: 'MAIN', name: 'Main warehouse' },
        isLocked: item.locked + item.lockedForSale > 0,
        isLockedForSale: item.lockedForSale > 0,
        lockCauses: {
          byAllocation: false,
          byInventory: false,
          byItemLock: item.locked + item.lockedForSale > 0,
          byLocation: false,
          byStatus: false,
          byWarehouseTransferOrder: false,
        },
        purchaseOrderInfo: null,
      })),
  };
}
