import type { ArticleField } from '@samlast/contracts';
import { fieldsOf, type Owners, pick, type Said, same } from './article-fields.ts';
import { type Doubt, doubtsOf, type Limits, withoutBlanks } from './plausible.ts';

/** What of an article's data is true by configuration, and what of that goes to the WMS. */
export interface SortedOut {
  /** Of each member what its owner says. */
  readonly said: Said;
  readonly doubts: readonly Doubt[];
  /** What its owners say, without what is in doubt. */
  readonly wanted: Said;
}

/** Each member from its owner. */
export function sortOut(
  number: string,
  saidBy: ReadonlyMap<string, Said>,
  owners: Owners,
  limits: Limits,
): SortedOut {
  const said: Said = {};
  for (const [channel, words] of saidBy)
    Object.assign(
      said,
      pick(
        words,
        fieldsOf(words).filter((field) => owners[field] === channel),
      ),
    );
  const known = withoutBlanks(said);
  const doubts = doubtsOf(number, known, limits);
  const doubted = new Set(doubts.flatMap(({ fields }) => fields));
  const wanted = pick(
    known,
    fieldsOf(known).filter((field) => !doubted.has(field)),
  );
  // Whether a kit is stocked is the warehouse's affair: its parts are.
  if (wanted.parts && wanted.parts.length > 0) delete wanted.stocked;
  return { said, doubts, wanted };
}

/** What a channel says of members that are not its own, and that their owner says otherwise or not at all. */
export function foreignFields(channel: string, words: Said, said: Said, owners: Owners): ArticleField[] {
  return fieldsOf(withoutBlanks(words)).filter(
    (field) => owners[field] !== channel && !same(field, words[field], said[field]),
  );
}
