import { type ArticleField, ArticleRefused, type Event } from '@samlast/contracts';
import { nameOf, type Owners, type Said, sayValue } from './article-fields.ts';
import { foreignFields, type SortedOut } from './sort-out.ts';

const TEXT_MAX = 1000;

/** What of a channel's words about an article is not taken, and why, as it is told. */
export function refusalsOf(
  number: string,
  channel: string,
  words: Said,
  { said, doubts }: SortedOut,
  owners: Owners,
): Event[] {
  const refused = (more: Omit<Parameters<typeof ArticleRefused.of>[0], 'channel' | 'article'>) =>
    ArticleRefused.of({ ...more, channel, article: number, text: more.text?.slice(0, TEXT_MAX) });
  const foreign = foreignFields(channel, words, said, owners);
  const strangers = new Set(foreign.map((field) => owners[field]));
  return [
    ...[...strangers].map((owner) => {
      const fields = foreign.filter((field) => owners[field] === owner);
      return refused({
        reason: 'not-master',
        fields,
        owner,
        text: sayForeign(number, fields, words, said, owner),
      });
    }),
    ...doubts
      .filter(({ fields }) => fields.some((field) => owners[field] === channel))
      .map(({ fields, text }) => refused({ reason: 'implausible', fields: [...fields], text })),
  ];
}

/** Who owns these members, what the owner says, and what to do. */
export function sayForeign(
  number: string,
  fields: readonly ArticleField[],
  words: Said,
  said: Said,
  owner: string | undefined,
): string {
  const each = fields.map((field) => {
    const theirs = said[field] === undefined ? 'has said none' : `says ${sayValue(field, said[field])}`;
    return `${nameOf(field)} ${sayValue(field, words[field])} (${owner ?? 'nobody'} ${theirs})`;
  });
  const names = fields.map(nameOf).join(', ');
  return owner
    ? `Of ${number} these are not written: ${each.join('; ')}. ${owner} owns them: correct them there, or make yours ` +
        'their owner (articleAspects in channels.json).'
    : `No channel owns ${names}: name one in channels.json (articleMaster or articleAspects).`;
}

export function twinRefusal(number: string, channel: string, twin: string): Event {
  const text =
    `${number} and ${twin} differ only in case or blanks, and the warehouse may take them for one: nothing of ${number} ` +
    'is written. Give one of them another number.';
  return ArticleRefused.of({ channel, article: number, reason: 'implausible', fields: [], text });
}
