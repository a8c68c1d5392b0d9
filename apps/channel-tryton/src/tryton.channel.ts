import { defineChannel } from '@samlast/channel-kit';
import { z } from 'zod';
import { config } from './config.ts';
import { TrytonRpc } from './tryton-rpc.ts';
import { trytonShop } from './tryton-shop.ts';
import { Time } from './tryton-values.ts';

/** Tryton 8, an ERP, over its JSON-RPC. */
export const tryton = defineChannel({
  kind: 'tryton',
  config,
  /** Tryton has no id of its own; its database, the company and when that was made tell it from any other. */
  async identity(settings) {
    const rpc = new TrytonRpc(settings);
    const id = await rpc.company();
    const [company] = await rpc.search(z.object({ create_date: Time }), 'company.company', {
      domain: [['id', '=', id]],
      fields: ['create_date'],
    });
    return `${settings.TRYTON_DATABASE} ${id} ${company?.create_date}`;
  },
  shop: trytonShop,
});
