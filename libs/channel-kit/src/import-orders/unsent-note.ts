import { createHash } from 'node:crypto';
import type { NewNote } from '../tell-shop/job-book.ts';
import { isUnsentChange, type KnownOrder } from './import.ts';

/**
 * What the shop's staff reads at an order that just turned out not to be fit to be sent on, or whose change is not:
 * nobody in the shop sees Samlast's own list. Once, so not again when the remark itself shows as a change.
 */
export function unsentNote(
  before: KnownOrder | undefined,
  { id, state, attention, changedAt }: KnownOrder,
): NewNote | undefined {
  if (attention === undefined || attention === before?.attention) return undefined;
  const at = new Date(changedAt).toISOString();
  const text = state === 'unreadable' ? `The warehouse does not have this order. ${attention}` : attention;
  const key = `unsent-${createHash('sha1').update(`${at} ${attention}`).digest('hex').slice(0, 12)}`;
  if (!isUnsentChange(attention)) return { orderId: id, key, text };
  return { orderId: id, key, text, change: { changedAt: at, outcome: 'refused' } };
}
