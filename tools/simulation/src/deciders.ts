import {
  allowedByBeginning,
  anchorOf,
  decideShelf,
  keptBack,
  more,
  offeredBy,
} from '@samlast/channel-kit/shelf';
import { importOrder, unheardOf } from '@samlast/channel-kit/import';
import {
  accept,
  amendOrder,
  Book,
  cancelOrder,
  confirmShelf,
  decideClaim,
  observe,
  placeOrder,
  read,
  rejectByHand,
  releaseByHand,
  reviewQueue,
  settle,
} from '@samlast/stock-authority/decisions';
import { judgeCancel, judgePut, mayStillLand, tell, worthTelling } from '@samlast/wms-gateway/decisions';

/** What a shop may have been allowed to sell: a write that was begun and has no answer may have happened. */
const allowedAtMost = (known: bigint | undefined, begun: bigint | undefined) =>
  known === undefined || (begun !== undefined && begun > known) ? begun : known;

/** Only a put whose intent was never committed has not reached the warehouse for sure. */
const certainlyUnsent = (write: { readonly sent?: number }) => write.sent === undefined;

/** Everything that decides in the simulated world: the real functions. A mutant puts another one in its place. */
export const deciders = {
  Book,
  accept,
  allowedAtMost,
  allowedByBeginning,
  amendOrder,
  anchorOf,
  cancelOrder,
  certainlyUnsent,
  confirmShelf,
  decideClaim,
  decideShelf,
  importOrder,
  keptBack,
  more,
  judgeCancel,
  judgePut,
  mayStillLand,
  observe,
  offeredBy,
  placeOrder,
  read,
  rejectByHand,
  releaseByHand,
  reviewQueue,
  settle,
  tell,
  unheardOf,
  worthTelling,
};
export type Deciders = typeof deciders;
