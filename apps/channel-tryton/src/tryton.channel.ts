import { defineChannel, wrongSettings } from '@samlast/channel-kit';
import { z } from 'zod';
import { config, type TrytonConfig } from './config.ts';
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
    await checkPlaces(rpc, settings);
    return `${settings.TRYTON_DATABASE} ${id} ${company?.create_date}`;
  },
  shop: trytonShop,
});

/** With a wrong id no sale would ever be found, and nobody would be told why. */
async function checkPlaces(rpc: TrytonRpc, settings: TrytonConfig): Promise<void> {
  const { TRYTON_WAREHOUSE_ID: warehouse, TRYTON_PACKAGE_TYPE_ID: type } = settings;
  const find = (model: string, domain: unknown[]) =>
    rpc.search(z.object({ id: z.int() }), model, { domain, fields: ['id'] });
  const faults: string[] = [];
  const warehouses = await find('stock.location', [['type', '=', 'warehouse']]);
  if (!warehouses.some(({ id }) => id === warehouse)) {
    const there = warehouses.map(({ id }) => id).join(', ');
    faults.push(`TRYTON_WAREHOUSE_ID ${warehouse} is no warehouse in Tryton, whose warehouses are ${there}`);
  }
  if (type !== undefined && (await find('stock.package.type', [['id', '=', type]])).length === 0)
    faults.push(`TRYTON_PACKAGE_TYPE_ID ${type} is no package type in Tryton`);
  if (faults.length > 0) throw wrongSettings('tryton', faults);
}
