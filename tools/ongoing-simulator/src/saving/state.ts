import { z } from 'zod';
import { Knobs } from '../knobs.ts';
import type { CountsState } from '../rest/counts.ts';
import type { Simulation } from '../simulation.ts';
import type { Ids } from '../warehouse/ground.ts';
import type {
  Adjustment,
  Article,
  Order,
  PurchaseOrder,
  ReturnCause,
  ReturnOrder,
} from '../warehouse/model.ts';
import type { RegisterState } from '../warehouse/registers.ts';
import type { WebhooksState } from '../webhooks/webhooks.ts';

const VERSION = 1;

export interface SavedState {
  version: typeof VERSION;
  clock: { now: string; factor: number; offsetMs: number };
  ids: Ids['last'];
  knobs: Knobs;
  articles: Article[];
  orders: Order[];
  /** Absent in what was saved before there were any. */
  purchaseOrders?: PurchaseOrder[] | undefined;
  returns?: { orders: ReturnOrder[]; causes: ReturnCause[] } | undefined;
  adjustments: Adjustment[];
  registers: RegisterState;
  counts: CountsState;
  webhooks: WebhooksState;
}

/** Only the frame: what stands in it was written by `saveState`. */
const Frame = z.looseObject({
  version: z.literal(VERSION, `must be ${VERSION}: the state was saved by another version of the simulator`),
  clock: z.looseObject({ now: z.iso.datetime(), factor: z.number(), offsetMs: z.number() }),
  ids: z.looseObject({}),
  knobs: Knobs,
  articles: z.array(z.looseObject({ id: z.int(), number: z.string() })),
  orders: z.array(z.looseObject({ id: z.int(), number: z.string(), status: z.int() })),
  purchaseOrders: z.array(z.looseObject({ id: z.int(), number: z.string(), status: z.int() })).optional(),
  adjustments: z.array(z.looseObject({ id: z.int() })),
  registers: z.looseObject({}),
  counts: z.looseObject({}),
  webhooks: z.looseObject({ hooks: z.array(z.unknown()), pending: z.array(z.unknown()) }),
});

/** The members are the living ones: write them out, or copy them, before anything else happens. */
export function saveState({ warehouse, api, webhooks }: Simulation): SavedState {
  const { ground } = warehouse;
  const clock = ground.clock.get();
  return {
    version: VERSION,
    clock: { ...clock, offsetMs: ground.clock.now() - Date.now() },
    ids: ground.ids.last,
    knobs: ground.knobs,
    articles: [...warehouse.articles.byId.values()],
    orders: [...warehouse.orders.byId.values()],
    purchaseOrders: [...warehouse.purchaseOrders.byId.values()],
    returns: {
      orders: [...warehouse.returnOrders.byId.values()],
      causes: [...warehouse.returnOrders.causes.values()],
    },
    adjustments: warehouse.adjustments,
    registers: warehouse.registers.save(),
    counts: api.counts.save(),
    webhooks: webhooks.save(),
  };
}

/** Throws an error that names the faulty member; nothing is changed then. */
export function loadState(simulation: Simulation, input: unknown): void {
  const parsed = Frame.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`The saved state is not usable: ${issue?.path.join('.') || 'it'} ${issue?.message}.`);
  }
  const state = structuredClone(input) as SavedState;
  const { warehouse, api, webhooks } = simulation;
  const { ground } = warehouse;
  ground.clock.stop();
  // A clock that ran with the real one goes on with it; a scaled one goes on where it stood.
  const { now, factor, offsetMs } = state.clock;
  const at = factor === 1 ? new Date(Date.now() + offsetMs).toISOString() : now;
  ground.clock.set({ factor, at });
  ground.ids.last = { ...ground.ids.last, ...state.ids };
  Object.assign(ground.knobs, parsed.data.knobs);
  ground.chance.reseed(ground.knobs.seed);
  warehouse.articles.load(state.articles);
  warehouse.orders.load(state.orders);
  warehouse.purchaseOrders.load(state.purchaseOrders ?? []);
  warehouse.returnOrders.load(state.returns);
  warehouse.adjustments = state.adjustments;
  warehouse.registers.load(state.registers);
  api.counts.load(state.counts);
  api.faults.armed = [];
  webhooks.load(state.webhooks);
  simulation.autoFloor.restart();
  ground.changed();
}
