'use strict';
const { randomBytes } = require('node:crypto');
const { Claims, soldOut } = require('@samlast/checkout');
const { ContainerRegistrationKeys, MedusaError, Modules } = require('@medusajs/framework/utils');
const { clearLeftBehind } = require('./left-behind');
const { optionsOf } = require('./plugin-options');

/**
 * Claims what a cart holds, in the hook `validate` of completeCartWorkflow: the last step before an order is written
 * and the payment authorised.
 *
 * @param cart as the hook is given it
 * @returns what `giveBack` needs where the cart cannot be completed after all; undefined where nothing was claimed
 * @throws MedusaError with what is left, for the buyer
 */
async function claimCart(cart, container) {
  if (await clearLeftBehind(cart, container))
    throw refused('This order was refused a moment ago. Please try again.');
  const options = optionsOf(container);
  // A cart that is an order already is completed again by a buyer who got no answer.
  if (!options.claims || cart.completed_at) return undefined;
  const lines = linesOf(cart);
  if (lines.length === 0) return undefined;
  const claims = new Claims(options);
  const key = cart.metadata?.samlast_claim ?? cart.id;
  const claimed = { key, cart: { id: cart.id, metadata: cart.metadata } };
  const answer = await claims.claim(key, lines);
  if (answer.held) return claimed;
  if (answer.held === undefined) {
    loggerOf(container).warn(
      `Samlast: nobody could say whether the pieces of ${cart.id} are there: ${answer.why}.`,
    );
    // An order that names its claim takes the claim's pieces, should they be held after all.
    if (options.claims.unanswered === 'sell') return claimed;
    await giveBack(claimed, container);
    throw refused('At the moment nobody can say whether everything in your cart is there. Please try again.');
  }
  await useNewKey(claimed, container);
  throw new MedusaError(
    MedusaError.Types.NOT_ALLOWED,
    soldOut(answer.shortages),
    MedusaError.Codes.INSUFFICIENT_INVENTORY,
  );
}

const refused = (message) => new MedusaError(MedusaError.Types.NOT_ALLOWED, message);

/** The cart did not become an order. */
async function giveBack(claimed, container) {
  const why = await new Claims(optionsOf(container)).release(claimed.key);
  if (why)
    loggerOf(container).warn(
      `Samlast: the pieces of ${claimed.cart.id} could not be given back (${why}); its channel will do it.`,
    );
  await useNewKey(claimed, container);
}

/**
 * A key that was refused or given back is used up. The next one is written to the cart beforehand, since the order gets
 * the metadata that the cart had when its completion began, and with it the key.
 */
async function useNewKey({ cart }, container) {
  const samlast_claim = `${cart.id}-${randomBytes(6).toString('hex')}`;
  await container
    .resolve(Modules.CART)
    .updateCarts(cart.id, { metadata: { ...cart.metadata, samlast_claim } });
}

/** What needs no shipping is nobody's piece. */
function linesOf(cart) {
  const wanted = new Map();
  for (const { variant_sku: article, quantity, requires_shipping: shipped } of cart.items ?? []) {
    if (!article || shipped === false) continue;
    wanted.set(article, (wanted.get(article) ?? 0) + Number(quantity));
  }
  return [...wanted].map(([article, quantity]) => ({ article, quantity: String(quantity) }));
}

function loggerOf(container) {
  return container.resolve(ContainerRegistrationKeys.LOGGER);
}

module.exports = { claimCart, giveBack };
