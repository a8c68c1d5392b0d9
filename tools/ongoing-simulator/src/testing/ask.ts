import type { Simulator } from '../start.ts';

/** What JSON.parse gives: specs look into answers by path, so they are left untyped on purpose. */
export type Body = ReturnType<typeof JSON.parse>;

export interface Asked {
  status: number;
  text: string;
  /** Undefined where the answer is no JSON. */
  body: Body;
}

interface Request {
  body?: unknown;
  authorization?: string;
}

/** Asks the API over HTTP, as an integration would, without any client of ours between. */
export async function ask(
  { apiUrl, user, password }: Simulator,
  method: string,
  path: string,
  request: Request = {},
): Promise<Asked> {
  const credential = Buffer.from(`${user}:${password}`).toString('base64');
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: {
      authorization: request.authorization ?? `Basic ${credential}`,
      'content-type': 'application/json',
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, text, body: isJson ? parsed(text) : undefined };
}

/** Undefined where it is cut off. */
function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}

export const line = (rowNumber: string, articleNumber: string, numberOfItems: number, rest: object = {}) => ({
  rowNumber,
  articleNumber,
  numberOfItems,
  ...rest,
});

export function orderBody(orderNumber: string, orderLines: object[], rest: object = {}): object {
  return {
    goodsOwnerId: 41,
    orderNumber,
    deliveryDate: '2026-03-02',
    consignee: { name: 'Karin Ek' },
    orderLines,
    ...rest,
  };
}

export async function putOrder(
  simulator: Simulator,
  number: string,
  lines: object[],
  rest: object = {},
): Promise<Asked> {
  return ask(simulator, 'PUT', 'orders', { body: orderBody(number, lines, rest) });
}

/** The one order under this number. */
export async function getOrder(simulator: Simulator, number: string): Promise<Body> {
  const { body } = await ask(
    simulator,
    'GET',
    `orders?goodsOwnerId=41&orderNumber=${encodeURIComponent(number)}`,
  );
  if (!Array.isArray(body) || body.length !== 1)
    throw new Error(`there are ${body?.length} orders ${number}`);
  return body[0];
}

export async function stockOf(simulator: Simulator, article: string): Promise<Body> {
  const { body } = await ask(
    simulator,
    'GET',
    `articles?goodsOwnerId=41&articleNumber=${encodeURIComponent(article)}`,
  );
  return body[0].inventoryInfo;
}

export async function putPurchase(
  simulator: Simulator,
  number: string,
  lines: object[],
  rest: object = {},
): Promise<Asked> {
  const body = { goodsOwnerId: 41, purchaseOrderNumber: number, purchaseOrderLines: lines, ...rest };
  return ask(simulator, 'PUT', 'purchaseOrders', { body });
}

/** The one purchase order under this number. */
export async function getPurchase(simulator: Simulator, number: string): Promise<Body> {
  const path = `purchaseOrders?goodsOwnerId=41&purchaseOrderNumber=${encodeURIComponent(number)}`;
  const { body } = await ask(simulator, 'GET', path);
  if (!Array.isArray(body) || body.length !== 1)
    throw new Error(`there are ${body?.length} purchase orders ${number}`);
  return body[0];
}
