'use strict';
const { StepResponse } = require('@medusajs/framework/workflows-sdk');
const { completeCartWorkflow } = require('@medusajs/medusa/core-flows');
const { claimCart, giveBack } = require('../../claims/claim-cart');

// Medusa takes one handler for a hook. A shop that has one sets this and calls both functions in it (README.md).
if (process.env.SAMLAST_VALIDATE_HOOK !== 'own') {
  completeCartWorkflow.hooks.validate(
    async ({ cart }, { container }) => {
      const claimed = await claimCart(cart, container);
      return new StepResponse(undefined, claimed);
    },
    async (claimed, { container }) => {
      if (claimed) await giveBack(claimed, container);
    },
  );
}
