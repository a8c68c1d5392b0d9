'use strict';
const { checkOptions } = require('./options');
const { Claims, soldOut } = require('./claims');
const { Teller } = require('./teller');

module.exports = { checkOptions, Claims, soldOut, Teller };
