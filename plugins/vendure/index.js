'use strict';
const { checkOptions } = require('@samlast/checkout');
const { PluginCommonModule, VendurePlugin } = require('@vendure/core');
const { options } = require('./options');
const { AtPayment, schema } = require('./at-payment');
const { claimProcess } = require('./claim-process');
const { holdProcess } = require('./hold-process');
const { LatePayers } = require('./late-payers');
const { LockingStockLocationStrategy } = require('./stock-locations');
const { Webhooks } = require('./webhooks');

/** See README.md. Plain JavaScript, so that a shop needs no build for it; the decorator is applied by hand. */
// oxlint-disable-next-line no-extraneous-class -- Vendure takes plugins as classes with a static init
class SamlastPlugin {
  static init(given) {
    Object.assign(options, checkOptions('SamlastPlugin', given));
    return SamlastPlugin;
  }
}

VendurePlugin({
  imports: [PluginCommonModule],
  providers: [LatePayers, Webhooks],
  adminApiExtensions: { schema, resolvers: [AtPayment] },
  compatibility: '>=3.0.0 <4',
  configuration(config) {
    config.catalogOptions.stockLocationStrategy = new LockingStockLocationStrategy();
    // The last ones, so that nothing is held or claimed for a step that another process refuses.
    config.orderOptions.process.push(holdProcess, claimProcess);
    config.customFields.Order.push({
      name: 'samlastClaim',
      type: 'string',
      length: 100,
      nullable: true,
      public: false,
      readonly: true,
    });
    return config;
  },
})(SamlastPlugin);

module.exports = { SamlastPlugin, LockingStockLocationStrategy };
