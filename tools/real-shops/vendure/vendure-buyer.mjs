// What tests do in a Vendure shop: buy over the shop interface, look at it over the admin interface.
import { adminApi, shopApi, VendureError } from './vendure-api.mjs';

const AS_ORDER = '__typename ... on Order { id code state } ... on ErrorResult { errorCode message }';
const TRANSITION = `${AS_ORDER} ... on OrderStateTransitionError { transitionError }`;

/** A buyer in front of the shop; lines are `[{ sku, quantity }]`. */
export function buyerOf(shop) {
  /** A session with a cart, address and shipping, up to the step before the payment. */
  async function filledCart(lines, { email = 'ada@buyer.example', address = {} } = {}) {
    const ask = shopApi(shop);
    for (const { sku, quantity } of lines) {
      const variables = { v: articleOf(shop, sku).variantId, q: quantity };
      const { addItemToOrder } = await ask(
        `mutation($v: ID!, $q: Int!) { addItemToOrder(productVariantId: $v, quantity: $q) { ${AS_ORDER} } }`,
        variables,
      );
      requireOrder(addItemToOrder);
    }
    const customer = { firstName: 'Ada', lastName: 'Buyer', emailAddress: email };
    await ask('mutation($c: CreateCustomerInput!) { setCustomerForOrder(input: $c) { __typename } }', {
      c: customer,
    });
    const to = {
      fullName: 'Ada Buyer',
      streetLine1: 'Hafenstrasse 1',
      city: 'Hamburg',
      postalCode: '20457',
      countryCode: 'DE',
      ...address,
    };
    await ask('mutation($a: CreateAddressInput!) { setOrderShippingAddress(input: $a) { __typename } }', {
      a: to,
    });
    const { eligibleShippingMethods } = await ask('{ eligibleShippingMethods { id } }');
    await ask('mutation($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) { __typename } }', {
      id: [eligibleShippingMethods[0].id],
    });
    return ask;
  }

  async function step(ask, state) {
    const { transitionOrderToState } = await ask(
      `mutation($s: String!) { transitionOrderToState(state: $s) { ${TRANSITION} } }`,
      { s: state },
    );
    return requireOrder(transitionOrderToState);
  }

  async function pay(ask) {
    const { addPaymentToOrder } = await ask(
      `mutation { addPaymentToOrder(input: { method: "manual", metadata: {} }) { ${TRANSITION} } }`,
    );
    return requireOrder(addPaymentToOrder);
  }

  /** `{ placed: true, orderId, number }`, or `{ placed: false, reason }` when the shop refused the sale. */
  async function buy(lines, who) {
    try {
      const ask = await filledCart(lines, who);
      await step(ask, 'ArrangingPayment');
      const order = await pay(ask);
      return { placed: true, orderId: order.id, number: order.code };
    } catch (error) {
      if (!(error instanceof VendureError)) throw error;
      return { placed: false, reason: error.message };
    }
  }

  return { filledCart, step, pay, buy };
}

const ORDER = `id code state orderPlacedAt updatedAt customFields { samlastClaim }
  lines { id quantity productVariant { sku } }
  fulfillments { id state method trackingCode lines { quantity } }
  history(options: { take: 100 }) { items { type data } }`;

/** The shopkeeper; also what a test asks for the truth. */
export function shopkeeperOf(shop) {
  const signedIn = adminApi(shop);
  const ask = async (query, variables) => (await signedIn)(query, variables);
  const order = async (id) => (await ask(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).order;
  const update = (sku, change) =>
    ask('mutation($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }', {
      i: [{ id: articleOf(shop, sku).variantId, ...change }],
    });
  return {
    order,
    orders: async () =>
      (await ask(`{ orders(options: { take: 1000, sort: { id: ASC } }) { items { ${ORDER} } } }`)).orders
        .items,
    /** `{ onHand, allocated, available }` of an article at the shop's location. */
    stock: async (sku) => {
      const { productVariant } = await ask(
        'query($id: ID!) { productVariant(id: $id) { stockLevels { stockOnHand stockAllocated } } }',
        { id: articleOf(shop, sku).variantId },
      );
      const [{ stockOnHand: onHand, stockAllocated: allocated }] = productVariant.stockLevels;
      return { onHand, allocated, available: onHand - allocated };
    },
    setStock: (sku, onHand) =>
      update(sku, { stockLevels: [{ stockLocationId: shop.stockLocationId, stockOnHand: onHand }] }),
    /** What is bought of the variant from now on has no article number. */
    takeSkuOff: (sku) => update(sku, { sku: '' }),
    cancel: async (id) => {
      const { cancelOrder } = await ask(
        `mutation($id: ID!) {
           cancelOrder(input: { orderId: $id, reason: "the shopkeeper's wish", cancelShipping: true }) { ${AS_ORDER} }
         }`,
        { id },
      );
      requireOrder(cancelOrder);
    },
    /** Changes the quantity of the order's first line, as staff does: what is due more is paid, what less refunded. */
    async change(id, quantity) {
      await step(ask, id, 'Modifying');
      const { order: before } = await ask(
        'query($id: ID!) { order(id: $id) { totalWithTax lines { id } payments { id } } }',
        { id },
      );
      const input = {
        orderId: id,
        dryRun: false,
        adjustOrderLines: [{ orderLineId: before.lines[0].id, quantity }],
        refund: { paymentId: before.payments[0].id, reason: 'the order has changed' },
      };
      const { modifyOrder } = await ask(
        `mutation($i: ModifyOrderInput!) { modifyOrder(input: $i) { ${AS_ORDER} } }`,
        { i: input },
      );
      requireOrder(modifyOrder);
      const { order: after } = await ask('query($id: ID!) { order(id: $id) { totalWithTax } }', { id });
      if (after.totalWithTax > before.totalWithTax) {
        await step(ask, id, 'ArrangingAdditionalPayment');
        const { addManualPaymentToOrder } = await ask(
          `mutation($i: ManualPaymentInput!) { addManualPaymentToOrder(input: $i) { ${AS_ORDER} } }`,
          { i: { orderId: id, method: 'manual', transactionId: 'more', metadata: {} } },
        );
        requireOrder(addManualPaymentToOrder);
      }
      await step(ask, id, 'PaymentSettled');
    },
    /** A change that moves updatedAt and nothing that matters. */
    touch: (id) =>
      ask('mutation($i: UpdateOrderInput!) { setOrderCustomFields(input: $i) { id } }', {
        i: { id, customFields: { remark: new Date().toISOString() } },
      }),
  };
}

async function step(ask, id, state) {
  const { transitionOrderToState } = await ask(
    `mutation($id: ID!, $s: String!) { transitionOrderToState(id: $id, state: $s) { ${TRANSITION} } }`,
    { id, s: state },
  );
  requireOrder(transitionOrderToState);
}

function requireOrder(answer) {
  if (answer.__typename === 'Order') return answer;
  throw new VendureError(answer.transitionError ?? answer.message ?? answer.__typename);
}

function articleOf(shop, sku) {
  const article = shop.articles.find((candidate) => candidate.sku === sku);
  if (!article)
    throw new Error(`Shop ${shop.code} has no article ${sku}, only: ${shop.articles.map((a) => a.sku)}`);
  return article;
}
