import { toMilli } from '@samlast/contracts';
import { z } from 'zod';
import { convert, rounding, Unit } from './tryton-units.ts';

const Move = z.object({
  id: z.int(),
  origin: z.string().nullish(),
  state: z.string(),
  quantity: z.number(),
  unit: Unit,
  product: z.object({ id: z.int(), default_uom: Unit }),
});
type Move = z.output<typeof Move>;

/** A shipment to a customer: goods are taken from the storage (inventory moves), then leave (outgoing moves). */
export const OutShipment = z.object({
  id: z.int(),
  state: z.string(),
  reference: z.string().nullish(),
  company: z.int(),
  packages: z.array(z.int()),
  carrier: z.int().nullish(),
  outgoing_moves: z.array(Move),
  inventory_moves: z.array(Move),
});
export type OutShipment = z.output<typeof OutShipment>;

interface Line {
  readonly id: string;
  readonly quantity: string;
}

const piecesOf = ({ quantity, unit, product }: Move) =>
  rounding(convert(quantity, unit, product.default_uom));
const lineOf = ({ origin }: Move) => /^sale\.line,(\d+)$/.exec(origin ?? '')?.[1];
/** Staff has not begun with these, so what is in them may be changed. */
const isOpen = ({ state }: OutShipment) => ['draft', 'waiting', 'assigned'].includes(state);

/** Pieces of a parcel, by line of the sale, that none of its shipments has carried out. */
export function lackingOf(lines: readonly Line[], ours: readonly OutShipment[]): Map<string, number> {
  const lacking = new Map<string, number>();
  const add = (line: string, pieces: number) =>
    lacking.set(line, rounding((lacking.get(line) ?? 0) + pieces));
  for (const { id, quantity } of lines) add(id, Number(toMilli(quantity)) / 1000);
  for (const { state, outgoing_moves: moves } of ours) {
    if (state !== 'done') continue;
    for (const move of moves) add(lineOf(move) ?? '', -piecesOf(move));
  }
  return new Map([...lacking].filter(([line, pieces]) => line !== '' && pieces > 0));
}

/** The oldest shipment that waits for some of these pieces. */
export function openFor(
  lacking: ReadonlyMap<string, number>,
  there: readonly OutShipment[],
): OutShipment | undefined {
  const waits = (move: Move) => lacking.has(lineOf(move) ?? '') && move.quantity > 0;
  return there.toSorted((a, b) => a.id - b.id).find((one) => isOpen(one) && one.outgoing_moves.some(waits));
}

/**
 * What each movement of a shipment is to have, in its own unit: of the pieces that lack as many as it waits for, and
 * nothing of all others. What is taken from the storage decides what leaves; a warehouse whose goods leave straight
 * from the storage has only that.
 */
export function quantitiesFor(
  { outgoing_moves: outgoing, inventory_moves: inventory }: OutShipment,
  lacking: ReadonlyMap<string, number>,
): { outgoing: Map<number, number>; inventory: Map<number, number> } {
  const left = new Map(lacking);
  const out = new Map<number, number>();
  const from = new Map<number, number>(inventory.map(({ id }) => [id, 0]));
  for (const move of outgoing) {
    const line = lineOf(move) ?? '';
    const taken = Math.min(left.get(line) ?? 0, piecesOf(move));
    left.set(line, (left.get(line) ?? 0) - taken);
    out.set(move.id, inUnitOf(move, taken));
    let rest = taken;
    for (const one of inventory.filter((each) => each.origin === `stock.move,${move.id}`)) {
      const some = Math.min(rest, piecesOf(one));
      rest -= some;
      from.set(one.id, inUnitOf(one, some));
    }
  }
  return { outgoing: out, inventory: from };
}

const inUnitOf = ({ unit, product }: Move, pieces: number) =>
  rounding(convert(pieces, product.default_uom, unit));
