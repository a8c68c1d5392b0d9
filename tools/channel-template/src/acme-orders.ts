import { type ReadOrder, readOrder, type ShopOrder } from '@samlast/channel-kit';
import { z } from 'zod';
import { missing } from './missing.ts';

/** What of an Acme order this channel reads. Only what is used: a shop adds members without telling anybody. */
const AcmeOrder = z.object({
  id: z.string(),
  number: z.string(),
  changedAt: z.iso.datetime({ offset: true }),
});
type AcmeOrder = z.infer<typeof AcmeOrder>;

/** An order in the kit's words, or why it cannot be read: one that cannot never stops the others. */
export function readAcmeOrder(order: unknown): ReadOrder {
  const { data, error } = AcmeOrder.safeParse(order);
  if (data)
    return readOrder({ id: data.id, number: data.number, changedAt: data.changedAt }, () =>
      toShopOrder(data),
    );
  const { id, changedAt } = (order ?? {}) as { id?: unknown; changedAt?: unknown };
  const [issue] = error.issues;
  return {
    id: String(id),
    changedAt: String(changedAt),
    unreadable: `Its ${issue?.path.join('.')} ${issue?.message}.`,
  };
}

/** Pure, so that recorded orders can be tried on it. Throws CannotRead with what the shop keeper has to mend. */
export function toShopOrder(_order: AcmeOrder): ShopOrder {
  return missing(
    'acme-orders.ts',
    'toShopOrder',
    'state, consignee (`consigneeFrom` of the kit fits an address) and lines with their article numbers.',
  );
}
