'use strict';
const { ContainerRegistrationKeys, Modules } = require('@medusajs/framework/utils');

const PAID = ['authorized', 'partially_authorized', 'partially_captured', 'completed'];

/**
 * Where taking back a refused checkout fails in the middle, on a busy server or a restarted one, Medusa 2.21 keeps the
 * cart's link to the order, and mostly the order too. When the buyer presses again it answers with that order as if it
 * had been placed, although it reserved no piece and took no payment (seen: 6 of about 60 refusals). Both are taken
 * away here, so that the next press begins anew. No other completion of the cart runs meanwhile: Medusa locks the cart.
 *
 * @param cart as the hook `validate` is given it
 * @returns whether there was something, in which case this completion must not go on: it has read the link already
 */
async function clearLeftBehind(cart, container) {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: links } = await query.graph({
    entity: 'order_cart',
    fields: ['order_id'],
    filters: { cart_id: cart.id },
  });
  if (links.length === 0) return false;
  const [{ order_id: orderId }] = links;
  const { data: orders } = await query.graph({
    entity: 'order',
    fields: [
      'id',
      'status',
      'items.id',
      'items.variant.manage_inventory',
      'fulfillments.id',
      'payment_collections.status',
    ],
    filters: { id: orderId },
  });
  if (orders[0] && (await isPlaced(orders[0], container))) return false;
  await container
    .resolve(ContainerRegistrationKeys.LINK)
    .dismiss({ [Modules.ORDER]: { order_id: orderId }, [Modules.CART]: { cart_id: cart.id } });
  await container.resolve(Modules.CART).updateCarts(cart.id, { completed_at: null });
  if (orders[0]) await container.resolve(Modules.ORDER).deleteOrders([orderId]);
  container
    .resolve(ContainerRegistrationKeys.LOGGER)
    .warn(`Samlast: order ${orderId} of ${cart.id} was left behind by a refused checkout and is taken away.`);
  return true;
}

/** An order of a completed checkout has its pieces reserved, or had them once, or its payment was authorised. */
async function isPlaced(
  { status, items = [], fulfillments = [], payment_collections: payments = [] },
  container,
) {
  if (status === 'canceled' || fulfillments.length > 0) return true;
  if (payments.some((payment) => PAID.includes(payment?.status))) return true;
  const kept = items.filter((item) => item.variant?.manage_inventory !== false);
  if (kept.length === 0) return true;
  const [reserved] = await container
    .resolve(Modules.INVENTORY)
    .listReservationItems({ line_item_id: kept.map(({ id }) => id) }, { take: 1 });
  return reserved !== undefined;
}

module.exports = { clearLeftBehind };
