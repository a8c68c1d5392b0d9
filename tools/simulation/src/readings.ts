import type { KnownOrder } from './channel.ts';
import type { Version } from './shop.ts';
import type { World } from './world.ts';

/** What the channel knows that it sold of it. */
export function soldOf({ lines }: Pick<KnownOrder, 'lines'>, article: string): number {
  return lines.reduce((sum, line) => (line.article === article ? sum + Number(line.sold / 1000n) : sum), 0);
}

/** An order as the channel's adapter reads it. */
export function readingOf(order: Version, world: World) {
  return {
    id: order.id,
    number: order.number,
    placedAt: world.iso(order.placedAt),
    changedAt: world.iso(order.changedAt),
    state: order.state,
    consignee: {},
    ...(order.claimKey !== undefined && { claimKey: order.claimKey }),
    lines: [...order.pieces].flatMap(([article, count], index) => linesOf(order, article, count, index + 1)),
  };
}

/** Every second shop order has its pieces of one article in two lines. */
function linesOf({ number, shipped }: Version, article: string, count: number, row: number) {
  let left = shipped.get(article) ?? 0;
  const line = (id: string, pieces: number) => {
    const fulfilled = Math.min(pieces, left);
    left -= fulfilled;
    return { id, article, quantity: String(pieces), fulfilled: String(fulfilled) };
  };
  const twice = count > 1 && number.charCodeAt(number.length - 1) % 2 === 0;
  return twice ? [line(`${row}a`, 1), line(`${row}b`, count - 1)] : [line(String(row), count)];
}
