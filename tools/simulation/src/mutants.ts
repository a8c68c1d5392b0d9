import { fromMilli, toMilli } from '@samlast/contracts';
import { type Deciders, deciders } from './deciders.ts';
import { mistakes } from './known-mistakes.ts';
import { sharedBeforeSalesWereRead } from './moments.ts';
import type { Mutant } from './mutant.ts';
import { Mutated } from './mutated-book.ts';
import { ruleMistakes } from './rule-mistakes.ts';

const contained = <Data extends object>(data: Data): Data => ({ ...data, sent: 0, accepted: 0 });

/** Of several lines of one article the last one counts, as if each were checked against the same stock. */
const readLinesApart: Deciders['read'] = (message, terms) => {
  const wish = deciders.read(message, terms);
  if (wish.kind === 'cancel') return wish;
  const needs = new Map(wish.order.lines.map(({ article, quantity }) => [article, BigInt(quantity) * 1000n]));
  return { ...wish, needs };
};

const withoutClaim: Deciders['placeOrder'] = (book, placed) => {
  const { claimKey: _, ...order } = placed.order;
  deciders.placeOrder(book, { ...placed, order });
};

/** An answer is taken for one to the newest revision. */
const answerToNewest: Deciders['accept'] = (book, data) => {
  const newest = book.line(data.number, data.article)?.revisions.at(-1);
  const { revision, quantity } = newest ?? { revision: data.revision, quantity: toMilli(data.quantity) };
  deciders.accept(book, { ...data, revision, quantity: fromMilli(quantity) });
};

/** What the warehouse has cancelled is an order again when staff changes it in its shop. */
const broughtBack: Deciders['amendOrder'] = (book, amended) => {
  const order = book.orders.get(amended.number);
  if (order?.state === 'cancelled' && order.standing) order.state = 'reserved';
  deciders.amendOrder(book, amended);
};

