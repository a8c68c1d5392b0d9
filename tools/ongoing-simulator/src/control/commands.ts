import { z } from 'zod';
import type { KnobSettings } from '../knobs.ts';
import { faultsOf } from '../rest/body.ts';
import { ArmedFault } from '../rest/faults.ts';
import type { Simulation } from '../simulation.ts';
import { loadState, saveState } from '../saving/state.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { Hook } from '../webhooks/hook.ts';
import { command } from './command.ts';
import { dumpArticles, dumpOrders } from './dump.ts';
import { purchaseCommands } from './purchase-commands.ts';
import { returnCommands } from './return-commands.ts';
import { seedArticle, SeedArticle } from './seed.ts';

const nothing = z.strictObject({}).prefault({});
const order = z.union([z.string(), z.int()]).describe('Order number, or its internal id as a number');
const oneOrder = z.strictObject({ order });
const rows = z.array(z.strictObject({ row: z.string(), quantity: z.number().min(0) }));
const article = z.string();
const positive = z.number().positive();
const byHand = z.array(z.strictObject({ row: z.string().optional(), article, quantity: positive }));
const parcel = {
  number: z.string().min(1),
  waybill: z.string().optional(),
  trackingUrl: z.string().optional(),
  lines: rows.optional(),
  isReturn: z.boolean().optional(),
};

/** Only what is given is turned, so the defaults of the knobs' own schema must not fill in the rest. */
const KnobChanges = z.custom<KnobSettings>((value) => typeof value === 'object').prefault({});

/**
 * Everything that a test or the page may do, by name. `POST /control/<name>` takes the input as JSON and
 * answers what `run` returns.
 */
export function commands(simulation: Simulation) {
  return {
    ...settingCommands(simulation),
    ...stateCommands(simulation),
    ...webhookCommands(simulation),
    ...stockCommands(simulation),
    ...pickingCommands(simulation),
    ...shippingCommands(simulation),
    ...orderCommands(simulation),
    ...purchaseCommands(simulation),
    ...returnCommands(simulation),
  };
}

function settingCommands(simulation: Simulation) {
  const { warehouse, api } = simulation;
  const { clock } = warehouse.ground;
  return {
    /** The knobs as they are, after the given ones were turned. */
    knobs: command(KnobChanges, (settings) => {
      try {
        simulation.turnKnobs(settings);
      } catch (error) {
        if (error instanceof z.ZodError) throw new Refusal(400, 'The knobs are invalid.', faultsOf(error));
        throw error;
      }
      return structuredClone(warehouse.ground.knobs);
    }),
    clock: command(
      z
        .strictObject({
          factor: z.number().min(0).max(1_000_000).optional(),
          at: z.iso.datetime({ offset: true }).optional(),
          advanceMs: z.number().optional(),
        })
        .prefault({}),
      (setting) => {
        clock.set(setting);
        return clock.get();
      },
    ),
    /** Lets something go wrong with the next matching requests. */
    arm: command(ArmedFault, (fault) => {
      api.faults.arm(fault);
      return { armed: api.faults.armed.length };
    }),
    disarm: command(nothing, () => {
      api.faults.armed = [];
    }),
    counts: command(nothing, () => structuredClone(api.counts.save())),
  };
}

function stateCommands(simulation: Simulation) {
  return {
    /** Empties the warehouse. */
    reset: command(
      z
        .strictObject({ keepKnobs: z.boolean().default(false), keepWebhooks: z.boolean().default(false) })
        .prefault({}),
      (keep) => simulation.reset(keep),
    ),
    /** The whole state as one value, for `load`. */
    save: command(nothing, () => structuredClone(saveState(simulation))),
    load: command(z.looseObject({}), (state) => {
      try {
        loadState(simulation, state);
      } catch (error) {
        throw new Refusal(400, error instanceof Error ? error.message : String(error));
      }
    }),
  };
}

function webhookCommands(simulation: Simulation) {
  return {
    /** The webhooks that are set up, after all of them were replaced by the given ones. */
    webhooks: command(z.strictObject({ hooks: z.array(Hook).optional() }).prefault({}), ({ hooks }) => {
      if (hooks) simulation.webhooks.hooks = hooks;
      return structuredClone(simulation.webhooks.hooks);
    }),
    /** The last thousand tries to deliver a webhook. */
    deliveries: command(nothing, () => structuredClone(simulation.webhooks.log)),
  };
}

