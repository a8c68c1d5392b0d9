import { fromMilli } from '@samlast/contracts';
import { expand } from '../follow-kits/kits.ts';
import type { Needs } from '../reserve-stock/decide.ts';
import { capped } from '../set-rules/rules.ts';
import { dividedFor } from '../reserve-stock/whole-pieces.ts';
import { claimName, isOverPromised } from '../tables/article-book.ts';
import type { Book } from '../tables/book.ts';
import { type Claim, type ClaimShortage, isHeld } from './claim.ts';

interface Ref {
  readonly channel: string;
  readonly key: string;
}

/** What may be asked about claims. Times are the database's, as every process's own clock may jump. */
export type ClaimCommand =
  | (Ref & {
      readonly kind: 'open';
      readonly digest: string;
      readonly buyer?: string;
      readonly needs: Needs;
      readonly expiresAt: Date;
    })
  | (Ref & { readonly kind: 'extend'; readonly expiresAt: Date })
  | (Ref & { readonly kind: 'confirm' | 'release' })
  | (Ref & { readonly kind: 'expire'; readonly version: number });

export type ClaimOutcome =
  /** The claim as it is now, whatever its state; `repeated` when the request had been answered before. */
  | { readonly outcome: 'claim'; readonly claim: Claim; readonly repeated?: boolean }
  /** The key was used for another request. */
  | { readonly outcome: 'differs' }
  | { readonly outcome: 'too-many'; readonly whose: 'channel' | 'buyer'; readonly most: number }
  /** A fraction is wanted of an article that is sold in whole pieces only, as it or a part of it is. */
  | {
      readonly outcome: 'fraction';
      readonly article: string;
      readonly wanted: string;
      readonly whole: string;
    }
  | { readonly outcome: 'unknown' };

/** How many claims are held, to be counted on while a batch is decided. */
export interface ClaimCounts {
  readonly byChannel: Map<string, number>;
  readonly byBuyer: Map<string, number>;
}

/** Decides one request, in turn; the claims that it names have been loaded with all their articles. */
export function decideClaim(book: Book, command: ClaimCommand, counts: ClaimCounts): ClaimOutcome {
  const claim = book.claims.get(claimName(command));
  if (command.kind === 'open') return claim ? again(claim, command.digest) : open(book, command, counts);
  if (!claim || claim.state === 'refused') return { outcome: 'unknown' };
  switch (command.kind) {
    case 'extend':
      return extend(book, claim, command.expiresAt);
    case 'confirm':
      return confirm(book, claim);
    case 'release':
      if (isHeld(claim)) releaseClaim(book, claim, 'its shop gave it up');
      return { outcome: 'claim', claim };
    case 'expire':
      return expire(book, claim, command.version);
  }
}

function again(claim: Claim, digest: string): ClaimOutcome {
  return claim.digest === digest ? { outcome: 'claim', claim, repeated: true } : { outcome: 'differs' };
}

function open(
  book: Book,
  { channel, key, digest, buyer, needs: wants, expiresAt }: ClaimCommand & { kind: 'open' },
  counts: ClaimCounts,
): ClaimOutcome {
  for (const [article, wanted] of wants) {
    const whole = dividedFor(book, article, wanted);
    if (whole !== undefined) return { outcome: 'fraction', article, wanted: fromMilli(wanted), whole };
  }
  const full = tooMany(book, channel, buyer, counts);
  if (full) return full;
  const needs = expand(book.kits, wants);
  const shortages = shortagesOf(book, channel, needs);
  const rest = { channel, key, digest, needs, version: 1, expiresAt, ...(buyer !== undefined && { buyer }) };
  if (shortages.length > 0) {
    const claim: Claim = { ...rest, state: 'refused', shortages };
    book.keepClaim(claim);
    book.note('claim.refused', {}, { channel, key, shortages: shortages.map(textOf) });
    return { outcome: 'claim', claim };
  }
  const claim: Claim = { ...rest, state: 'open', shortages: [] };
  book.addClaim(claim);
  book.note('claim.held', {}, { channel, key, needs: textsOf(needs) });
  counts.byChannel.set(channel, (counts.byChannel.get(channel) ?? 0) + 1);
  if (buyer !== undefined) counts.byBuyer.set(`${channel}/${buyer}`, ofBuyer(counts, channel, buyer) + 1);
  return { outcome: 'claim', claim };
}

