import { describe, expect, it } from '@jest/globals';
import { lackingOf, openFor, OutShipment, quantitiesFor } from './parcel-plan.ts';

const piece = { factor: 1 };
const dozen = { factor: 12 };
const product = { id: 1, default_uom: piece };
const leaves = (id: number, line: number, quantity: number, unit = piece) => ({
  id,
  state: 'draft',
  quantity,
  unit,
  product,
  origin: `sale.line,${line}`,
});
const isTaken = (id: number, move: number, quantity: number, unit = piece) => ({
  id,
  state: 'draft',
  quantity,
  unit,
  product,
  origin: `stock.move,${move}`,
});
const shipment = (id: number, state: string, moves: object = {}) =>
  OutShipment.parse({
    id,
    state,
    reference: null,
    company: 1,
    packages: [],
    outgoing_moves: [leaves(10, 1, 5), leaves(11, 2, 24)],
    inventory_moves: [isTaken(20, 10, 5), isTaken(21, 11, 24)],
    ...moves,
  });
const lacks = (pieces: Record<string, number>) => new Map(Object.entries(pieces));

describe('a parcel in Tryton', () => {
  it('lacks what none of its shipments has carried out', () => {
    const lines = [
      { id: '1', quantity: '5' },
      { id: '2', quantity: '30' },
    ];
    expect(lackingOf(lines, [])).toEqual(lacks({ '1': 5, '2': 30 }));
    expect(lackingOf(lines, [shipment(1, 'done')])).toEqual(lacks({ '2': 6 }));
    expect(lackingOf(lines, [shipment(1, 'cancelled'), shipment(2, 'picked')])).toEqual(
      lacks({ '1': 5, '2': 30 }),
    );
  });

  it('goes with the oldest shipment that waits for its pieces and that nobody works on', () => {
    const there = [
      shipment(4, 'waiting'),
      shipment(3, 'picked'),
      shipment(2, 'done'),
      shipment(5, 'waiting'),
    ];
    expect(openFor(lacks({ '1': 1 }), there)?.id).toBe(4);
    expect(openFor(lacks({ '7': 1 }), there)).toBeUndefined();
  });

  it('takes of each movement what is in it, and nothing of the others', () => {
    const { inventory, outgoing } = quantitiesFor(shipment(1, 'waiting'), lacks({ '1': 2 }));
    expect([...inventory]).toEqual([
      [20, 2],
      [21, 0],
    ]);
    expect([...outgoing]).toEqual([
      [10, 2],
      [11, 0],
    ]);
  });

  it('takes no more than the shipment waits for, in the unit of the sale', () => {
    const inDozens = {
      outgoing_moves: [leaves(10, 1, 2, dozen)],
      inventory_moves: [isTaken(20, 10, 2, dozen)],
    };
    expect([...quantitiesFor(shipment(1, 'waiting', inDozens), lacks({ '1': 6 })).inventory]).toEqual([
      [20, 0.5],
    ]);
    expect([...quantitiesFor(shipment(1, 'waiting', inDozens), lacks({ '1': 30 })).inventory]).toEqual([
      [20, 2],
    ]);
  });

  it('takes from several places in the storage, one after another', () => {
    const places = { inventory_moves: [isTaken(20, 10, 3), isTaken(22, 10, 2), isTaken(21, 11, 24)] };
    expect([...quantitiesFor(shipment(1, 'waiting', places), lacks({ '1': 4 })).inventory]).toEqual([
      [20, 3],
      [22, 1],
      [21, 0],
    ]);
  });
});
