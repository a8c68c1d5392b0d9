import { type ShelfMethod, toMilli } from '@samlast/contracts';
import type { ClaimState } from '../claim-stock/claim.ts';
import { guardedIn, type Lease } from '../lease-stock/lease.ts';
import type { ArticleStatus } from '../reserve-stock/decide.ts';
import type { State } from '../tables/orders.ts';
import { NO_RULES, type Rules } from '../set-rules/rules.ts';
import type { Read, Revision, Share } from '../watermark/watermark.ts';

/** An entry of which nothing can be made: what it is about is in no entry before it. */
export class Unfoldable extends Error {
  override readonly name = 'Unfoldable';
}

export interface FoldedLine {
  revisions: readonly Revision[];
  share: Share;
}

/** Announced by purchase orders; a quantity as people write it. */
export interface FoldedArrival {
  readonly on?: string;
  readonly quantity: string;
}

/** Of an article, what an order was promised and what of it has vanished; quantities as people write them. */
export interface FoldedShare {
  readonly wanted: string;
  readonly missing: string;
}

export interface FoldedArticle {
  status: ArticleStatus;
  sellable: bigint;
  read?: Read;
  doubt?: bigint;
  takenLow: bigint;
  takenHigh: bigint;
  queued: bigint;
  queuedFirm: bigint;
  claimed: bigint;
  readonly claimedBy: Map<string, bigint>;
  /** What one piece of it consists of, where it is a kit. */
  parts: ReadonlyMap<string, bigint>;
  wholePieces: boolean;
  rules: Rules;
  leased: boolean;
  leasedFrom: number;
  version: number;
  readonly leases: Map<string, Lease>;
  readonly lines: Map<string, FoldedLine>;
  announced?: readonly FoldedArrival[];
  /** The last entry that changed it. */
  entry: string;
}

export interface FoldedClaim {
  state: ClaimState;
  readonly needs: ReadonlyMap<string, bigint>;
  entry: string;
}

export interface FoldedOrder {
  state: State;
  readonly channel: string;
  needs: ReadonlyMap<string, bigint>;
  /** What its shop has sold, where that is not what it wants. */
  wants?: ReadonlyMap<string, bigint>;
  /** What of it was set aside for it before it was decided: by its claim, by its channel's lease. */
  own: ReadonlyMap<string, bigint>;
  standing: boolean;
  /** The revision that it was placed or last amended under. */
  revision: number;
  firm: boolean;
  readonly articles: Set<string>;
  /** By article, while it is named for pieces that have vanished. */
  short?: ReadonlyMap<string, FoldedShare> | undefined;
  entry: string;
}

/** What entries say, each kind its part of it. */
export interface Data {
  revision: number;
  sent: number;
  accepted: number;
  state: State;
  firm?: boolean;
  outcome:
    | 'remembered'
    | 'released'
    | 'forwarded'
    | 'nothing'
    | 'refused'
    | 'ended'
    | 'repeated'
    | 'queued'
    | 'promised';
  needs: Record<string, string>;
  part?: Record<string, string>;
  wants?: Record<string, string>;
  articles: string[];
  nothing: boolean;
  known: boolean;
  standing: boolean;
  restocked?: boolean;
  older: boolean;
  status: ArticleStatus;
  sellable: string;
  started: number;
  ended: number;
  inFlight: string[];
  doubtful?: boolean;
  counts?: { sellable: string; doubt: string };
  channel: string;
  key: string;
  version: number;
  allowance: string;
  shelf: string;
  method: ShelfMethod;
  parts: Record<string, string>;
  wholePieces: boolean;
  expected: readonly FoldedArrival[];
  shortages: readonly (FoldedShare & { readonly article: string })[];
  leased: boolean;
  leases: Record<string, { target?: string; ungranted: string; flights: [number, string][] }>;
}

/** An article that no entry was about. */
export const unseen = (): FoldedArticle => ({
  status: 'unknown',
  sellable: 0n,
  takenLow: 0n,
  takenHigh: 0n,
  queued: 0n,
  queuedFirm: 0n,
  claimed: 0n,
  claimedBy: new Map(),
  parts: new Map(),
  wholePieces: false,
  rules: NO_RULES,
  leased: false,
  leasedFrom: 0,
  version: 0,
  leases: new Map(),
  lines: new Map(),
  entry: '0',
});

export const isKit = ({ parts }: FoldedArticle) => parts.size > 0;

export const mapOf = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([article, text]) => [article, toMilli(text)]));

export const promised = (article: FoldedArticle) => article.claimed + guardedIn(article.leases);

export const ended = (
  channel: string,
  needs: ReadonlyMap<string, bigint>,
  revision: number,
  entry: string,
): FoldedOrder => ({
  state: 'cancelled',
  channel,
  own: new Map(),
  standing: false,
  needs,
  revision,
  firm: false,
  articles: new Set(),
  entry,
});

/** By the kind of entry. */
export const CLAIM_STATES: Record<string, ClaimState> = {
  'claim.confirmed': 'confirmed',
  'claim.held-again': 'confirmed',
  'claim.late': 'late',
  'claim.expired': 'expired',
  'claim.released': 'released',
  'claim.ordered': 'ordered',
};
