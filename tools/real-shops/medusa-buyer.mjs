// What tests do in a Medusa shop: buy over the store interface, look at it over the admin interface.
import { adminApi, MedusaError, storeApi } from './medusa-api.mjs';

const ada = {
  first_name: 'Ada',
  last_name: 'Buyer',
  address_1: 'Hafenstrasse 1',
  city: 'Hamburg',
  postal_code: '20457',
  phone: '+49400000',
};

/** A buyer in front of the shop; lines are `[{ sku, quantity }]`. */
export function buyerOf(shop) {
  const store = storeApi(shop);

  /** A cart with address, shipping and payment chosen; gives back its id. The order is made by complete(). */
  async function readyCart(lines, { email = 'ada@buyer.example', address = {} } = {}) {
    const { cart } = await store.post('/store/carts', {
      region_id: shop.regionId,
      email,
      shipping_address: { ...ada, country_code: shop.country, ...address },
      items: lines.map(({ sku, quantity }) => ({ variant_id: articleOf(shop, sku).variantId, quantity })),
    });
    await store.post(`/store/carts/${cart.id}/shipping-methods`, { option_id: shop.shippingOptionId });
    const { payment_collection } = await store.post('/store/payment-collections', { cart_id: cart.id });
    await store.post(`/store/payment-collections/${payment_collection.id}/payment-sessions`, {
      provider_id: 'pp_system_default',
    });
    return cart.id;
  }

  /** `{ placed: true, orderId, number }`, or `{ placed: false, reason }` when the shop refused the sale. */
  async function complete(cartId) {
    try {
      const answer = await store.post(`/store/carts/${cartId}/complete`);
      if (answer.type !== 'order') return { placed: false, reason: answer.error?.message ?? 'unknown' };
      return { placed: true, orderId: answer.order.id, number: String(answer.order.display_id) };
    } catch (error) {
      if (!(error instanceof MedusaError)) throw error;
      return { placed: false, reason: String(error.body.message ?? error.message) };
    }
  }

  /** What a buyer sees that can be had of an article. */
  async function visible(sku) {
    const { productId, variantId } = articleOf(shop, sku);
    const { product } = await store.get(
      `/store/products/${productId}?fields=id,*variants,+variants.inventory_quantity`,
    );
    return product.variants.find((variant) => variant.id === variantId).inventory_quantity;
  }

  const buy = async (lines, who) => complete(await readyCart(lines, who));
  return { readyCart, complete, buy, visible };
}

const orderFields = [
  'id,display_id,status,email,created_at,updated_at,payment_status,fulfillment_status,metadata',
  '*items,items.variant_sku,*items.detail,*shipping_address',
  '*fulfillments,*fulfillments.labels,*fulfillments.items',
].join(',');

