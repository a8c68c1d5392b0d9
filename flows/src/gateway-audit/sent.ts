import type { Chance } from '../testing/chance.ts';

/** An order as its shop sent it, in the shape of the bus. Nothing of the gateway's code is used to make or read it. */
export interface SentOrder {
  number: string;
  channel: string;
  shopNumber: string;
  shopOrderId: string;
  revision: number;
  type: { code: string; name: string };
  placedAt: string;
  deliveryDate: string;
  currency: string;
  shippingMethod: { code: string; name: string };
  note?: string;
  consignee: Record<string, string>;
  lines: SentLine[];
}

interface SentLine {
  row: string;
  article: string;
  quantity: string;
  picked: boolean;
  unitPrice: string;
  comment?: string;
}

/** What became of one number in its shop: all its revisions, and whether it was cancelled after the last of them. */
export interface Sent {
  revisions: SentOrder[];
  cancelled: boolean;
}

export const articles = ['TEE', 'CAP', 'ROPE 8 mm', 'MUG-Ä', 'SOCK/42'];
export const channels = ['SE', 'EU', 'ERP'];

// What spoils careless code: letters outside of ASCII, quotes, angle brackets, backslashes, commas.
const names = ['Åsa Öberg', "Seán O'Brien", 'Łukasz Żak', '李 小龍', 'Kim "KB" Buyer', 'Ola <Nordmann>'];
const streets = ['Storgatan 4', 'Rue de l’Église 12, 2e étage', 'c/o Ek\\Lind, Box 7', 'Väg & Plats 1'];
const notes = ['ring twice; leave at the door', 'Grüße — 100 % "eilig"', '{"json": true}', '<b>fragile</b>'];

/** So many orders, drawn by chance: some are changed later, some cancelled, before they are sent or after. */
export function drawSent(count: number, chance: Chance): Sent[] {
  return Array.from({ length: count }, (_, index) => {
    const first = drawOrder(1_000 + index, chance);
    const revisions = [first];
    while (chance.next() < 0.08) revisions.push(changed(revisions.at(-1) ?? first, chance));
    return { revisions, cancelled: chance.next() < 0.06 };
  });
}

function drawOrder(place: number, chance: Chance): SentOrder {
  // One channel sends most of them, so that the others have to be let through between.
  const channel = chance.next() < 0.8 ? 'SE' : chance.of(channels);
  const shopNumber = String(place);
  return {
    number: `${shopNumber}-${channel}`,
    channel,
    shopNumber,
    shopOrderId: `gid://${channel}/${place * 7}`,
    revision: 1,
    type: { code: `WEB-${channel}`, name: `Web shop ${channel}` },
    placedAt: '2030-01-01T10:00:00Z',
    deliveryDate: `2030-01-${String(2 + chance.below(25)).padStart(2, '0')}`,
    currency: chance.of(['SEK', 'EUR']),
    shippingMethod: { code: chance.of(['PN-MYPACK', 'DHL/2']), name: 'By parcel' },
    ...(chance.next() < 0.3 && { note: chance.of(notes) }),
    consignee: {
      name: chance.of(names),
      address1: chance.of(streets),
      postCode: String(10_000 + chance.below(80_000)),
      city: chance.of(['Göteborg', 'Kraków', 'Brest']),
      countryCode: chance.of(['SE', 'PL', 'FR']),
      email: `buyer${place}@example.test`,
      phone: `+46 31 ${place}`,
      customerNumber: String(chance.below(5_000)),
    },
    lines: Array.from({ length: 1 + chance.below(4) }, (_, line) => ({
      row: String(line + 1),
      article: chance.of(articles),
      quantity: chance.of(['1', '2', '3', '0.5', '12.125']),
      picked: true,
      unitPrice: chance.of(['249', '39.5', '0.25']),
      ...(chance.next() < 0.2 && { comment: chance.of(notes) }),
    })),
  };
}

/** Other pieces, another address or another note: one of them at least, as the same lines say nothing of an address. */
function changed(order: SentOrder, chance: Chance): SentOrder {
  const kind = chance.below(3);
  const { note: _note, ...rest } = order;
  const address1 = `${chance.of(streets)} (${order.revision + 1})`;
  return {
    ...(kind === 0 && order.note ? rest : order),
    ...(kind === 0 && !order.note && { note: chance.of(notes) }),
    revision: order.revision + 1,
    ...(kind > 0 && { consignee: { ...order.consignee, address1 } }),
    ...(kind > 1 && {
      lines: order.lines.map((line) => ({ ...line, quantity: String(1 + chance.below(9)) })),
    }),
  };
}
