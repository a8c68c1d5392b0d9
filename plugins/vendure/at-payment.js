'use strict';
const { Args, Query, Resolver } = require('@nestjs/graphql');
const { Allow, Ctx, OrderLine, Permission, TransactionalConnection } = require('@vendure/core');
const { Inject } = require('@nestjs/common');
const { parse } = require('graphql');

const PAYING = 'ArrangingPayment';

/** Lines of orders whose buyers stand at the payment: Vendure has allocated nothing for them yet. */
function linesAtPayment(connection, ctx) {
  return connection
    .getRepository(ctx, OrderLine)
    .createQueryBuilder('line')
    .innerJoin('line.order', 'order', 'order.state = :paying', { paying: PAYING });
}

const schema = parse(`
  "Pieces of a variant that buyers at the payment are about to buy."
  type SamlastAtPayment { sku: String! quantity: Int! }
  extend type Query {
    "For the Samlast channel of this shop; SKUs that nobody is about to buy are left out."
    samlastAtPayment(skus: [String!]!): [SamlastAtPayment!]!
  }
`);

/** Such pieces may be sold after the shop's number was lowered, so its channel asks for them before it says so. */
class AtPayment {
  constructor(connection) {
    this.connection = connection;
  }

  async samlastAtPayment(ctx, skus) {
    if (skus.length === 0) return [];
    const found = await linesAtPayment(this.connection, ctx)
      .innerJoin('line.productVariant', 'variant')
      .select('variant.sku', 'sku')
      .addSelect('SUM(line.quantity)', 'quantity')
      .where('variant.sku IN (:...skus)', { skus })
      .groupBy('variant.sku')
      .getRawMany();
    return found.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
  }
}
const method = Object.getOwnPropertyDescriptor(AtPayment.prototype, 'samlastAtPayment');
Query()(AtPayment.prototype, 'samlastAtPayment', method);
Allow(Permission.ReadOrder)(AtPayment.prototype, 'samlastAtPayment', method);
Ctx()(AtPayment.prototype, 'samlastAtPayment', 0);
Args('skus', { type: () => [String] })(AtPayment.prototype, 'samlastAtPayment', 1);
Inject(TransactionalConnection)(AtPayment, undefined, 0);
Resolver()(AtPayment);

module.exports = { PAYING, AtPayment, linesAtPayment, schema };
