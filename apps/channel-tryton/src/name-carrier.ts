import { z } from 'zod';
import type { OutShipment } from './parcel-plan.ts';
import { noteOnce } from './tryton-notes.ts';
import type { TrytonRpc } from './tryton-rpc.ts';
import { fieldsOf } from './tryton-values.ts';

/**
 * Tells who carries a parcel: as the shipment's carrier where Tryton has one of that name, else in a note at the
 * shipment. What staff has chosen stays. A carrier with a shipping service is for parcels that Tryton itself hands
 * over: it asks for more than this channel knows, and would refuse to pack without it.
 */
export async function nameCarrier(
  rpc: TrytonRpc,
  { id, carrier: chosen }: Pick<OutShipment, 'id' | 'carrier'>,
  name: string,
  parcel: string,
): Promise<void> {
  const Found = z.object({ id: z.int(), shipping_service: z.string().nullish() });
  const domain = [['party.name', '=', name]];
  const found = await rpc.search(Found, 'carrier', { domain, fields: fieldsOf('shipping_service') });
  if (found.some((one) => one.id === chosen)) return;
  const [only, ...others] = found;
  if (!chosen && only && !only.shipping_service && others.length === 0)
    await rpc.change('model.stock.shipment.out.write', [[id], { carrier: only.id }]);
  else await noteOnce(rpc, `stock.shipment.out,${id}`, parcel, `The warehouse sent this with ${name}.`);
}
