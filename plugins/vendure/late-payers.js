'use strict';
const { Inject } = require('@nestjs/common');
const {
  Logger,
  Order,
  OrderService,
  RequestContextService,
  TransactionalConnection,
} = require('@vendure/core');
const { PAYING } = require('./at-payment');
const { options } = require('./options');

const EVERY_MS = 30_000;
const MOST = 100;

/**
 * Who has stood at the payment for too long goes back to the cart, where nobody can pay: else a buyer who left would
 * hold a piece for ever, or one who comes back would buy what somebody else has meanwhile.
 */
class LatePayers {
  constructor(connection, orders, contexts) {
    this.connection = connection;
    this.orders = orders;
    this.contexts = contexts;
  }

  onApplicationBootstrap() {
    // A shop that claims has its pieces held, and given back, by the stock authority.
    if (options.claims) return;
    this.timer = setInterval(() => void this.sendBack(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown() {
    clearInterval(this.timer);
  }

  async sendBack() {
    try {
      const ctx = await this.contexts.create({ apiType: 'admin' });
      const late = await this.late(ctx).select('order.id').take(MOST).getMany();
      for (const { id } of late) await this.connection.withTransaction(ctx, (tx) => this.sendBackOne(tx, id));
    } catch (error) {
      Logger.warn(`Buyers who are late with their payment were not sent back: ${error.message}`, 'Samlast');
    }
  }

  async sendBackOne(ctx, id) {
    // Held by whoever is paying just now.
    const still = await this.late(ctx)
      .andWhere('order.id = :id', { id })
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getOne();
    if (!still) return;
    const { transitionError } = await this.orders.transitionToState(ctx, id, 'AddingItems');
    if (transitionError) throw new Error(`order ${still.code}: ${transitionError}`);
  }

  late(ctx) {
    return this.connection
      .getRepository(ctx, Order)
      .createQueryBuilder('order')
      .where('order.state = :paying', { paying: PAYING })
      .andWhere('order.updatedAt < :since', { since: new Date(Date.now() - options.payWithinS * 1000) });
  }
}
Inject(TransactionalConnection)(LatePayers, undefined, 0);
Inject(OrderService)(LatePayers, undefined, 1);
Inject(RequestContextService)(LatePayers, undefined, 2);

module.exports = { LatePayers };
