/** An order that was promised pieces and has not left the warehouse; quantities in thousandths. */
export interface Promised {
  readonly number: string;
  readonly channel: string;
  readonly revision: number;
  readonly quantity: bigint;
}

/**
 * Which orders go without when so many pieces have vanished: the youngest first, since who came first comes first, and
 * as few as possible are told.
 *
 * @param orders youngest first
 */
export function assign(missing: bigint, orders: readonly Promised[]): Map<Promised, bigint> {
  const without = new Map<Promised, bigint>();
  let left = missing;
  for (const order of orders) {
    if (left <= 0n) break;
    const share = order.quantity < left ? order.quantity : left;
    without.set(order, share);
    left -= share;
  }
  return without;
}