const leftOut: readonly Mutant[] = [
  {
    name: 'stale-figures',
    of: 'medusa#16569, vendure#3508, saleor#543, nopCommerce#4184',
    spoil: { Book: Mutated.stale },
  },
  { name: 'lines-apart', of: 'medusa#16502', spoil: { read: readLinesApart } },
  { name: 'freed-twice', of: 'medusa#12401', spoil: { Book: Mutated.freedTwice } },
  {
    name: 'late-payment',
    of: 'vendure#3065',
    spoil: {
      decideClaim(book, command, counts) {
        const outcome = deciders.decideClaim(book, command, counts);
        if (command.kind !== 'confirm' || outcome.outcome !== 'claim' || outcome.claim.state !== 'late')
          return outcome;
        return { ...outcome, claim: Object.assign(outcome.claim, { state: 'confirmed' as const }) };
      },
    },
  },
  { name: 'promised-when-accepted', of: 'magento#3036', spoil: { Book: Mutated.promisedLate } },
  { name: 'own-second-hold', of: 'woocommerce#67354', spoil: { placeOrder: withoutClaim } },
  { name: 'checked-not-held', of: 'woocommerce-gateway-stripe#5720', spoil: { Book: Mutated.holdsNothing } },
  {
    name: 'stocked-without-read-back',
    of: 'design 6.3',
    spoil: {
      decideShelf(facts, read) {
        const decision = deciders.decideShelf(facts, read);
        if (facts.method !== 'stocked') return decision;
        const assumed = facts.sold - facts.open + decision.to;
        return { ...decision, again: false, proven: assumed, provenByWrite: assumed };
      },
    },
  },
  {
    name: 'absolute-without-feed-fence',
    of: 'design 6.3',
    spoil: {
      decideShelf: (facts, read) =>
        deciders.decideShelf(
          facts.method === 'absolute'
            ? { ...facts, anchor: { number: read.number, feedReadPast: true } }
            : facts,
          read,
        ),
    },
  },
  {
    name: 'accepted-taken-for-contained',
    of: 'design 6.3',
    spoil: {
      accept: (book, data) => deciders.accept(book, contained(data)),
      settle: (book, message) =>
        deciders.settle(book, { ...message, data: contained(message.data) } as never),
    },
  },
  { name: 'rule-1-one-figure', of: 'design 6.6', spoil: { Book: Mutated.oneFigure } },
  { name: 'rule-2-no-line-answers', of: 'design 6.6', spoil: { accept: () => undefined } },
  { name: 'rule-3-others-not-protected', of: 'design 6.6', spoil: { Book: Mutated.unprotected } },
  { name: 'rule-4-put-back-is-protected', of: 'design 6.6', spoil: { Book: Mutated.putBackProtected } },
  { name: 'rule-5-protected-too-early', of: 'design 6.6', spoil: { Book: Mutated.protectedEarly } },
  {
    name: 'rule-6-unread-sales-dropped',
    of: 'design 6.6',
    spoil: { Book: Mutated.unreadDropped },
    moment: sharedBeforeSalesWereRead,
  },
  { name: 'rule-7-freed-before-the-answer', of: 'design 6.6', spoil: { cancelOrder: Mutated.freeAtOnce } },
  { name: 'rule-7-lowered-before-the-answer', of: 'medusa#16406', spoil: { Book: Mutated.loweredAtOnce } },
  { name: 'ended-order-brought-back', of: 'the plugin, #110', spoil: { amendOrder: broughtBack } },
  { name: 'dropped-rest-taken-back-at-once', of: 'nobody yet', spoil: { Book: Mutated.restTakenBack } },
  {
    name: 'rule-8-answer-to-another-revision',
    of: 'design 6.6',
    spoil: { accept: answerToNewest },
  },
  {
    name: 'rule-9-write-without-answer-forgotten',
    of: 'design 6.6',
    spoil: { allowedAtMost: (known) => known },
  },
  {
    name: 'rule-10-never-anchored-again',
    of: 'design 6.6',
    spoil: {
      decideShelf: ({ anchor, ...facts }, read) =>
        deciders.decideShelf({ ...facts, ...(facts.allowance === undefined && anchor && { anchor }) }, read),
    },
  },
  { name: 'rule-11-raised-below-zero', of: 'design 6.6', spoil: { Book: Mutated.raisedBelowZero } },
  {
    name: 'rule-12-confirmed-claim-expires',
    of: 'design 6.6',
    spoil: {
      decideClaim(book, command, counts) {
        const claim = book.claims.get(`${command.channel}/${command.key}`);
        if (command.kind === 'confirm' && claim?.state === 'open')
          return { outcome: 'claim', claim: { ...claim, state: 'confirmed' } };
        return deciders.decideClaim(book, command, counts);
      },
    },
  },
  {
    name: 'rule-13-confirmed-claim-for-ever',
    of: 'design 6.6',
    spoil: {
      decideClaim(book, command, counts) {
        const claim = book.claims.get(`${command.channel}/${command.key}`);
        if (command.kind === 'release' && claim?.state === 'confirmed') return { outcome: 'claim', claim };
        return deciders.decideClaim(book, command, counts);
      },
    },
  },
  { name: 'rule-14-held-orders-are-no-demand', of: 'design 6.6', spoil: { Book: Mutated.heldIsNoDemand } },
  { name: 'rule-15-sent-put-withdrawn', of: 'design 6.6', spoil: { certainlyUnsent: () => true } },
  {
    name: 'rule-16-refused-cancel-believed',
    of: 'design 6.6',
    spoil: {
      judgeCancel: (found, origin, startedFrom, refusal) =>
        refusal === undefined && found
          ? 'write'
          : deciders.judgeCancel(
              found && { ...found, cancelled: false },
              origin,
              startedFrom,
              refusal ?? 'gone',
            ),
    },
  },
  {
    name: 'rule-17-found-cancelled-is-refused',
    of: 'design 6.6',
    spoil: {
      judgePut: (found, ours, refusal) =>
        found?.cancelled
          ? { kind: 'refused', reason: 'wms', text: 'cancelled' }
          : deciders.judgePut(found, ours, refusal),
    },
  },
];

/** The public bugs and the rules of the design, and beside them mistakes that somebody might make. */
export const mutants: readonly Mutant[] = [...leftOut, ...mistakes, ...ruleMistakes];
