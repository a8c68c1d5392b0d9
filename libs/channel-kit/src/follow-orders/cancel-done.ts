import type { NewJob } from '../tell-shop/job-book.ts';
import { CANCEL_DONE } from './texts.ts';

/** Once, whoever says it first: the warehouse, or the stock authority of an order that never got there. */
export const cancelDone = (number: string): NewJob => ({
  number,
  key: 'cancel-done',
  kind: 'note',
  payload: { text: CANCEL_DONE },
});
