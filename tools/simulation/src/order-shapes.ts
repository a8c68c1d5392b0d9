import { fromMilli, type Order } from '@samlast/contracts';
import type { Pieces } from './pieces.ts';

export const originOf = (order: Order) => `sim:${order.channel}:${order.shopOrderId}`;

type Parts = readonly { article: string; quantity: string }[];

/** With the pieces that its kits are made of, as the gateway registers them. */
export function piecesLines(order: Order, parts: Parts = []) {
  const lines = order.lines.map(({ row, article, quantity, picked }) => ({ row, article, quantity, picked }));
  return [...lines, ...parts.map((one) => ({ ...one, row: '', picked: true, part: true as const }))];
}

export function piecesOf(order: Order): Pieces {
  const pieces = new Map<string, number>();
  for (const { article, quantity } of order.lines)
    pieces.set(article, (pieces.get(article) ?? 0) + Number(quantity));
  return pieces;
}

export const quantity = (pieces: number) => fromMilli(BigInt(pieces) * 1000n);
