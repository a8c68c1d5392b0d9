'use strict';
const { MedusaError, Modules } = require('@medusajs/framework/utils');

const REMARK = /^samlast_./;

/**
 * Medusa 2.21 changes nothing at a cancelled order, not even its metadata. But that the warehouse ships such an order
 * all the same is what its staff must read there. Below /admin, so Medusa lets in only who has one of its keys.
 */
exports.POST = async function addRemarks(request, response) {
  const { remarks } = request.body ?? {};
  const entries = Object.entries(remarks ?? {});
  if (entries.length === 0 || !entries.every(([key, text]) => REMARK.test(key) && typeof text === 'string'))
    throw new MedusaError(
      MedusaError.Types.INVALID_DATA,
      'The body holds no remarks: {"remarks": {"samlast_<which>": "<text>"}}.',
    );
  const orders = request.scope.resolve(Modules.ORDER);
  const { metadata } = await orders.retrieveOrder(request.params.id, { select: ['id', 'metadata'] });
  await orders.updateOrders(request.params.id, { metadata: { ...metadata, ...remarks } });
  response.status(204).end();
};
