'use strict';
const { Teller } = require('@samlast/checkout');
const { Inject } = require('@nestjs/common');
const {
  ConfigService,
  EventBus,
  Logger,
  OrderEvent,
  OrderPlacedEvent,
  OrderStateTransitionEvent,
  ProductVariantEvent,
} = require('@vendure/core');
const { options } = require('./options');

/** Tells the channel of what has been committed; Vendure's bus hands an event over after its transaction. */
class Webhooks {
  constructor(eventBus, configService) {
    this.eventBus = eventBus;
    this.ids = configService.entityOptions.entityIdStrategy ?? configService.entityIdStrategy;
  }

  onApplicationBootstrap() {
    if (!options.webhooks) return;
    const teller = new Teller(options, 'vendure', (message) => Logger.warn(message, 'Samlast'));
    const on = (event, type, idOf) =>
      this.eventBus.ofType(event).subscribe((happened) => {
        const id = idOf(happened);
        if (id !== undefined) void teller.tell(type, { id: String(this.ids.encodeId(id)) });
      });
    const placed = ({ order }) => (order.orderPlacedAt ? order.id : undefined);
    on(OrderPlacedEvent, 'order.placed', ({ order }) => order.id);
    on(OrderStateTransitionEvent, 'order.changed', placed);
    on(OrderEvent, 'order.changed', placed);
    on(ProductVariantEvent, 'variant.changed', ({ entity: [first] }) => first?.id);
  }
}
Inject(EventBus)(Webhooks, undefined, 0);
Inject(ConfigService)(Webhooks, undefined, 1);

module.exports = { Webhooks };
