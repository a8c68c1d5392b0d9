'use strict';
const { randomBytes } = require('node:crypto');
const { Claims, soldOut } = require('@samlast/checkout');
const { Logger } = require('@vendure/core');
const { PAYING } = require('./at-payment');
const { refusalByOwnNumber } = require('./hold-process');
const { options } = require('./options');

const CONTEXT = 'Samlast';

/**
 * Vendure checks the stock on the step to the payment and never again, so that any number of buyers may come to stand
 * there for the last piece. On that step the pieces are claimed for this one buyer; a text that is returned refuses it.
 */
const claimProcess = {
  async onTransitionStart(fromState, toState, { ctx, order }) {
    if (!options.claims || toState !== PAYING) return undefined;
    const lines = linesOf(order);
    if (lines.length === 0) return undefined;
    const claims = new Claims(options);
    const key = newKey(order);
    const answer = await claims.claim(key, lines);
    if (answer.held === false) return soldOut(answer.shortages);
    if (answer.held === undefined) {
      Logger.warn(
        `Nobody could say whether the pieces of order ${order.code} are there: ${answer.why}.`,
        CONTEXT,
      );
      if (options.claims.unanswered === 'refuse') {
        await claims.release(key);
        return 'At the moment nobody can say whether everything in your cart is there. Please try again.';
      }
      const refusal = await refusalByOwnNumber(ctx, order);
      if (refusal) {
        await claims.release(key);
        return refusal;
      }
    }
    // An order that names its claim takes the claim's pieces, should they be held after all. Saved with the new state.
    order.customFields = { ...order.customFields, samlastClaim: key };
    return undefined;
  },

  async onTransitionEnd(fromState, toState, { order }) {
    const key = order.customFields?.samlastClaim;
    const givenUp = toState === 'AddingItems' || toState === 'Cancelled';
    if (!options.claims || fromState !== PAYING || !givenUp || !key) return;
    const why = await new Claims(options).release(key);
    if (why)
      Logger.warn(
        `The pieces of order ${order.code} could not be given back (${why}); its channel will do it.`,
        CONTEXT,
      );
  },
};

/** Articles that the shop keeps no stock of are nobody's pieces. */
function linesOf(order) {
  const wanted = new Map();
  for (const { quantity, productVariant } of order.lines) {
    if (quantity <= 0 || productVariant.trackInventory === 'FALSE' || !productVariant.sku) continue;
    wanted.set(productVariant.sku, (wanted.get(productVariant.sku) ?? 0) + quantity);
  }
  return [...wanted].map(([article, quantity]) => ({ article, quantity: String(quantity) }));
}

/**
 * Each step to the payment is a claim of its own: a key that was refused or given back is used up, and a step that is
 * refused leaves nothing behind in which tries could be counted.
 */
function newKey(order) {
  return `${order.code}-${randomBytes(6).toString('hex')}`;
}

module.exports = { claimProcess };
