import type { Written } from './calls.ts';
import type {
  ArticleWriteOutcome,
  OrderWriteOutcome,
  PurchaseOrderWriteOutcome,
  ReturnOrderWriteOutcome,
} from './outcome.ts';

/** With the id under the name that Ongoing gives it. */
function withId<Name extends string>(written: Written, name: Name) {
  if (written.outcome !== 'done') return written;
  const done = { outcome: 'done', [name]: written.id, status: written.status };
  return done as { outcome: 'done'; status: number } & Record<Name, number>;
}

export const asArticle = (written: Written): ArticleWriteOutcome => withId(written, 'articleSystemId');
export const asOrder = (written: Written): OrderWriteOutcome => withId(written, 'orderId');
export const asPurchase = (written: Written): PurchaseOrderWriteOutcome => withId(written, 'purchaseOrderId');
export const asReturn = (written: Written): ReturnOrderWriteOutcome => withId(written, 'returnOrderId');
