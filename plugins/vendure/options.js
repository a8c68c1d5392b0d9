'use strict';

/** What the shop was set up with; filled by `SamlastPlugin.init` before Vendure starts. */
const options = {};

module.exports = { options };
