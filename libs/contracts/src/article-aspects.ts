import { z } from 'zod';
import type { Article } from './article.ts';

/** A group of an article's members that one system owns. */
export const ArticleAspect = z.enum(['names', 'barcodes', 'measures', 'customs', 'parts', 'prices']);
export type ArticleAspect = z.infer<typeof ArticleAspect>;

export type ArticleField = Exclude<keyof Article, 'number'>;

/** The aspect that each member of an article belongs to. */
export const aspectOf = {
  name: 'names',
  description: 'names',
  group: 'names',
  unit: 'names',
  wholePieces: 'names',
  stocked: 'names',
  active: 'names',
  barcode: 'barcodes',
  packageBarcode: 'barcodes',
  palletBarcode: 'barcodes',
  alternativeBarcodes: 'barcodes',
  weightKg: 'measures',
  netWeightKg: 'measures',
  lengthM: 'measures',
  widthM: 'measures',
  heightM: 'measures',
  volumeL: 'measures',
  countryOfOrigin: 'customs',
  customsNumber: 'customs',
  customsText: 'customs',
  dangerousGoods: 'customs',
  parts: 'parts',
  purchasePrice: 'prices',
  currency: 'prices',
  customerPrice: 'prices',
} as const satisfies Record<ArticleField, ArticleAspect>;

/** What an owner is found by; a line of channels.json, or a part of one. */
export interface AspectClaim {
  readonly code: string;
  readonly articleMaster?: boolean | undefined;
  readonly articleAspects?: readonly ArticleAspect[] | undefined;
}

/** The channel that an aspect belongs to: the one that names it, or else the article master. */
export function ownerOf(channels: readonly AspectClaim[], aspect: ArticleAspect): string | undefined {
  const named = channels.find((channel) => channel.articleAspects?.includes(aspect));
  return (named ?? channels.find((channel) => channel.articleMaster))?.code;
}
