import { fromMilli } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';

/** One figure of one row that is not what the ledger's entries make of it. */
export interface Change {
  readonly name: string;
  readonly is: string | null;
  readonly should: string | null;
}

/** A row that was changed past the ledger. */
export interface Difference {
  /** The last entry about it. */
  readonly entry: string | null;
  readonly difference: string;
  readonly of: { readonly number?: string; readonly article?: string; readonly claim?: string };
  readonly changes: readonly Change[];
  /** Writes back what the entries make of it. Absent where they do not hold all of it: an order that is gone, say. */
  readonly mend?: (tx: EntityManager) => Promise<unknown>;
}

/** Of the same names in both, those that are not the same. Figures that are pieces read as people write them. */
export function changesOf<Name extends string>(
  is: Readonly<Record<Name, string | null>>,
  should: Readonly<Record<Name, string | null>>,
  pieces: ReadonlySet<string> = new Set(),
): Change[] {
  const show = (name: Name, text: string | null) =>
    text !== null && pieces.has(name) ? fromMilli(BigInt(text)) : text;
  return (Object.keys(should) as Name[])
    .filter((name) => is[name] !== should[name])
    .map((name) => ({ name, is: show(name, is[name]), should: show(name, should[name]) }));
}

export const toldOf = (changes: readonly Change[]) =>
  changes
    .map(({ name, is, should }) => `${name} is ${is ?? 'none'} and should be ${should ?? 'none'}`)
    .join(', ');
