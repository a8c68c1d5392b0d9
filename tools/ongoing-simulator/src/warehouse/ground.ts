import { Clock } from '../clock.ts';
import { Chance, Knobs } from '../knobs.ts';

const FIRST_IDS = {
  article: 20_001,
  item: 500_001,
  order: 61_001,
  line: 900_001,
  pickedItem: 1_200_001,
  parcel: 901,
  shipment: 4_001,
  customer: 30_001,
  adjustment: 7_001,
  event: 88_001,
  webhook: 1,
  delivery: 1,
  splitNumber: 70_001,
  returnOrder: 41_001,
  returnLine: 410_001,
  returnCause: 1,
  purchaseOrder: 55_001,
  purchaseLine: 650_001,
  receivedItem: 1_700_001,
};
export type IdKind = keyof typeof FIRST_IDS;

export class Ids {
  last: Record<IdKind, number> = { ...FIRST_IDS };

  next(kind: IdKind): number {
    return this.last[kind]++;
  }

  reset(): void {
    this.last = { ...FIRST_IDS };
  }
}

/** What every part of the simulated warehouse stands on: its clock, its knobs, its numbers. */
export class Ground {
  readonly clock = new Clock();
  readonly knobs: Knobs = Knobs.parse({});
  readonly chance = new Chance(1);
  readonly ids = new Ids();
  /** Grows with every change, so that the page and the saving know when there is something to do. */
  version = 0;

  changed(): void {
    this.version++;
  }

  /** What two numbers have in common when the database takes one for the other. */
  key(number: string): string {
    return this.knobs.numbersCompare === 'loose' ? number.trim().toLowerCase() : number;
  }
}
