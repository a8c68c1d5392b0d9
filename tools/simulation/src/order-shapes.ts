import { fromMilli, type Order } from '@samlast/contracts';
import type { Pieces } from './warehouse.ts';

export const originOf = (order: Order) => `sim:${order.channel}:${order.shopOrderId}`;

export function piecesLines(order: Order) {
  return order.lines.map(({ row, article, quantity, picked }) => ({ row, article, quantity, picked }));
}

export function piecesOf(order: Order): Pieces {
  const pieces = new Map<string, number>();
  for (const { article, quantity } of order.lines)
    pieces.set(article, (pieces.get(article) ?? 0) + Number(quantity));
  return pieces;
}

export const quantity = (pieces: number) => fromMilli(BigInt(pieces) * 1000n);
