import { CannotRead, type ReadOrder, readOrder, ShopUnavailable } from '@samlast/channel-kit';
import { HttpOrder, OrderHead } from './protocol.ts';

/**
 * One order as the shop wrote it.
 * @throws ShopUnavailable for one without id or time of change: the feed could not go on past it
 */
export function toShopOrder(raw: unknown): ReadOrder {
  const head = OrderHead.safeParse(raw);
  if (!head.success) {
    const fields = head.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
    throw new ShopUnavailable(
      `The shop's feed has an order without an id or a time of change: ${fields}. ` +
        'Correct it in the shop: orders behind it wait.',
    );
  }
  return readOrder(head.data, () => {
    const parsed = HttpOrder.safeParse(raw);
    if (!parsed.success) {
      const faults = parsed.error.issues
        .slice(0, 5)
        .map((issue) => `${issue.path.join('.')} ${issue.message}`);
      throw new CannotRead(`It does not fit: ${faults.join('; ')}. Correct it in the shop.`);
    }
    const { cancelReason, currency, shippingMethod, deliveryDate, note, claimKey, ...order } = parsed.data;
    return {
      ...order,
      cancelReason: cancelReason ?? undefined,
      currency: currency ?? undefined,
      shippingMethod: shippingMethod ?? undefined,
      deliveryDate: deliveryDate ?? undefined,
      note: note ?? undefined,
      claimKey: claimKey ?? undefined,
    };
  });
}
