import { z } from 'zod';
import { fromMilli } from '../warehouse/milli.ts';
import type { Simulation } from '../simulation.ts';
import { command } from './command.ts';

const name = z.union([z.string(), z.int()]);
const lines = z.array(
  z.strictObject({ row: z.string(), quantity: z.number().positive(), cause: z.string().optional() }),
);
const location = z.string().min(1).optional();

/** What comes back, and what there is of announced returns. */
export function returnCommands(simulation: Simulation) {
  const { returnsFloor, warehouse, api } = simulation;
  const { returnOrders, orders } = warehouse;
  return {
    takeBack: command(
      z.strictObject({ order: name, lines, restock: z.boolean().optional(), location }),
      (input) => returnsFloor.takeBack(input),
    ),
    receiveReturn: command(
      z.strictObject({ returnOrder: name, lines: lines.optional(), location }),
      (input) => returnsFloor.receive(input),
    ),
    scrapReturned: command(z.strictObject({ returnOrder: name, lines, location }), (input) =>
      returnsFloor.scrap(input),
    ),
    /** Causes of the tenant; `remove` ones are scrapped. */
    returnCauses: command(
      z.strictObject({ causes: z.array(z.strictObject({ code: z.string(), remove: z.boolean() })) }),
      ({ causes }) => {
        for (const { code, remove } of causes) returnOrders.putCause(code, code, remove);
      },
    ),
    returnOrders: command(z.strictObject({}).prefault({}), () =>
      [...returnOrders.byId.values()].map((one) => ({
        returnOrderId: one.id,
        number: one.number,
        order: orders.get(one.orderId).number,
        status: one.status,
        lines: one.lines.map((line) => ({
          row: line.row,
          toBeReturned: fromMilli(line.toBeReturned),
          returned: fromMilli(line.returned),
          removed: fromMilli(line.removed),
        })),
        puts: api.counts.returnPuts.get(one.number) ?? { received: 0, done: 0 },
      })),
    ),
  };
}
