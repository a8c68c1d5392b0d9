import { anchorOf, decideShelf, offeredBy } from '@samlast/channel-kit/shelf';
import { importOrder } from '@samlast/channel-kit/import';
import {
  accept,
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
import { judgeCancel, judgePut, tell, worthTelling } from '@samlast/wms-gateway/decisions';

/** Everything that decides in the simulated world: the real functions. A mutant puts another one in its place. */
export const deciders = {
  Book,
  accept,
  anchorOf,
  cancelOrder,
  confirmShelf,
  decideClaim,
  decideShelf,
  importOrder,
  judgeCancel,
  judgePut,
  observe,
  offeredBy,
  placeOrder,
  read,
  rejectByHand,
  releaseByHand,
  reviewQueue,
  settle,
  tell,
  worthTelling,
};
export type Deciders = typeof deciders;
