import { z } from 'zod';
import { markOf } from './parcel-mark.ts';
import type { TrytonRpc } from './tryton-rpc.ts';

/** Leaves a note at a document, once for each key; Tryton shows its staff which notes they have not read. */
export async function noteOnce(rpc: TrytonRpc, resource: string, key: string, text: string): Promise<void> {
  const mark = markOf(key);
  const known = await rpc.search(z.object({ message: z.string().nullish() }), 'ir.note', {
    domain: [['resource', '=', resource]],
    fields: ['message'],
  });
  if (known.some(({ message }) => message?.endsWith(mark))) return;
  await rpc.change('model.ir.note.create', [[{ resource, message: `${text} ${mark}` }]]);
}
