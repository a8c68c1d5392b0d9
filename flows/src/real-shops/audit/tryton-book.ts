import type { TrytonErp } from '../../../../tools/real-shops/tryton/tryton-erp.mjs';
import { addressOf, type BookedParcel, type BookedPurchase, type ShopBook, type ShopOrder } from './books.ts';

// Tryton nests what is asked for with a dot under the name and a dot.
interface Move {
  state: string;
  quantity: number;
  origin: string | null;
}
interface Line {
  id: number;
  quantity: number;
  'product.': { code: string };
  'moves.': Move[];
}
interface Sale {
  id: number;
  number: string;
  state: string;
  shipments: number[];
  'party.': { name: string };
  'shipment_address.': {
    street: string | null;
    postal_code: string | null;
    city: string | null;
    'country.': { code: string } | null;
  } | null;
  'lines.': Line[];
}
interface Shipment {
  id: number;
  state: string;
  'packages.': { shipping_reference: string | null }[];
  'outgoing_moves.': Move[];
}
interface Purchase {
  number: string;
  state: string;
  'lines.': Line[];
}
interface Note {
  resource: string;
  message: string;
}

const LINES = ['quantity', 'product.code', 'moves.state', 'moves.quantity'].map((field) => `lines.${field}`);
const SALE = [
  'number',
  'state',
  'shipments',
  'party.name',
  ...LINES,
  ...['street', 'postal_code', 'city', 'country.code'].map((field) => `shipment_address.${field}`),
];
const SHIPMENT = [
  'state',
  'packages.shipping_reference',
  ...['state', 'quantity', 'origin'].map((field) => `outgoing_moves.${field}`),
];

/** Sales, purchases, shipments and notes over Tryton's RPC. */
export async function readTryton(erp: TrytonErp): Promise<ShopBook> {
  const ask = await signIn(erp);
  const all = <Found>(model: string, domain: unknown[], fields: string[]) =>
    ask<Found[]>(`model.${model}.search_read`, domain, 0, null, [['id', 'ASC']], fields);
  const placed = [['state', 'not in', ['draft', 'quotation']]];
  const sales = await all<Sale>('sale.sale', placed, SALE);
  const shipments = await all<Shipment>('stock.shipment.out', [], SHIPMENT);
  const notes = await all<Note>('ir.note', [['resource', 'like', 'sale.sale,%']], ['resource', 'message']);
  const purchases = await all<Purchase>('purchase.purchase', placed, ['number', 'state', ...LINES]);
  return {
    code: erp.code.toUpperCase(),
    orders: sales.map((sale) => bookSale(sale, shipments, notes)),
    // It sells whatever there is, so it offers nothing.
    offered: undefined,
    purchases: purchases.map(bookPurchase),
    returns: [],
  };
}

function bookSale(sale: Sale, shipments: readonly Shipment[], notes: readonly Note[]): ShopOrder {
  const to = sale['shipment_address.'];
  return {
    id: String(sale.id),
    number: sale.number,
    cancelled: sale.state === 'cancelled' || isGivenUp(sale['lines.']),
    // Its party is both the company and the person.
    to: addressOf(
      sale['party.'].name,
      sale['party.'].name,
      to?.street,
      to?.postal_code,
      to?.city,
      to?.['country.']?.code,
    ),
    lines: sale['lines.'].map(({ id, quantity, 'product.': { code } }) => ({
      row: String(id),
      article: code,
      quantity,
    })),
    parcels: shipments.filter(({ id }) => sale.shipments.includes(id)).flatMap(parcelOf),
    remarks: notes
      .filter(({ resource }) => resource === `sale.sale,${sale.id}`)
      .map(({ message }) => message),
  };
}

/** Every movement of goods that was planned for it is cancelled, and staff has said that none is to come. */
const isGivenUp = (lines: readonly Line[]) => {
  const moves = lines.flatMap((line) => line['moves.']);
  return moves.length > 0 && moves.every(({ state }) => state === 'cancelled');
};

/** What waits is no parcel yet. */
function parcelOf({ state, 'packages.': packages, 'outgoing_moves.': moves }: Shipment): BookedParcel[] {
  if (state !== 'done' && state !== 'shipped') return [];
  const lines = moves
    .filter((move) => move.state === 'done')
    .map(({ origin, quantity }) => ({ row: origin?.split(',')[1] ?? '', quantity }));
  return [{ tracking: packages.map((one) => one.shipping_reference ?? '').join(' '), lines }];
}

function bookPurchase({ number, state, 'lines.': lines }: Purchase): BookedPurchase {
  return {
    number,
    cancelled: state === 'cancelled',
    lines: lines.map(({ id, quantity, 'product.': { code }, 'moves.': moves }) => ({
      row: String(id),
      article: code,
      ordered: quantity,
      received: moves.filter((move) => move.state === 'done').reduce((sum, move) => sum + move.quantity, 0),
    })),
  };
}

type Ask = <Answer>(method: string, ...params: unknown[]) => Promise<Answer>;

async function signIn({ url, database, administrator }: TrytonErp): Promise<Ask> {
  const { username, password } = administrator;
  const call = async (session: string | undefined, method: string, params: unknown[]) => {
    const response = await fetch(`${url}/${database}/rpc/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(session && { authorization: `Session ${session}` }),
      },
      body: JSON.stringify({ id: 1, method, params }),
      signal: AbortSignal.timeout(60_000),
    });
    const { result, error } = (await response.json()) as { result: unknown; error?: unknown };
    if (error) throw new Error(`Tryton answered ${JSON.stringify(error).slice(0, 300)} to ${method}`);
    return result;
  };
  const opened = (await call(undefined, 'common.db.login', [username, { password }, 'en'])) as [
    number,
    string,
  ];
  const session = Buffer.from(`${username}:${opened[0]}:${opened[1]}`).toString('base64');
  const context = await call(session, 'model.res.user.get_preferences', [true, {}]);
  return async <Answer>(method: string, ...params: unknown[]) =>
    (await call(session, method, [...params, context])) as Answer;
}
