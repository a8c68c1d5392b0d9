import { z } from 'zod';
import { fromMilli } from '../warehouse/milli.ts';
import { received } from '../warehouse/model.ts';
import type { Simulation } from '../simulation.ts';
import { command } from './command.ts';

const purchaseOrder = z.union([z.string(), z.int()]).describe('Its number, or its internal id as a number');
const one = z.strictObject({ purchaseOrder });

/** What the people at the gate do, and what there is of purchase orders. */
export function purchaseCommands(simulation: Simulation) {
  const { inboundFloor } = simulation;
  return {
    purchaseOrders: command(
      z.strictObject({ numbers: z.array(purchaseOrder).optional() }).prefault({}),
      ({ numbers }) => dump(simulation, numbers),
    ),
    arrive: command(one, (input) => inboundFloor.arrive(input.purchaseOrder)),
    receiveAgainst: command(
      z.strictObject({
        purchaseOrder,
        lines: z
          .array(
            z.strictObject({
              row: z.string(),
              quantity: z.number().positive(),
              batch: z.string().optional(),
              serials: z.array(z.string().min(1)).min(1).optional(),
              expiryDate: z.iso.date().optional(),
            }),
          )
          .optional(),
        location: z.string().min(1).optional(),
      }),
      (input) => inboundFloor.receive(input),
    ),
    finishReceiving: command(one, (input) => inboundFloor.finish(input.purchaseOrder)),
    cancelPurchaseAtWarehouse: command(one, (input) => inboundFloor.cancel(input.purchaseOrder)),
  };
}

function dump({ warehouse, api }: Simulation, numbers?: (string | number)[]) {
  const { purchaseOrders, articles } = warehouse;
  const chosen = numbers
    ? numbers.flatMap((each) =>
        typeof each === 'number' ? purchaseOrders.get(each) : purchaseOrders.numbered(each),
      )
    : [...purchaseOrders.byId.values()];
  return chosen.map((order) => ({
    purchaseOrderId: order.id,
    number: order.number,
    status: order.status,
    fields: order.fields,
    lines: order.lines.map((line) => ({
      row: line.row,
      article: articles.get(line.articleId).number,
      advised: fromMilli(line.advised),
      received: fromMilli(received(line)),
    })),
    puts: api.counts.purchasePuts.get(order.number) ?? { received: 0, done: 0 },
    deletes: api.counts.purchaseDeletes.get(order.number) ?? { received: 0, done: 0 },
  }));
}
