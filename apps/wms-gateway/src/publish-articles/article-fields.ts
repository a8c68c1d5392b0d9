import { aspectOf, ownerOf, type Article, type ArticleField, type AspectClaim } from '@samlast/contracts';

/** What somebody says of an article, but for its number. */
export type Said = Partial<Omit<Article, 'number'>>;

export const fieldsOf = (said: Said) =>
  (Object.keys(said) as ArticleField[]).filter((field) => field in aspectOf && said[field] !== undefined);

export function pick(said: Said, fields: readonly ArticleField[]): Said {
  return Object.fromEntries(
    fields.map((field) => [field, said[field]]).filter(([, value]) => value !== undefined),
  );
}

export type Owners = Readonly<Record<ArticleField, string | undefined>>;

/** The channel that each member of an article belongs to. */
export function ownersOf(channels: readonly AspectClaim[]): Owners {
  const owners = Object.entries(aspectOf).map(([field, aspect]) => [field, ownerOf(channels, aspect)]);
  return Object.fromEntries(owners) as Owners;
}

const DECIMALS: ReadonlySet<string> = new Set<ArticleField>([
  'weightKg',
  'netWeightKg',
  'lengthM',
  'widthM',
  'heightM',
  'volumeL',
  'purchasePrice',
  'customerPrice',
]);
/** Compared without case: the WMS writes units small, and codes as it likes. */
const CODES: ReadonlySet<string> = new Set<ArticleField>(['unit', 'countryOfOrigin', 'currency']);
const FLAGS: ReadonlySet<string> = new Set<ArticleField>(['active', 'stocked']);

/**
 * Whether two say the same of a member: 0.210 is 0.21, blanks around a text and the order of a list mean nothing, and
 * nothing said is an empty text. Of dangerous goods only the members count that `ours` has.
 */
export function same(field: ArticleField, ours: unknown, theirs: unknown): boolean {
  if (field === 'dangerousGoods') return sameMembers(ours, theirs);
  return JSON.stringify(plain(field, ours)) === JSON.stringify(plain(field, theirs));
}

function plain(field: ArticleField, value: unknown): unknown {
  if (FLAGS.has(field)) return value ?? true;
  if (value === undefined || value === null || value === '') return '';
  if (DECIMALS.has(field)) return Number(value);
  if (field === 'group') return (value as NonNullable<Said['group']>).code.trim().toLowerCase();
  if (field === 'alternativeBarcodes') return [...new Set(value as string[])].toSorted();
  if (field === 'parts') {
    const parts = value as NonNullable<Said['parts']>;
    return parts
      .map((part) => [part.article, Number(part.quantity)])
      .toSorted(([a], [b]) => (`${a}` < `${b}` ? -1 : 1));
  }
  if (typeof value !== 'string') return value;
  const text = value.replaceAll('\r\n', '\n').trim();
  return CODES.has(field) ? text.toLowerCase() : text;
}

function sameMembers(ours: unknown, theirs: unknown): boolean {
  const there = (theirs ?? {}) as Record<string, unknown>;
  return Object.entries((ours ?? {}) as Record<string, unknown>).every(([name, value]) =>
    name === 'flashPointC' || name === 'coefficient'
      ? Number(value) === Number(there[name] ?? Number.NaN)
      : JSON.stringify(value) === JSON.stringify(there[name]),
  );
}

const words: Readonly<Record<ArticleField, readonly [name: string, unit?: string]>> = {
  name: ['name'],
  description: ['description'],
  group: ['group'],
  unit: ['unit'],
  wholePieces: ['whole pieces only'],
  stocked: ['kept in stock'],
  active: ['active'],
  barcode: ['barcode'],
  packageBarcode: ['barcode of a package'],
  palletBarcode: ['barcode of a pallet'],
  alternativeBarcodes: ['other barcodes'],
  weightKg: ['weight', 'kg'],
  netWeightKg: ['net weight', 'kg'],
  lengthM: ['length', 'm'],
  widthM: ['width', 'm'],
  heightM: ['height', 'm'],
  volumeL: ['volume', 'l'],
  countryOfOrigin: ['country of origin'],
  customsNumber: ['customs number'],
  customsText: ['customs text'],
  dangerousGoods: ['dangerous goods'],
  parts: ['parts'],
  purchasePrice: ['purchase price'],
  currency: ['currency'],
  customerPrice: ['price'],
};
const VALUE_SHOWN_MAX = 60;

export const nameOf = (field: ArticleField) => words[field][0];

/** A value in words, such as '0.21 kg'. */
export function sayValue(field: ArticleField, value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const unit = words[field][1];
  const text = typeof value === 'string' ? value : sayObject(field, value);
  return `${text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text}${unit ? ` ${unit}` : ''}`;
}

function sayObject(field: ArticleField, value: unknown): string {
  if (field === 'group') return (value as NonNullable<Said['group']>).code;
  if (field === 'alternativeBarcodes') return (value as string[]).join(', ');
  if (field === 'dangerousGoods') return `UN ${(value as NonNullable<Said['dangerousGoods']>).unNumber}`;
  if (field === 'parts')
    return (value as NonNullable<Said['parts']>).map((part) => `${part.quantity} ${part.article}`).join(', ');
  return JSON.stringify(value);
}
