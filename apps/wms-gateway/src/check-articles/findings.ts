import type { ArticleField } from '@samlast/contracts';
import {
  fieldsOf,
  nameOf,
  type Owners,
  type Said,
  same,
  sayValue,
} from '../publish-articles/article-fields.ts';
import type { Words } from '../publish-articles/article-words.ts';
import { foreignFields, type SortedOut } from '../publish-articles/sort-out.ts';

/** What does not fit, and whether a person has to do something about it; notes are for whoever wants to know. */
export const kinds = {
  implausible: 'act',
  refused: 'act',
  'unknown-number': 'act',
  'other-number': 'act',
  'barcode-twice': 'act',
  'other-barcode': 'act',
  'not-owner': 'act',
  'changed-in-wms': 'act',
  'gone-with-stock': 'act',
  vanished: 'act',
  'own-words': 'note',
  'only-in-wms': 'note',
} as const;
export type Kind = keyof typeof kinds;

/** One per kind and channel of an article. */
export interface Finding {
  readonly kind: Kind;
  /** The channel where it is to be put right; empty for the warehouse. */
  readonly channel: string;
  readonly fields: readonly ArticleField[];
  /** What is so, and why. */
  readonly text: string;
  readonly remedy: string;
}

export interface Facts {
  readonly article: string;
  readonly words: ReadonlyMap<string, Words>;
  readonly sorted: SortedOut;
  /** What the WMS has, as it was last seen. */
  readonly seen: { readonly there: Said; readonly pieces: boolean } | undefined;
  readonly data: { readonly written: Said | undefined; readonly refusal: string | undefined } | undefined;
  /** The WMS had it, and has it no more. */
  readonly vanished: boolean;
  /** A write of it is under way: what differs until then is no news. */
  readonly waiting: boolean;
  /** Other numbers with the same barcode, and who says so. */
  readonly sharing: readonly { article: string; channel: string; barcode: string }[];
}

/** Texts and prices for buyers: a shop has its own. */
const OWN_WORDS: readonly ArticleField[] = ['name', 'description', 'group', 'customerPrice'];

export function findingsOf(facts: Facts, owners: Owners): Finding[] {
  const maker = owners.name;
  const made = maker === undefined ? undefined : facts.words.get(maker);
  const isMade = made?.published === true && !made.withdrawn;
  return [
    ...doubtful(facts, owners),
    ...refused(facts, maker),
    ...numbers(facts, maker, isMade),
    ...barcodes(facts, owners),
    ...(isMade || maker === undefined ? foreign(facts, owners) : []),
    ...(isMade ? changed(facts, owners) : []),
    ...gone(facts, maker, isMade),
    ...vanished(facts, maker, isMade),
  ];
}

function doubtful({ sorted }: Facts, owners: Owners): Finding[] {
  const byOwner = new Map<string, Finding>();
  for (const { fields, text } of sorted.doubts) {
    const channel = fields.map((field) => owners[field]).find((owner) => owner !== undefined) ?? '';
    const before = byOwner.get(channel);
    byOwner.set(channel, {
      kind: 'implausible',
      channel,
      fields: [...(before?.fields ?? []), ...fields],
      text: before ? `${before.text} ${text}` : text,
      remedy: `Correct it in ${channel}; until then the warehouse keeps what it has, and gets all the rest.`,
    });
  }
  return [...byOwner.values()];
}

function refused({ data, waiting }: Facts, maker: string | undefined): Finding[] {
  if (!data?.refusal || waiting) return [];
  const remedy = 'Put right what it says, there or at the warehouse, and then press Write again.';
  return [{ kind: 'refused', channel: maker ?? '', fields: [], text: data.refusal, remedy }];
}

