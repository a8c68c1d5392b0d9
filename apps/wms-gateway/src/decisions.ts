/** How the gateway decides, without its database and Ongoing: for the simulation. */
export { judgeCancel, judgePut } from './push-orders/judge.ts';
export type { Registered } from './push-orders/order-registry.ts';
export { tell } from './push-orders/tell.ts';
export type { Figures, KnownFigures } from './watch-stock/article-figures.ts';
export { worthTelling } from './watch-stock/worth-telling.ts';
export { mayStillLand, type Outcome } from './write-queue/write.ts';
