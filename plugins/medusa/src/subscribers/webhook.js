'use strict';
const { Teller } = require('@samlast/checkout');
const { ContainerRegistrationKeys } = require('@medusajs/framework/utils');
const { optionsOf } = require('../claims/plugin-options');

/** Medusa has no outgoing webhooks; an event of its bus carries ids only, and so does what is told. */
exports.default = async function webhook({ event, container }) {
  const options = optionsOf(container);
  if (!options.webhooks) return;
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  const teller = new Teller(options, 'medusa', (message) => logger.warn(`Samlast: ${message}`));
  // Not waited for: Medusa's bus in memory hands on nothing else meanwhile.
  void teller.tell(event.name, event.data);
};

exports.config = {
  event: [
    'order.placed',
    'order.updated',
    'order.canceled',
    'order.completed',
    'order.fulfillment_created',
    'order.fulfillment_canceled',
    'shipment.created',
    'delivery.created',
    'order.return_requested',
    'order.return_received',
    'order-edit.confirmed',
    'product-variant.created',
    'product-variant.updated',
  ],
};