/** Channels that sell what its maker does not have, under a number that may just be another one. */
function numbers(
  { article, words, seen, sharing }: Facts,
  maker: string | undefined,
  isMade: boolean,
): Finding[] {
  if (maker === undefined || isMade) return [];
  const sellers = [...words.values()].filter(
    ({ channel, withdrawn, listed, published }) =>
      channel !== maker && !withdrawn && listed !== false && (listed === true || published),
  );
  const renamedTo = words.get(maker)?.renamedTo;
  const twin = renamedTo ?? sharing.find(({ channel }) => channel === maker)?.article;
  if (sellers.length === 0) {
    if (!seen || seen.there.active === false || words.get(maker)?.withdrawn) return [];
    const text = `The warehouse has ${article}, and ${maker} does not.`;
    const remedy = `Make it in ${maker}, or have the warehouse set it inactive.`;
    return [{ kind: 'only-in-wms', channel: '', fields: [], text, remedy }];
  }
  return sellers.map(({ channel, said, barcode }): Finding => {
    if (twin !== undefined) {
      const why = renamedTo
        ? `renamed it to ${twin}`
        : `has barcode ${said.barcode ?? barcode} under ${twin}`;
      const text = `${channel} calls it ${article}, and ${maker} ${why}.`;
      const remedy = `Change the number in ${channel} to ${twin}: until then its shop does not follow the stock of ${twin}.`;
      return { kind: 'other-number', channel, fields: [], text, remedy };
    }
    const text = `${channel} sells ${article}, and ${maker} has no such article.`;
    const remedy = `Make it in ${maker}, or correct the number in ${channel}.`;
    return { kind: 'unknown-number', channel, fields: [], text, remedy };
  });
}

function barcodes({ article, words, sorted, sharing }: Facts, owners: Owners): Finding[] {
  const owner = owners.barcode;
  const findings: Finding[] = [];
  const ours = sorted.said.barcode;
  const twins = sharing.filter(({ channel, barcode }) => channel === owner && barcode === ours);
  if (owner !== undefined && ours && twins.length > 0) {
    const others = twins.map((twin) => twin.article).join(', ');
    const text = `${owner} has barcode ${ours} at ${article} and at ${others}: a scan finds either.`;
    const remedy = `Give each its own barcode in ${owner}.`;
    findings.push({ kind: 'barcode-twice', channel: owner, fields: ['barcode'], text, remedy });
  }
  for (const { channel, said, barcode, withdrawn } of words.values()) {
    const theirs = said.barcode || barcode;
    if (channel === owner || withdrawn || !theirs || !ours || same('barcode', theirs, ours)) continue;
    if (sorted.said.alternativeBarcodes?.includes(theirs)) continue;
    const text = `${channel} has barcode ${theirs} at ${article}, and ${owner} has ${ours}: they may be two articles.`;
    const remedy = `See which is on the goods, and correct the other. If they are two articles, give one another number.`;
    findings.push({ kind: 'other-barcode', channel, fields: ['barcode'], text, remedy });
  }
  return findings;
}

function foreign({ words, sorted }: Facts, owners: Owners): Finding[] {
  return [...words.values()].flatMap(({ channel, said, withdrawn }): Finding[] => {
    if (withdrawn) return [];
    const fields = foreignFields(channel, said, sorted.said, owners).filter((field) => field !== 'barcode');
    const own = fields.filter((field) => OWN_WORDS.includes(field) && sorted.said[field] !== undefined);
    const data = fields.filter((field) => !own.includes(field));
    const say = (which: ArticleField[]) =>
      `${channel} says ${differences(which, said, sorted.said, owners)}.`;
    const findings: Finding[] = [];
    if (data.length > 0) {
      const whose = [...new Set(data.map((field) => owners[field] ?? 'nobody'))].join(' and ');
      const remedy = `They belong to ${whose}, and are not written. Correct them in ${channel} or there, or make ${channel} their owner in channels.json.`;
      findings.push({ kind: 'not-owner', channel, fields: data, text: say(data), remedy });
    }
    if (own.length > 0) {
      const remedy = 'Nothing, where the shop means to call it so.';
      findings.push({ kind: 'own-words', channel, fields: own, text: say(own), remedy });
    }
    return findings;
  });
}

