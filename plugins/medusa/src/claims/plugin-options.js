'use strict';
const { checkOptions } = require('@samlast/checkout');
const { ContainerRegistrationKeys } = require('@medusajs/framework/utils');

const NAME = '@samlast/medusa-plugin';

/** Of this plugin in medusa-config. Neither hooks nor subscribers are given them. */
function optionsOf(container) {
  const { plugins = [] } = container.resolve(ContainerRegistrationKeys.CONFIG_MODULE);
  const entry = plugins.find((plugin) => (plugin.resolve ?? plugin) === NAME);
  return checkOptions(NAME, entry?.options);
}

module.exports = { optionsOf };
