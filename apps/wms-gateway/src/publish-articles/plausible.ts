import type { ArticleField } from '@samlast/contracts';
import { fieldsOf, type Said } from './article-fields.ts';

/** Members that cannot be right together, and why in words for a shop keeper. */
export interface Doubt {
  readonly fields: readonly ArticleField[];
  readonly text: string;
}

export interface Limits {
  readonly weightMostKg: number;
  readonly lengthMostM: number;
}

const LENGTHS = ['lengthM', 'widthM', 'heightM'] as const;
const WEIGHTS = ['weightKg', 'netWeightKg'] as const;
const PRICES = ['purchasePrice', 'customerPrice'] as const;
/** Kilograms in a cubic metre: no metal is heavier, and what is lighter would fly. */
const DENSEST = 23_000;
const THINNEST = 1;
/** Of lighter things a rounded millimetre says too little. */
const WEIGHED_FROM_KG = 0.05;
/** A volume that is so many times off length by width by height is in another unit. */
const VOLUME_OFF = 100;
/** Lengths of GTINs with a check digit; of eight digits are many shops' own numbers too. */
const GTIN_LENGTHS = [12, 13, 14];
const UN_NUMBER_MOST = 3_600;

/**
 * What of this cannot be right. A wrong unit is what it is for: grams for kilograms, centimetres for metres. What is
 * doubted is kept from the WMS, and all the rest goes there.
 */
export function doubtsOf(number: string, said: Said, limits: Limits): Doubt[] {
  const single = [...weights(said, limits), ...lengths(said, limits), ...prices(said)];
  const doubted = new Set(single.flatMap(({ fields }) => fields));
  const sound = Object.fromEntries(Object.entries(said).filter(([field]) => !doubted.has(field as never)));
  return [
    ...single,
    ...density(sound),
    ...volume(sound),
    ...barcodes(said),
    ...dangers(said),
    ...kit(number, said),
  ];
}

/** Without what many systems write for "not known": weights and measures of 0, and an empty name or unit. */
export function withoutBlanks(said: Said): Said {
  const isBlank = (field: ArticleField) =>
    field === 'name' || field === 'unit'
      ? said[field]?.trim() === ''
      : [...WEIGHTS, ...LENGTHS, 'volumeL'].includes(field) && Number(said[field]) === 0;
  return Object.fromEntries(
    fieldsOf(said)
      .filter((field) => !isBlank(field))
      .map((field) => [field, said[field]]),
  );
}

function weights(said: Said, { weightMostKg }: Limits): Doubt[] {
  const doubts = WEIGHTS.flatMap((field) => {
    const kg = numberOf(said[field]);
    if (kg === undefined) return [];
    if (kg < 0) return [{ fields: [field], text: `It weighs ${kg} kg, less than nothing.` }];
    if (kg <= weightMostKg) return [];
    const text =
      `It weighs ${kg} kg, more than ${weightMostKg} kg. Is that grams? Send kilograms. If it does weigh that, raise ` +
      'ARTICLE_WEIGHT_MOST_KG of the gateway.';
    return [{ fields: [field], text }];
  });
  const [gross, net] = [numberOf(said.weightKg), numberOf(said.netWeightKg)];
  if (doubts.length === 0 && gross && net && net > gross) {
    const text = `Its net weight, ${net} kg, is more than its weight with packing, ${gross} kg.`;
    doubts.push({ fields: ['netWeightKg'], text });
  }
  return doubts;
}

function lengths(said: Said, { lengthMostM }: Limits): Doubt[] {
  return LENGTHS.flatMap((field) => {
    const metres = numberOf(said[field]);
    const side = field.slice(0, -1);
    if (metres === undefined || (metres >= 0 && metres <= lengthMostM)) return [];
    if (metres < 0) return [{ fields: [field], text: `Its ${side} is ${metres} m, less than nothing.` }];
    const text =
      `Its ${side} is ${metres} m, more than ${lengthMostM} m. Is that centimetres or millimetres? Send metres. If it ` +
      'is that long, raise ARTICLE_LENGTH_MOST_M of the gateway.';
    return [{ fields: [field], text }];
  });
}