function differences(fields: readonly ArticleField[], theirs: Said, said: Said, owners: Owners): string {
  return fields
    .map((field) => {
      const owner = owners[field] ?? 'nobody';
      return `${nameOf(field)} ${sayValue(field, theirs[field])} (${owner}: ${sayValue(field, said[field])})`;
    })
    .join('; ');
}

/** The WMS has something else than its owners say. */
function changed({ sorted, seen, data, waiting }: Facts, owners: Owners): Finding[] {
  if (!seen || waiting || data?.refusal) return [];
  const { there, pieces } = seen;
  const { wanted } = sorted;
  const fields = fieldsOf(wanted).filter((field) => {
    if (field === 'wholePieces' || (field === 'parts' && wanted.parts?.length === 0)) return false;
    if (field === 'active' && wanted.active === false && pieces) return false;
    return !same(field, wanted[field], there[field]);
  });
  if (fields.length === 0) return [];
  const byHand = fields.every((field) => same(field, data?.written?.[field], wanted[field]));
  const owner = [...new Set(fields.map((field) => owners[field]))].join(' and ');
  const why = byHand
    ? 'it was changed at the warehouse'
    : 'it was not written, or the warehouse took it otherwise';
  return [
    {
      kind: 'changed-in-wms',
      channel: '',
      fields,
      text: `The warehouse has ${differences(fields, there, wanted, owners)}: ${why}.`,
      remedy: `If the warehouse is right, correct it in ${owner}. If not, press Write again.`,
    },
  ];
}

/** Its maker has it no more, or says that it is inactive, and there are pieces of it. */
function gone(
  { article, words, sorted, seen }: Facts,
  maker: string | undefined,
  isMade: boolean,
): Finding[] {
  const made = maker === undefined ? undefined : words.get(maker);
  const inactive = isMade && sorted.wanted.active === false;
  if (!maker || !seen?.pieces || seen.there.active === false || (!made?.withdrawn && !inactive)) return [];
  const how = made?.renamedTo
    ? `renamed it to ${made.renamedTo}`
    : inactive
      ? 'says that it is inactive'
      : 'deleted it';
  const text = `${maker} ${how}, and there are pieces of ${article} in the warehouse, on orders or announced.`;
  const remedy = made?.renamedTo
    ? `Have the warehouse move them to ${made.renamedTo}; then ${article} goes inactive by itself. Orders under it go on until then.`
    : `Sell or scrap what is left; then it goes inactive in the warehouse by itself. If it was a mistake, make it in ${maker} again.`;
  return [{ kind: 'gone-with-stock', channel: maker, fields: [], text, remedy }];
}

/** It is gone from the warehouse, and somebody makes or sells it: where nobody does, it may be gone. */
function vanished(
  { article, words, sorted, ...facts }: Facts,
  maker: string | undefined,
  isMade: boolean,
): Finding[] {
  if (!facts.vanished || facts.waiting || (isMade && sorted.wanted.active === false)) return [];
  const live = [...words.values()].filter(
    ({ withdrawn, listed, published }) => !withdrawn && (published || listed !== false),
  );
  if (live.length === 0) return [];
  const who = live.map(({ channel }) => channel).join(', ');
  const text = `The warehouse had ${article}, and has it no more: it was deleted there, or has another number now. Nothing of it is sold, and ${who} still ${live.length > 1 ? 'have' : 'has'} it.`;
  const again = isMade ? 'If it was a mistake, press Write again. ' : '';
  const remedy = `${again}If it has another number there, have the old one given back. If it is to go, delete it in ${isMade && maker ? maker : 'its systems'} too.`;
  return [{ kind: 'vanished', channel: '', fields: [], text, remedy }];
}
