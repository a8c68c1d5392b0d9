import { describe, expect, it } from '@jest/globals';
import type { ShopBook, ShopOrder, WarehouseBook, WarehouseOrder } from './books.ts';
import { differences } from './differences.ts';

const modes = { MA: 'claim', MB: 'lease', VE: 'lease' } as const;

const line = { row: 'l1', article: 'TEE', quantity: 2 };
const placed: ShopOrder = {
  id: 'order_1',
  number: '7',
  cancelled: false,
  to: 'Ada Buyer, Hafenstrasse 1',
  lines: [line, { row: 'l2', article: 'CAP', quantity: 1 }],
  parcels: [],
  remarks: [],
};
const held: WarehouseOrder = {
  number: '7-MA',
  origin: 'flows:MA:order_1',
  cancelled: false,
  shipped: false,
  to: placed.to,
  lines: placed.lines.map((one) => ({ ...one, returned: 0 })),
  parcels: [],
};
const parcel = { tracking: 'WB1', lines: [{ row: 'l1', quantity: 2 }] };

interface Case {
  ours?: Partial<ShopOrder>;
  theirs?: Partial<WarehouseOrder> | null;
  more?: WarehouseOrder[];
  offered?: Record<string, number>;
  free?: number;
  purchases?: { ours?: ShopBook['purchases']; theirs?: ShopBook['purchases'] };
  returns?: { ours?: ShopBook['returns']; theirs?: ShopBook['returns'] };
}

function faultsOf({
  ours,
  theirs,
  more = [],
  offered,
  free = 5,
  purchases = {},
  returns = {},
}: Case): string[] {
  const offers = { MA: 1, MB: 3, VE: 1, ...offered };
  const shops = (['MA', 'MB', 'VE'] as const).map((code): ShopBook => ({
    code,
    orders: code === 'MA' ? [{ ...placed, ...ours }] : [],
    offered: new Map([['TEE', offers[code]]]),
    purchases: code === 'MA' ? (purchases.ours ?? []) : [],
    returns: code === 'MA' ? (returns.ours ?? []) : [],
  }));
  const warehouse: WarehouseBook = {
    orders: [...(theirs === null ? [] : [{ ...held, ...theirs }]), ...more],
    sellable: new Map([['TEE', free]]),
    purchases: purchases.theirs ?? [],
    returns: returns.theirs ?? [],
  };
  return differences(shops, warehouse, { modes, installation: 'flows' });
}

const bought = (received: number, cancelled = false) => [
  { number: '3', cancelled, lines: [{ row: '1', article: 'TEE', ordered: 9, received }] },
];
const advised = (received: number) => bought(received).map((one) => ({ ...one, number: '3-MA' }));

const announced = (quantity: number) => [{ number: 'R3', order: '7', lines: [{ article: 'TEE', quantity }] }];
const advisedReturn = (quantity: number) =>
  announced(quantity).map((one) => ({ ...one, number: 'R3-MA', order: '7-MA' }));

const tooLate = 'Cancelled in the shop, but the warehouse ships it: it was too late to stop. Ask the buyer.';
const agreed: [string, Case][] = [
  ['nothing else', {}],
  ['lines in another order', { theirs: { lines: held.lines.toReversed() } }],
  ['a cancel before it was sent', { ours: { cancelled: true }, theirs: null }],
  ['a cancel on both sides', { ours: { cancelled: true }, theirs: { cancelled: true } }],
  ['a cancel that came too late', { ours: { cancelled: true, remarks: [tooLate] } }],
  [
    'a cancel by the warehouse that was told',
    {
      ours: { remarks: ['Cancelled in the warehouse, not by the shop. Or so.'] },
      theirs: { cancelled: true },
    },
  ],
  [
    'a part that does not come and was told',
    {
      ours: {
        remarks: ['Delivered in part: 2 of 2 TEE missing. What is there goes out; the rest will not.'],
      },
      theirs: { lines: held.lines.slice(1) },
    },
  ],
  ['a sale at the counter', { more: [{ ...held, number: 'COUNTER-1', origin: '' }] }],
  ['a parcel', { ours: { parcels: [parcel] }, theirs: { shipped: true, parcels: [parcel] } }],
  [
    'goods that came back, of which the shop reads',
    {
      ours: {
        remarks: [
          'Come back to the warehouse, announced by nobody: 1 TEE, for sale again; 1 CAP (torn), scrapped. (samlast returned-1)',
          'Come back to the warehouse, announced by nobody: 1 TEE, scrapped. [samlast returned-2]',
        ],
      },
      theirs: { lines: held.lines.map((one) => ({ ...one, returned: one.quantity })) },
    },
  ],
  ['leases that leave something over', { offered: { MB: 2, VE: 0, MA: 3 } }],
  ['a purchase order', { purchases: { ours: bought(8), theirs: advised(8) } }],
  ['a return', { returns: { ours: announced(1), theirs: advisedReturn(1) } }],
];

