import type { ShelfDecision, ShelfReading } from '@samlast/channel-kit/shelf';
import { quantity } from './order-shapes.ts';
import type { Row } from './shelf-table.ts';

export interface Work {
  readonly row: Row;
  atPayment?: bigint;
  read?: ShelfReading;
  decision?: ShelfDecision;
  written?: boolean;
  answer?: 'set' | 'changed' | 'lost';
  writtenAt?: number;
  /** What the shop says with its answer that its number is. */
  number?: bigint;
  back?: ShelfReading;
}

/** A look at some shelves, and how far it has come. */
export interface Look {
  stage: 'gathered' | 'read' | 'begun' | 'answered' | 'read back';
  works: Work[];
  readAt: number;
  answeredAt: number;
  /** At which stage the shop was last asked who stands at the payment. */
  asked?: string;
}

export const milli = (pieces: number) => BigInt(pieces) * 1000n;
export const textOf = (amount: bigint) => quantity(Number(amount / 1000n));
export const text = ({ to, allowanceAfter, write, again, proven, provenByWrite }: ShelfDecision) =>
  `${to / 1000n}${write ? '' : ' unchanged'}${again ? ' again' : ''} after ${allowanceAfter ?? '?'} ` +
  `proven ${proven ?? '-'} by write ${provenByWrite ?? '-'}`;
