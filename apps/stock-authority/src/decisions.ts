/** How the stock authority decides, without its database and its bus: for the simulation. */
export { type Claim, isHeld } from './claim-stock/claim.ts';
export {
  type ClaimCommand,
  type ClaimCounts,
  type ClaimOutcome,
  decideClaim,
} from './claim-stock/decide-claim.ts';
export { withParts } from './follow-kits/kits.ts';
export { confirmShelf } from './lease-stock/confirm-shelf.ts';
export { divide, type Sharer } from './lease-stock/divide.ts';
export { exposure, guarded, guardedIn, type Lease, shown } from './lease-stock/lease.ts';
export { accept, observe } from './observe-stock/observe.ts';
export { rejectByHand, releaseByHand } from './operate-orders/by-hand.ts';
export { type Terms, termsOf } from './publish-levels/terms.ts';
export { type OrderMessage, read } from './reserve-stock/intake.ts';
export { NO_RULES } from './set-rules/rules.ts';
export { amendOrder } from './reserve-stock/amend-order.ts';
export { cancelOrder, placeOrder } from './reserve-stock/place-order.ts';
export { reviewQueue } from './review-queue/review-queue.ts';
export { type Answer, settle } from './settle-orders/settle.ts';
export { type ArticleStock, highOf, lowOf } from './tables/articles.ts';
export { Book } from './tables/book.ts';
export type { OrderRecord } from './tables/orders.ts';