const ofBuyer = (counts: ClaimCounts, channel: string, buyer: string) =>
  counts.byBuyer.get(`${channel}/${buyer}`) ?? 0;

/** Whoever holds pieces without paying keeps them from others. */
function tooMany(
  book: Book,
  channel: string,
  buyer: string | undefined,
  counts: ClaimCounts,
): ClaimOutcome | undefined {
  const seller = book.terms.channels.find((one) => one.code === channel);
  const { claimsMost = 0, claimsPerBuyer = 0 } = seller ?? {};
  if ((counts.byChannel.get(channel) ?? 0) >= claimsMost)
    return { outcome: 'too-many', whose: 'channel', most: claimsMost };
  if (buyer !== undefined && ofBuyer(counts, channel, buyer) >= claimsPerBuyer)
    return { outcome: 'too-many', whose: 'buyer', most: claimsPerBuyer };
  return undefined;
}

/** All lines or none: what is missing of each article, with what could be promised of it. */
export function shortagesOf(book: Book, channel: string, needs: Needs): ClaimShortage[] {
  const shortages: ClaimShortage[] = [];
  for (const [article, wanted] of needs) {
    const { status, low } = book.figuresOf(article, channel);
    if (status === 'not-stocked') continue;
    const { queued, rules } = book.article(article);
    const left = capped(rules, channel, low - queued - rules.safety);
    const free = left > 0n && status === 'active' ? left : 0n;
    if (status === 'unknown') shortages.push({ article, reason: 'unknown-article', wanted, free });
    else if (status === 'inactive') shortages.push({ article, reason: 'inactive', wanted, free });
    else if (wanted > free) shortages.push({ article, reason: 'stock', wanted, free });
  }
  return shortages;
}

function extend(book: Book, claim: Claim, expiresAt: Date): ClaimOutcome {
  if (claim.state !== 'open' || claim.expiresAt >= expiresAt) return { outcome: 'claim', claim };
  Object.assign(claim, { expiresAt, version: claim.version + 1 });
  book.changedClaims.add(claim);
  return { outcome: 'claim', claim };
}

/**
 * The shop confirms before it takes the money; from then on the claim does not expire. One that has expired is claimed
 * again, and where its pieces are gone the shop is told so instead of taking the money.
 */
function confirm(book: Book, claim: Claim): ClaimOutcome {
  const { channel, key } = claim;
  if (claim.state === 'open' && [...claim.needs.keys()].some((one) => isOverPromised(book.article(one)))) {
    // Goods have vanished: better one buyer less whose money was not taken yet.
    book.endClaim(claim, 'late');
    claim.shortages = shortagesOf(book, channel, claim.needs);
    book.note('claim.late', {}, { channel, key, needs: textsOf(claim.needs) });
  } else if (claim.state === 'open') {
    Object.assign(claim, { state: 'confirmed', version: claim.version + 1 });
    book.changedClaims.add(claim);
    book.note('claim.confirmed', {}, { channel, key });
  } else if (claim.state === 'expired' || claim.state === 'late') {
    const shortages = shortagesOf(book, channel, claim.needs);
    const state = shortages.length > 0 ? 'late' : 'confirmed';
    if (state === 'confirmed') book.holdAgain(claim);
    Object.assign(claim, { state, shortages, version: claim.version + 1 });
    book.changedClaims.add(claim);
    const kind = state === 'late' ? 'claim.late' : 'claim.held-again';
    book.note(kind, {}, { channel, key, needs: textsOf(claim.needs) });
  }
  return { outcome: 'claim', claim };
}

function expire(book: Book, claim: Claim, version: number): ClaimOutcome {
  if (claim.state === 'open' && claim.version === version) {
    book.note('claim.expired', {}, { channel: claim.channel, key: claim.key, needs: textsOf(claim.needs) });
    book.endClaim(claim, 'expired');
  }
  return { outcome: 'claim', claim };
}

export function releaseClaim(book: Book, claim: Claim, cause: string): void {
  book.note(
    'claim.released',
    {},
    { channel: claim.channel, key: claim.key, needs: textsOf(claim.needs), cause },
  );
  book.endClaim(claim, 'released');
}

const textsOf = (needs: Needs) =>
  Object.fromEntries([...needs].map(([article, quantity]) => [article, fromMilli(quantity)]));
const textOf = ({ article, reason, free }: ClaimShortage) => `${article} ${reason} ${fromMilli(free)}`;