function stockCommands(simulation: Simulation) {
  const { stockFloor, warehouse } = simulation;
  const move = { article, quantity: positive, location: z.string().min(1).optional() };
  return {
    /** Articles with their stock, created or updated; stock is added to what lies there. */
    seed: command(z.strictObject({ articles: z.array(SeedArticle) }), ({ articles }) => {
      for (const one of articles) seedArticle(warehouse, one);
      return { articles: warehouse.articles.byId.size };
    }),
    articles: command(
      z.strictObject({ numbers: z.array(z.string()).optional() }).prefault({}),
      ({ numbers }) => dumpArticles(simulation, numbers),
    ),
    /** Members of an article as its page at the warehouse would change them, in the API's words. */
    editArticle: command(
      z.strictObject({ article, fields: z.record(z.string(), z.unknown()) }),
      ({ article: number, fields }) => warehouse.articles.edit(warehouse.articles.named(number), fields),
    ),
    /** Deletes an article as staff would, with what lies there of it. */
    removeArticle: command(z.strictObject({ article }), (input) => stockFloor.remove(input.article)),
    receive: command(z.strictObject(move), (input) => stockFloor.receive(input)),
    adjust: command(
      z.strictObject({ ...move, quantity: z.number(), comment: z.string().optional() }),
      ({ comment, ...input }) =>
        stockFloor.adjust({ ...input, ...(comment === undefined ? {} : { comment }) }),
    ),
    lock: command(z.strictObject({ ...move, forSale: z.boolean().default(true) }), (input) =>
      stockFloor.lock(input),
    ),
    unlock: command(z.strictObject(move), (input) => stockFloor.unlock(input)),
  };
}

function pickingCommands(simulation: Simulation) {
  const { orderFloor } = simulation;
  return {
    orders: command(z.strictObject({ numbers: z.array(order).optional() }).prefault({}), ({ numbers }) =>
      dumpOrders(simulation, numbers),
    ),
    release: command(oneOrder, (input) => orderFloor.release(input.order)),
    allocate: command(z.strictObject({ order, lines: rows.optional() }), (input) =>
      orderFloor.allocate(input),
    ),
    pick: command(
      z.strictObject({
        order,
        lines: rows.optional(),
        short: z.boolean().optional(),
        finish: z.boolean().optional(),
        backOrder: z.boolean().optional(),
      }),
      (input) => orderFloor.pick(input),
    ),
    pack: command(oneOrder, (input) => orderFloor.pack(input.order)),
  };
}

function shippingCommands({ shipping }: Simulation) {
  return {
    ship: command(
      z.strictObject({
        order,
        carrier: z.string().optional(),
        waybill: z.string().optional(),
        trackingUrl: z.string().optional(),
        parcels: z.array(z.strictObject(parcel)).optional(),
      }),
      (input) => shipping.ship(input),
    ),
    addParcel: command(z.strictObject({ order, ...parcel }), ({ order: named, ...input }) =>
      shipping.addParcel(named, input),
    ),
    collect: command(oneOrder, (input) => shipping.collect(input.order)),
  };
}

function orderCommands(simulation: Simulation) {
  const { orderFloor, splitting } = simulation;
  return {
    setStatus: command(z.strictObject({ order, status: z.int() }), (input) =>
      orderFloor.setStatus(input.order, input.status),
    ),
    cancelAtWarehouse: command(oneOrder, (input) => orderFloor.cancel(input.order)),
    typeIn: command(
      z.strictObject({
        number: z.string().min(1).max(60),
        lines: byHand.min(1),
        status: z.int().optional(),
        name: z.string().optional(),
      }),
      (input) => ({ orderId: orderFloor.typeIn(input).id }),
    ),
    editByHand: command(
      z.strictObject({
        order,
        lines: rows.optional(),
        remove: z.array(z.string()).optional(),
        add: byHand.optional(),
      }),
      (input) => orderFloor.edit(input),
    ),
    /** So many pieces of these rows move to a new order; answers its number. */
    split: command(
      z.strictObject({ order, lines: rows.min(1), number: z.string().min(1).max(50).optional() }),
      (input) => {
        const { id, number } = splitting.split(input);
        return { orderId: id, number };
      },
    ),
  };
}
export type Commands = ReturnType<typeof commands>;
