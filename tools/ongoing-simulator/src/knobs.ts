import { z } from 'zod';

const rate = z.number().min(0).max(1);
const ms = z.number().min(0).max(3_600_000);
const status = z.int().min(0).max(9999);

/**
 * Where the truth depends on the tenant, or is not known. The README says of each how sure its default is.
 */
export const Knobs = z.strictObject({
  /** API access of the goods owner; off answers 403. */
  apiAccess: z.boolean().default(true),
  /** Answer 200 also where an order was created. */
  forceStatus200: z.boolean().default(false),
  /** From this status on, update and cancel are refused. */
  lockFromStatus: status.default(320),
  /** Update and cancel are refused as soon as anything is allocated or picked, whatever the status. */
  lockOnWork: z.boolean().default(true),
  /** From this status on, single fields of an order cannot be changed by PATCH either. */
  fieldsLockFromStatus: status.default(1000),
  autoCreateArticles: z.boolean().default(false),
  initialStatus: status.default(300),
  /** What PUT does to the number of a cancelled order. */
  putAfterCancel: z.enum(['refuse', 'revive', 'new']).default('refuse'),
  /** `loose`: numbers are the same without case and outer blanks, as SQL Server compares. */
  numbersCompare: z.enum(['loose', 'exact']).default('loose'),
  /** What PUT does to an article's members that are left out. */
  omittedMembers: z.enum(['kept', 'cleared']).default('kept'),
  rejectUnknownKeys: z.boolean().default(false),
  /** Absent members as null; off leaves them out. */
  nullMembers: z.boolean().default(true),
  /** An order alone puts its articles into the stockInfoChangedFrom feed. */
  deltaOnBooking: z.boolean().default(true),
  /** The feed of changed statuses returns an order as soon as it is made. */
  statusFeedHasNew: z.boolean().default(true),
  /** Balances are shown as they were this long ago (simulated). */
  stockLagMs: ms.default(0),
  /** Warehouses beside the one that everything lies in. */
  moreWarehouses: z.array(z.object({ id: z.int().min(2), code: z.string(), name: z.string() })).default([]),
  /** The tenant's statuses. */
  statusSet: z
    .array(z.object({ number: status, text: z.string() }))
    .min(1)
    .default([
      { number: 150, text: 'Error' },
      { number: 200, text: 'Open' },
      { number: 300, text: 'Released' },
      { number: 320, text: 'Allocated' },
      { number: 400, text: 'Picked' },
      { number: 450, text: 'Sent' },
      { number: 500, text: 'Collected' },
      { number: 800, text: 'Returned' },
      { number: 1000, text: 'Cancelled' },
    ]),
  /** Which status each step on the floor leads to. */
  steps: z
    .strictObject({
      open: status.default(200),
      released: status.default(300),
      allocated: status.default(320),
      picked: status.default(400),
      sent: status.default(450),
      collected: status.default(500),
      returned: status.default(800),
      cancelled: status.default(1000),
    })
    .prefault({}),
  /** The tenant's statuses of purchase orders. */
  purchaseStatusSet: z
    .array(z.object({ number: status, text: z.string() }))
    .min(1)
    .default([
      { number: 100, text: 'Notified' },
      { number: 200, text: 'Arrival space' },
      { number: 300, text: 'Inbound' },
      { number: 400, text: 'Deflection' },
      { number: 500, text: 'Received' },
      { number: 900, text: 'Cancelled' },
    ]),
  /** Which status each step of a purchase order leads to. */
  purchaseSteps: z
    .strictObject({
      notified: status.default(100),
      arrived: status.default(200),
      inbound: status.default(300),
      deviation: status.default(400),
      received: status.default(500),
      cancelled: status.default(900),
    })
    .prefault({}),
  /** The tenant's statuses of return orders: their standard numbers are not known. */
  returnStatusSet: z
    .array(z.object({ number: status, text: z.string() }))
    .min(1)
    .default([
      { number: 100, text: 'Notified' },
      { number: 300, text: 'Arrived' },
      { number: 500, text: 'Returned' },
      { number: 900, text: 'Cancelled' },
    ]),
  returnSteps: z
    .strictObject({
      notified: status.default(100),
      arrived: status.default(300),
      returned: status.default(500),
      cancelled: status.default(900),
    })
    .prefault({}),
  /** Pieces that are scrapped on return are put into stock and taken out of it by a correction. */
  scrapIsAdjustment: z.boolean().default(true),
  /** From the deviation status on nothing more is expected, so that toReceive leaves what did not come out. */
  deviationEndsReceiving: z.boolean().default(true),
  /** What an order becomes that staff split off another one: all of it is inferred. */
  split: z
    .strictObject({
      /** `suffix`: the first order's number and a hyphen with 1, 2, …; `running`: a number of the warehouse's own. */
      number: z.enum(['suffix', 'running']).default('suffix'),
      /** It has the first order's references, goodsOwnerOrderId, type and market place, or only where it goes. */
      copiesFields: z.boolean().default(true),
      /** It names the first order as a back order does. */
      namesFirst: z.boolean().default(false),
      /** A row that moved as a whole is gone from the first order, or stays with 0 pieces. */
      emptyLines: z.enum(['removed', 'zero']).default('removed'),
    })
    .prefault({}),
  /** Real time each write holds the goods owner's one writer, before it is carried out. */
  writeLatencyMs: ms.default(0),
  /** Real time before a read is computed. */
  readLatencyMs: ms.default(0),
  /** Real time between the computed answer and its sending, of reads and writes. */
  answerLatencyMs: ms.default(0),
  /** How often a write is carried out and its answer dropped with the connection. */
  dropResponseAfterCommit: rate.default(0),
  /** How often a request is answered with 500 and not carried out. */
  faultRate: rate.default(0),
  faultKind: z.enum(['json', 'html', 'both']).default('both'),
  /** How often the connection is cut before a request is carried out. */
  disconnectRate: rate.default(0),
  /** How often a request is answered with 429 and not carried out. */
  tooManyRate: rate.default(0),
  /** What a 429 says in `Retry-After`, in seconds of real time; nothing where it is 0. */
  retryAfterS: z.int().min(0).max(3_600).default(0),
  /** How often a request takes so much longer, real time; a slow write holds up those behind it. */
  slowRate: rate.default(0),
  slowMs: ms.default(500),
  /** Requests of Node's built-in fetch are answered with 500, as one tenant's server does. */
  rejectFetch: z.boolean().default(false),
  /** How often a write that was carried out is answered with a null id. */
  nullIdRate: rate.default(0),
  /**
   * How often an answer of a request that was carried out is malformed: cut off, empty, with members that are null,
   * gone, of another type, twice or in another order.
   */
  oddRate: rate.default(0),
  webhookLossRate: rate.default(0),
  webhookDuplicateRate: rate.default(0),
  /**
   * Each webhook is sent up to this much later (simulated), drawn at random, so that they overtake each
   * other.
   */
  webhookDelayMs: ms.default(0),
  webhookTimeoutMs: z.number().min(10).max(600_000).default(10_000),
  /** Seed of everything drawn at random. */
  seed: z.int().default(1),
  /** Orders walk over the floor by themselves; seconds of simulated time after the step before. */
  autoFloor: z
    .strictObject({
      enabled: z.boolean().default(false),
      pickAfterS: z.number().min(0).default(10),
      packAfterS: z.number().min(0).default(5),
      shipAfterS: z.number().min(0).default(5),
      carrier: z.string().default('Simulated Post'),
    })
    .prefault({}),
});
export type Knobs = z.output<typeof Knobs>;
export type KnobSettings = z.input<typeof Knobs>;

/** Sets some knobs and leaves the others; throws ZodError on a faulty one, with nothing changed. */
export function turn(knobs: Knobs, settings: KnobSettings): void {
  const next = Knobs.parse({
    ...knobs,
    ...settings,
    steps: { ...knobs.steps, ...settings.steps },
    split: { ...knobs.split, ...settings.split },
    returnSteps: { ...knobs.returnSteps, ...settings.returnSteps },
    purchaseSteps: { ...knobs.purchaseSteps, ...settings.purchaseSteps },
    autoFloor: { ...knobs.autoFloor, ...settings.autoFloor },
  });
  Object.assign(knobs, next);
}

/** A small generator (mulberry32), so that a run with the same seed and requests draws the same faults. */
export class Chance {
  private state: number;
  constructor(seed: number) {
    this.state = seed;
  }

  reseed(seed: number): void {
    this.state = seed;
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  hits(rate: number): boolean {
    return rate > 0 && this.next() < rate;
  }
}