function density(said: Said): Doubt[] {
  const kg = numberOf(said.weightKg);
  const metres = cubicMetres(said);
  if (!kg || !metres || kg < WEIGHED_FROM_KG) return [];
  const density = kg / metres;
  if (density <= DENSEST && density >= THINNEST) return [];
  const fields: ArticleField[] = ['weightKg', ...LENGTHS];
  const box = LENGTHS.map((field) => said[field]).join(' x ');
  const text =
    density > DENSEST
      ? `${kg} kg in ${box} m would be heavier than any metal. Is the weight in grams? Send kilograms and metres.`
      : `${kg} kg in ${box} m would be lighter than air. Are the measures in centimetres? Send kilograms and metres.`;
  return [{ fields, text }];
}

function volume(said: Said): Doubt[] {
  const litres = numberOf(said.volumeL);
  if (litres === undefined) return [];
  if (litres < 0) return [{ fields: ['volumeL'], text: `Its volume is ${litres} l, less than nothing.` }];
  const box = (cubicMetres(said) ?? 0) * 1000;
  if (!litres || !box || (litres / box <= VOLUME_OFF && box / litres <= VOLUME_OFF)) return [];
  const text = `Its volume is ${litres} l, but length by width by height make ${round(box)} l. Send litres and metres.`;
  return [{ fields: ['volumeL'], text }];
}

function prices(said: Said): Doubt[] {
  return PRICES.filter((field) => (numberOf(said[field]) ?? 0) < 0).map((field) => ({
    fields: [field],
    text: `Its price is ${said[field]}, less than nothing.`,
  }));
}

function barcodes(said: Said): Doubt[] {
  const doubts: Doubt[] = [];
  const seen = new Map<string, ArticleField>();
  const check = (field: ArticleField, barcode: string) => {
    const text = barcodeFault(barcode) ?? twice(barcode, seen.get(barcode));
    if (text) doubts.push({ fields: [field], text });
    seen.set(barcode, field);
  };
  for (const field of ['barcode', 'packageBarcode', 'palletBarcode'] as const)
    if (said[field]) check(field, said[field]);
  for (const barcode of said.alternativeBarcodes ?? []) check('alternativeBarcodes', barcode);
  return doubts;
}

function twice(barcode: string, before: ArticleField | undefined): string | undefined {
  return before && `Barcode ${barcode} stands twice at it: a scan would not tell a piece from a package.`;
}

function barcodeFault(barcode: string): string | undefined {
  if (barcode.trim() !== barcode || barcode === '')
    return `Barcode '${barcode}' has blanks around it: leave them out.`;
  if (!/^\d+$/.test(barcode) || !GTIN_LENGTHS.includes(barcode.length)) return undefined;
  const right = checkDigit(barcode.slice(0, -1));
  if (barcode.endsWith(right)) return undefined;
  return `Barcode ${barcode} should end in ${right}, by its other digits: a digit is mistyped. Read it from the goods.`;
}

/** Of a GTIN without its last digit: three times each second digit from the right, and what is missing to a ten. */
export function checkDigit(digits: string): string {
  const sum = [...digits]
    .toReversed()
    .reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

function dangers({ dangerousGoods }: Said): Doubt[] {
  if (!dangerousGoods) return [];
  const number = Number(dangerousGoods.unNumber);
  if (number >= 4 && number <= UN_NUMBER_MOST) return [];
  return [{ fields: ['dangerousGoods'], text: `There is no UN number ${dangerousGoods.unNumber}.` }];
}

function kit(number: string, { parts = [] }: Said): Doubt[] {
  const names = parts.map((part) => part.article);
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (names.includes(number)) return [{ fields: ['parts'], text: `Kit ${number} is a part of itself.` }];
  if (repeated === undefined) return [];
  return [
    { fields: ['parts'], text: `Kit ${number} names its part ${repeated} twice: add up the quantities.` },
  ];
}

function cubicMetres(said: Said): number | undefined {
  const [length, width, height] = LENGTHS.map((field) => numberOf(said[field]));
  return length && width && height ? length * width * height : undefined;
}

const numberOf = (quantity: string | undefined) => (quantity === undefined ? undefined : Number(quantity));
const round = (value: number) => Number(value.toPrecision(3));