const other: [string, Case, string][] = [
  ['is lost', { theirs: null }, 'is not in the warehouse'],
  ['is there twice', { more: [held] }, 'is in the warehouse 2 times'],
  ['is made up', { more: [{ ...held, number: '8-MA' }] }, 'no shop has it'],
  ['has fewer pieces', { ours: { lines: [line] } }, 'has the lines'],
  ['goes to another address', { theirs: { to: 'Bo' } }, 'has the address'],
  ['comes from another shop', { theirs: { origin: 'flows:MB:order_1' } }, 'has the origin'],
  ['is cancelled in its shop alone', { ours: { cancelled: true } }, 'was not told why'],
  ['is cancelled in the warehouse alone', { theirs: { cancelled: true } }, 'its shop was not told'],
  ['has a parcel that its shop lacks', { theirs: { parcels: [parcel] } }, 'has the parcels'],
  [
    'has a parcel twice in its shop',
    { ours: { parcels: [parcel, parcel] }, theirs: { parcels: [parcel] } },
    'has the parcels',
  ],
  [
    'has other pieces in a parcel',
    {
      ours: { parcels: [{ ...parcel, lines: [{ row: 'l1', quantity: 1 }] }] },
      theirs: { parcels: [parcel] },
    },
    'has the parcels',
  ],
  [
    'came back without a word',
    { theirs: { lines: held.lines.map((one) => ({ ...one, returned: 1 })) } },
    'has returned',
  ],
  ['is offered twice on lease', { offered: { MB: 4, VE: 2, MA: 0 } }, 'offer more'],
  ['is offered although it is promised', { offered: { MA: 2 } }, 'should offer 1'],
  ['is offered by nobody', { offered: { MA: 0 } }, 'should offer 1'],
  ['has received less', { purchases: { ours: bought(7), theirs: advised(8) } }, 'has received'],
  ['is ordered and not announced', { purchases: { ours: bought(0) } }, 'is not in the warehouse'],
  ['is announced and not ordered', { purchases: { theirs: advised(0) } }, "nobody's"],
  ['is to come back in its shop alone', { returns: { ours: announced(1) } }, 'in the warehouse nothing'],
  [
    'is to come back in other numbers',
    { returns: { ours: announced(1), theirs: advisedReturn(2) } },
    'is to bring 1 TEE of 7-MA, in the warehouse 2 TEE of 7-MA',
  ],
  [
    'is to come back in the warehouse alone',
    { returns: { theirs: advisedReturn(1) } },
    "return R3-MA is nobody's",
  ],
  [
    'is cancelled as a purchase alone',
    { purchases: { ours: bought(0, true), theirs: advised(0) } },
    'on one side',
  ],
];

describe('the auditor', () => {
  it.each(agreed)('takes as agreed: %s', (_what, given) => {
    expect(faultsOf(given)).toEqual([]);
  });

  it.each(other)('finds what %s', (_what, given, said) => {
    const faults = faultsOf(given);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(said);
  });

  it('tells all differences at once', () => {
    expect(
      faultsOf({ ours: { to: 'Bo', lines: [] }, more: [{ ...held, number: '8-MA' }], free: 4 }),
    ).toHaveLength(4);
  });
});
