import { fromMilli } from '@samlast/contracts';
import { type Claim, isHeld } from './claim.ts';
import type { ClaimOutcome } from './decide-claim.ts';

/** What a shop is told about a claim. */
export interface ClaimAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterS?: number;
}

const QUOTA_RETRY_S = 30;

/** To `POST /claims`. A repeated one is told what the claim promises now, since its shop may not look further. */
export function openedAnswer(outcome: ClaimOutcome, key: string): ClaimAnswer {
  if (outcome.outcome !== 'claim') return noClaim(outcome, key);
  const { claim, repeated } = outcome;
  if (claim.state === 'refused') return short(claim, 'claim.short', 'Not all of it can be promised.');
  if (!isHeld(claim) && claim.state !== 'ordered') return hasEnded(claim);
  return { status: repeated ? 200 : 201, body: shownAs(claim) };
}

/** To `PUT /claims/:key`. */
export function changedAnswer(outcome: ClaimOutcome, key: string): ClaimAnswer {
  if (outcome.outcome !== 'claim') return noClaim(outcome, key);
  const { claim } = outcome;
  if (isHeld(claim) || claim.state === 'ordered') return { status: 200, body: shownAs(claim) };
  if (claim.state === 'late') {
    const message = 'The claim had expired, and its pieces are gone: do not take the money.';
    return short(claim, 'late_confirm', message);
  }
  return hasEnded(claim);
}

function hasEnded(claim: Claim): ClaimAnswer {
  const message = `Claim ${claim.key} is ${claim.state}: it promises nothing any more. Open another one under a new key.`;
  return fault(409, 'claim.ended', message, shownAs(claim));
}

/** To `DELETE /claims/:key`. */
export function releasedAnswer(outcome: ClaimOutcome, key: string): ClaimAnswer {
  if (outcome.outcome !== 'claim') return noClaim(outcome, key);
  return { status: 200, body: shownAs(outcome.claim) };
}

function noClaim(outcome: Exclude<ClaimOutcome, { outcome: 'claim' }>, key: string): ClaimAnswer {
  switch (outcome.outcome) {
    case 'unknown':
      return unknownClaim(key);
    case 'differs': {
      const message = `The key ${key} was used for a claim with other content. Use a new key for each checkout.`;
      return fault(409, 'claim.key-reused', message);
    }
    case 'fraction': {
      const { article, wanted, whole } = outcome;
      const which = whole === article ? 'it' : whole;
      const message = `${wanted} of ${article} cannot be promised, as ${which} is sold in whole pieces only. Correct the quantity; if the article can be divided, correct wholePieces in the article master.`;
      return fault(422, 'claim.fraction', message);
    }
    case 'too-many': {
      const whose = outcome.whose === 'buyer' ? 'This buyer' : 'This channel';
      const message = `${whose} has ${outcome.most} claims open, as many as channels.json allows. Confirm or release some first.`;
      return { ...fault(429, `claims.${outcome.whose}-quota`, message), retryAfterS: QUOTA_RETRY_S };
    }
  }
}

export function unknownClaim(key: string): ClaimAnswer {
  const message = `No claim ${key} is known for this channel. Open it with POST /claims first.`;
  return { status: 404, body: { message, error: 'Not Found', statusCode: 404 } };
}

export function fault(statusCode: number, code: string, message: string, more: object = {}): ClaimAnswer {
  return { status: statusCode, body: { statusCode, code, message, ...more } };
}

const short = (claim: Claim, code: string, message: string) => fault(409, code, message, shownAs(claim));

export function shownAs({ channel, key, state, expiresAt, needs, shortages }: Claim) {
  return {
    channel,
    key,
    state,
    ...(state === 'open' && { expiresAt: expiresAt.toISOString() }),
    lines: [...needs].map(([article, quantity]) => ({ article, quantity: fromMilli(quantity) })),
    ...(shortages.length > 0 && {
      shortages: shortages.map(({ article, reason, wanted, free }) => ({
        article,
        reason,
        wanted: fromMilli(wanted),
        free: fromMilli(free),
      })),
    }),
  };
}
