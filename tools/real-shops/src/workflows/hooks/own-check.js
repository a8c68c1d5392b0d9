'use strict';
const { MedusaError } = require('@medusajs/framework/utils');
const { StepResponse } = require('@medusajs/framework/workflows-sdk');
const { completeCartWorkflow } = require('@medusajs/medusa/core-flows');

// A shop that has a check of its own already: as the plugin's README says, it calls the plugin's two functions in it.
if (process.env.SAMLAST_VALIDATE_HOOK === 'own') {
  const { claimCart, giveBack } = require('@samlast/medusa-plugin');
  completeCartWorkflow.hooks.validate(
    async ({ cart }, { container }) => {
      if (cart.email?.endsWith('@no-sale.example'))
        throw new MedusaError(MedusaError.Types.NOT_ALLOWED, 'This shop does not sell to you.');
      return new StepResponse(undefined, await claimCart(cart, container));
    },
    async (claimed, { container }) => {
      if (claimed) await giveBack(claimed, container);
    },
  );
}
