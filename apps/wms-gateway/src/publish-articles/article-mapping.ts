// Ongoing's words for an article, and nowhere else but here and in the stock's mapping.
import type { ArticleField } from '@samlast/contracts';
import type {
  AlternativeBarCode,
  ArticleInput,
  DangerousGoodsInput,
  OngoingArticle,
  OngoingDangerousGoods,
  OngoingStructure,
} from '@samlast/ongoing-client';
import type { Said } from './article-fields.ts';
import { mergeBarcodes } from './merge-article.ts';

const LITRES_PER_CUBIC_METRE = 1000;
const BARCODES: readonly ArticleField[] = [
  'barcode',
  'packageBarcode',
  'palletBarcode',
  'alternativeBarcodes',
];

/** Everything that Ongoing's answers say of one article. */
export interface FoundArticle {
  readonly article: OngoingArticle;
  readonly structure?: OngoingStructure | undefined;
  readonly dangers?: OngoingDangerousGoods | undefined;
}

/**
 * These members in Ongoing's words: members left out stay as they are in Ongoing. Barcodes are one nested member there,
 * which is sent whole, with what is found in it.
 */
export function toOngoingArticle(
  number: string,
  said: Said,
  base: Said = {},
  found: OngoingArticle | undefined = undefined,
): ArticleInput {
  const { group, parts } = said;
  const input: ArticleInput = { articleNumber: number };
  const put = <Key extends keyof ArticleInput>(key: Key, value: ArticleInput[Key] | undefined) => {
    if (value !== undefined) input[key] = value;
  };
  put('articleName', said.name);
  put('description', said.description);
  put('unitCode', said.unit);
  put('isStockArticle', said.stocked);
  put('isActive', said.active);
  put('weight', decimal(said.weightKg));
  put('netWeight', decimal(said.netWeightKg));
  put('length', decimal(said.lengthM));
  put('width', decimal(said.widthM));
  put('height', decimal(said.heightM));
  put('volume', said.volumeL === undefined ? undefined : Number(said.volumeL) / LITRES_PER_CUBIC_METRE);
  put('purchasePrice', decimal(said.purchasePrice));
  put('customerPrice', decimal(said.customerPrice));
  put('purcaseCurrencyCode', said.currency);
  put('countryOfOriginCode', said.countryOfOrigin);
  put('statisticsNumber', said.customsNumber);
  put('customsDescription', said.customsText);
  put('articleGroup', group && { code: group.code, name: group.name ?? group.code });
  if (BARCODES.some((field) => said[field] !== undefined)) input.barCodeInfo = barcodesOf(said, base, found);
  if (parts && parts.length > 0) {
    const rows = parts.map((part) => ({ articleNumber: part.article, numberOfItems: Number(part.quantity) }));
    input.structureDefinition = { articleKind: 'Structure', rows };
  }
  return input;
}

function barcodesOf(
  said: Said,
  base: Said,
  found: OngoingArticle | undefined,
): NonNullable<ArticleInput['barCodeInfo']> {
  const there = found?.barCodeInfo;
  const list = there?.alternativeBarCodes ?? [];
  const known = new Map(
    list.flatMap((one) => (one.barCode === undefined ? [] : [[one.barCode, one] as const])),
  );
  const wanted = said.alternativeBarcodes;
  const codes = wanted
    ? mergeBarcodes(wanted, base.alternativeBarcodes ?? [], [...known.keys()])
    : [...known.keys()];
  // How many pieces a barcode stands for only the warehouse knows.
  const entries = codes.map((barCode): AlternativeBarCode => known.get(barCode) ?? { barCode });
  return {
    ...without({
      barCode: said.barcode ?? there?.barCode,
      barCodePackage: said.packageBarcode ?? there?.barCodePackage,
      barCodePallet: said.palletBarcode ?? there?.barCodePallet,
    }),
    ...(entries.length > 0 || wanted ? { alternativeBarCodes: entries } : {}),
  };
}

export function toDangerousGoods(goods: NonNullable<Said['dangerousGoods']>): DangerousGoodsInput {
  return {
    unNumber: goods.unNumber,
    ...without({
      unPackageType: goods.packing,
      unLabelNumbers: goods.labels,
      unIsMarineHazard: goods.marinePollutant,
      dangerousGoodsCoefficient: decimal(goods.coefficient),
      emsCode: goods.emsCode,
      flashPoint: decimal(goods.flashPointC),
      unProperShippingNames: goods.properNames?.map(({ language, name }) => ({
        languageCode: language,
        name,
      })),
    }),
  };
}

/** What Ongoing has, in Samlast's words. */
export function fromOngoing({ article, structure, dangers }: FoundArticle): Said {
  const barcodes = article.barCodeInfo;
  const group = article.articleGroup;
  return without({
    name: article.articleName,
    description: article.description,
    group: group?.code === undefined ? undefined : { code: group.code, ...without({ name: group.name }) },
    unit: article.unitCode,
    stocked: article.isStockArticle,
    active: article.isActive,
    barcode: barcodes?.barCode,
    packageBarcode: barcodes?.barCodePackage,
    palletBarcode: barcodes?.barCodePallet,
    alternativeBarcodes: barcodes?.alternativeBarCodes.flatMap(({ barCode }) => barCode ?? []),
    weightKg: article.weight,
    netWeightKg: article.netWeight,
    lengthM: article.length,
    widthM: article.width,
    heightM: article.height,
    volumeL: article.volume === undefined ? undefined : String(litres(article.volume)),
    countryOfOrigin: article.countryOfOriginCode,
    customsNumber: article.statisticsNumber,
    customsText: article.customsDescription,
    dangerousGoods: dangersSaid(dangers),
    parts: structureSaid(structure),
    purchasePrice: article.purchasePrice === undefined ? undefined : String(article.purchasePrice),
    currency: article.purcaseCurrencyCode,
    customerPrice: article.customerPrice === undefined ? undefined : String(article.customerPrice),
  }) as Said;
}

export function structureSaid(structure: OngoingStructure | undefined): Said['parts'] {
  return structure?.rows.map((row) => ({ article: row.articleNumber, quantity: row.numberOfItems }));
}

export function dangersSaid(dangers: OngoingDangerousGoods | undefined): Said['dangerousGoods'] {
  if (!dangers) return undefined;
  return {
    unNumber: dangers.unNumber?.unNumber ?? '',
    ...without({
      packing: dangers.unPackageType,
      labels: dangers.unLabelNumbers,
      marinePollutant: dangers.unIsMarineHazard,
      coefficient: text(dangers.dangerousGoodsCoefficient),
      emsCode: dangers.emsCode,
      flashPointC: text(dangers.flashPoint),
      properNames: dangers.unProperShippingNames.map(({ languageCode, name }) => ({
        language: languageCode ?? '',
        name: name ?? '',
      })),
    }),
  } as Said['dangerousGoods'];
}

/** Of floats like 0.0005 m³ no dust is left. */
const litres = (cubicMetres: number) => Math.round(cubicMetres * LITRES_PER_CUBIC_METRE * 1000) / 1000;
const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
const decimal = (quantity: string | undefined) => (quantity === undefined ? undefined : Number(quantity));

function without<T extends object>(members: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
