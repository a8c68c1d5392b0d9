import type { ArticleField } from '@samlast/contracts';
import { fieldsOf, type Said, same } from './article-fields.ts';

/** What the WMS does not have: it concerns the stock authority alone. */
const NOT_IN_WMS: readonly ArticleField[] = ['wholePieces'];

export interface Merged {
  /** To be written, since the WMS has it otherwise. */
  readonly put: readonly ArticleField[];
  /** Changed at the warehouse since it was last written, and not by its owner: left as it is. */
  readonly left: readonly ArticleField[];
  /** It would go inactive, but there are pieces of it. */
  readonly held: boolean;
}

/**
 * What of `wanted` is to be written over what the WMS has. As in any merge of three, `base` is what was last written:
 * where the owner has not changed a member since, and the warehouse has, the warehouse's word stays, and a person is
 * told. Without a base the owner's word goes.
 */
export function mergeArticle(
  wanted: Said,
  base: Said | undefined,
  there: Said | undefined,
  hasPieces: boolean,
): Merged {
  const put: ArticleField[] = [];
  const left: ArticleField[] = [];
  let held = false;
  for (const field of fieldsOf(wanted)) {
    if (NOT_IN_WMS.includes(field)) continue;
    if (field === 'parts' && wanted.parts?.length === 0) continue;
    if (there && same(field, wanted[field], there[field])) continue;
    const unchanged = base && base[field] !== undefined && same(field, wanted[field], base[field]);
    if (there && field === 'active' && wanted.active === false && hasPieces) held = true;
    else if (there && unchanged) left.push(field);
    else put.push(field);
  }
  return { put, left, held };
}

/** The list of other barcodes: the owner's, and what people of the warehouse added to it. */
export function mergeBarcodes(
  wanted: readonly string[],
  base: readonly string[],
  there: readonly string[],
): string[] {
  const added = there.filter((barcode) => !base.includes(barcode) && !wanted.includes(barcode));
  return [...wanted, ...added];
}
