'use strict';
const { soldOut } = require('@samlast/checkout');
const { ProductVariantService, StockLevel, TransactionalConnection } = require('@vendure/core');
const { linesAtPayment, PAYING } = require('./at-payment');
const { options } = require('./options');

let connection;
let variants;

/**
 * For a shop that does not claim: what buyers at the payment want is taken off what is for sale. Vendure looks at the
 * stock on that step only and holds nothing after it, so that any number of buyers may come to stand there for the last
 * piece, and all of them get an order (seen: twenty of twenty).
 */
const holdProcess = {
  init(injector) {
    connection = injector.get(TransactionalConnection);
    variants = injector.get(ProductVariantService);
  },

  async onTransitionStart(fromState, toState, { ctx, order }) {
    return options.claims || toState !== PAYING ? undefined : refusalByOwnNumber(ctx, order);
  },
};

/**
 * Why the shop itself refuses the step to the payment: its number leaves nothing that no other buyer there wants. Holds
 * until the step is saved.
 */
async function refusalByOwnNumber(ctx, order) {
  const shortages = [];
  for (const { variant, wanted } of wantedBy(order)) {
    // Until this step is saved nobody else looks, and no order is allocated.
    await lock(ctx, variant);
    const left = await variants.getSaleableStockLevel(ctx, variant);
    const free = left - (await heldByOthers(ctx, variant, order));
    if (wanted > free)
      shortages.push({ article: variant.sku || variant.name, wanted, free: Math.max(0, free) });
  }
  return shortages.length > 0 ? soldOut(shortages) : undefined;
}

/** By variant, in the order of their ids, so that two buyers of the same articles never wait for each other. */
function wantedBy(order) {
  const wanted = new Map();
  for (const { quantity, productVariant: variant } of order.lines) {
    if (quantity <= 0) continue;
    wanted.set(variant.id, { variant, wanted: quantity + (wanted.get(variant.id)?.wanted ?? 0) });
  }
  return [...wanted.values()].toSorted((one, other) =>
    String(one.variant.id) < String(other.variant.id) ? -1 : 1,
  );
}

async function lock(ctx, variant) {
  await connection
    .getRepository(ctx, StockLevel)
    .createQueryBuilder('level')
    .setLock('pessimistic_write')
    .where('level.productVariantId = :id', { id: variant.id })
    .orderBy('level.id')
    .getMany();
}

async function heldByOthers(ctx, variant, order) {
  const query = linesAtPayment(connection, ctx)
    .select('SUM(line.quantity)', 'held')
    .where('line.productVariantId = :variant', { variant: variant.id })
    .andWhere('order.id != :own', { own: order.id });
  // In a shop that claims nobody is sent back to the cart, so whoever left long ago would hold a piece for ever.
  if (options.claims) {
    const since = new Date(Date.now() - options.claims.payWithinS * 1000);
    query.andWhere('order.updatedAt >= :since', { since });
  }
  const { held } = await query.getRawOne();
  return Number(held ?? 0);
}

module.exports = { holdProcess, refusalByOwnNumber };