/** The shopkeeper; also what a test asks for the truth. */
export function shopkeeperOf(shop) {
  const admin = adminApi(shop);
  const order = async (id) => (await admin.get(`/admin/orders/${id}?fields=${orderFields}`)).order;
  const levelPath = (sku) => `/admin/inventory-items/${articleOf(shop, sku).inventoryItemId}`;
  const requestReturn = async (id, items) => {
    const made = await admin.post('/admin/returns', { order_id: id, location_id: shop.stockLocationId });
    await admin.post(`/admin/returns/${made.return.id}/request-items`, { items });
    await admin.post(`/admin/returns/${made.return.id}/request`);
    return made.return;
  };
  return {
    order,
    /** All orders, phantoms included: the truth is in each one's payment_status and reservations. */
    orders: async () =>
      (await admin.get(`/admin/orders?limit=1000&order=display_id&fields=${orderFields}`)).orders,
    /** `{ stocked, reserved, available }` of an article at the shop's location. */
    stock: async (sku) => {
      const { inventory_item } = await admin.get(`${levelPath(sku)}?fields=*location_levels`);
      const [level] = inventory_item.location_levels;
      return {
        stocked: level.stocked_quantity,
        reserved: level.reserved_quantity,
        available: level.available_quantity,
      };
    },
    setStock: (sku, stocked) =>
      admin.post(`${levelPath(sku)}/location-levels/${shop.stockLocationId}`, { stocked_quantity: stocked }),
    reservations: async (sku) =>
      (await admin.get(`/admin/reservations?inventory_item_id=${articleOf(shop, sku).inventoryItemId}`))
        .reservations,
    /** Pieces packed and tracking numbers, in the order they were made; cancelled ones are marked. */
    fulfillments: async (id) =>
      (await order(id)).fulfillments.map((fulfillment) => ({
        id: fulfillment.id,
        cancelled: fulfillment.canceled_at !== null,
        shippedAt: fulfillment.shipped_at,
        quantity: (fulfillment.items ?? []).reduce((sum, item) => sum + item.quantity, 0),
        trackingNumbers: (fulfillment.labels ?? []).map((label) => label.tracking_number),
        trackingUrls: (fulfillment.labels ?? []).map((label) => label.tracking_url),
        metadata: fulfillment.metadata ?? {},
      })),
    cancel: (id) => admin.post(`/admin/orders/${id}/cancel`),
    /** Edits the order, as its page in the admin does: so many pieces of its first line from now on. */
    changeQuantity: async (id, quantity) => {
      const [item] = (await order(id)).items;
      const edit = `/admin/order-edits/${id}`;
      await admin.post('/admin/order-edits', { order_id: id });
      await admin.post(`${edit}/items/item/${item.id}`, { quantity });
      await admin.post(`${edit}/request`);
      await admin.post(`${edit}/confirm`);
    },
    /** All pieces of a shipped order come back, as staff books it in the admin: announced, then received. */
    takeBack: async (id) => {
      const items = (await order(id)).items.map((item) => ({ id: item.id, quantity: item.detail.quantity }));
      const made = await requestReturn(id, items);
      const goods = `/admin/returns/${made.id}`;
      await admin.post(`${goods}/receive`);
      await admin.post(`${goods}/receive-items`, { items });
      await admin.post(`${goods}/receive/confirm`);
    },
    /** So many pieces of the order's first line will come back; the return's id and number. */
    announceReturn: async (id, quantity) => {
      const [item] = (await order(id)).items;
      const { id: made, display_id: number } = await requestReturn(id, [{ id: item.id, quantity }]);
      return { id: made, number: `R${number}` };
    },
    /** They will not come after all. */
    cancelReturn: (id) => admin.post(`/admin/returns/${id}/cancel`),
    /** A change that moves updated_at and nothing that matters. */
    touch: (id) => admin.post(`/admin/orders/${id}`, { metadata: { touched: new Date().toISOString() } }),
    /**
     * Leaves an order as a refused checkout now and then leaves one: pending, not paid, nothing reserved. Crowds of
     * buyers make one in some forty refusals; a draft that nobody paid, with its reservation gone, is the same.
     */
    leaveOrphan: async (sku) => {
      const { draft_order } = await admin.post('/admin/draft-orders', {
        region_id: shop.regionId,
        sales_channel_id: shop.salesChannelId,
        email: 'ada@buyer.example',
        shipping_address: { ...ada, country_code: shop.country },
        items: [{ variant_id: articleOf(shop, sku).variantId, quantity: 1 }],
      });
      await admin.post(`/admin/draft-orders/${draft_order.id}/convert-to-order`);
      const { inventoryItemId } = articleOf(shop, sku);
      const { reservations } = await admin.get(`/admin/reservations?inventory_item_id=${inventoryItemId}`);
      for (const { id } of reservations) await admin.delete(`/admin/reservations/${id}`);
      return draft_order.id;
    },
    /** What is bought of the variant from now on has no article number. */
    takeSkuOff: (sku) => {
      const { productId, variantId } = articleOf(shop, sku);
      return admin.post(`/admin/products/${productId}/variants/${variantId}`, { sku: null });
    },
  };
}

function articleOf(shop, sku) {
  const article = shop.articles.find((candidate) => candidate.sku === sku);
  if (!article)
    throw new Error(`Shop ${shop.code} has no article ${sku}, only: ${shop.articles.map((a) => a.sku)}`);
  return article;
}
