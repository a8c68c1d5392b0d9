import type { ShopArticle } from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import { convert, rounding, Unit } from './tryton-units.ts';
import { fieldsOf } from './tryton-values.ts';

const Text = z.string().nullish();
const Measure = z.number().nullish();
const UnitOfMeasure = Unit.nullish();

/** What of a product this channel asks for and reads: names, barcodes, measures. */
export const Product = z.object({
  id: z.int(),
  code: Text,
  name: Text,
  description: Text,
  active: z.boolean(),
  type: z.string(),
  salable: z.boolean(),
  default_uom: z.object({ symbol: Text, digits: z.int() }),
  identifiers: z.array(z.object({ type: Text, code: Text })),
  weight: Measure,
  weight_uom: UnitOfMeasure,
  length: Measure,
  length_uom: UnitOfMeasure,
  width: Measure,
  width_uom: UnitOfMeasure,
  height: Measure,
  height_uom: UnitOfMeasure,
});
export type Product = z.output<typeof Product>;

export const PRODUCT_FIELDS = [
  ...fieldsOf('code name description active type salable default_uom.symbol default_uom.digits'),
  ...fieldsOf('identifiers.type identifiers.code'),
  ...['weight', 'length', 'width', 'height'].flatMap((measure) => [measure, `${measure}_uom.factor`]),
];

const BARCODES_MOST = 50;

/** Identifiers that are printed as bars; the others name a product elsewhere. */
const BARCODES = ['ean', 'upc', 'isbn', 'issn', 'ismn'];
/** The base units of Tryton's categories weight and length are the kilogram and the metre. */
const BASE: Unit = { factor: 1 };

/** A product in the kit's words; undefined for one without a code, of which nobody could say anything. */
export function toShopArticle(product: Product): ShopArticle | undefined {
  const { id, code, name, description, active, salable, default_uom: unit } = product;
  if (!code) return undefined;
  const [barcode, ...others] = product.identifiers.flatMap(({ type, code: bars }) =>
    bars && BARCODES.includes(type ?? '') ? [bars] : [],
  );
  return {
    id: String(id),
    listed: active && salable,
    article: {
      number: code,
      active,
      stocked: product.type !== 'service',
      wholePieces: unit.digits === 0,
      ...(name && { name: fitText(name, 300) }),
      ...(description && { description: fitText(description, 2000) }),
      ...(unit.symbol && { unit: fitText(unit.symbol, 20) }),
      ...(barcode && { barcode }),
      ...(others.length > 0 && { alternativeBarcodes: others.slice(0, BARCODES_MOST) }),
      ...measured('weightKg', product.weight, product.weight_uom),
      ...measured('lengthM', product.length, product.length_uom),
      ...measured('widthM', product.width, product.width_uom),
      ...measured('heightM', product.height, product.height_uom),
    },
  };
}

function measured<Name extends string>(name: Name, measure?: number | null, unit?: Unit | null) {
  if (!measure || !unit) return {};
  return { [name]: String(rounding(convert(measure, unit, BASE))) } as Record<Name, string>;
}
