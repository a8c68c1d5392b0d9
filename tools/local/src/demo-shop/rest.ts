import type { DemoModel } from './model.ts';
import type { DemoNote, DemoOrder, DemoReturned, DemoSent } from './order.ts';
import type { DemoReceiptLine } from './purchases.ts';
import { DemoRefusal } from './refusal.ts';
import type { Answer, Asked } from './server.ts';

const PAGE_MOST = 200;

/** The protocol of apps/channel-http/README.md, which is all that Samlast sees of this shop. */
export function callApi(model: DemoModel, asked: Asked): Answer {
  const [, collection, rawId, action] = asked.path.split('/');
  const id = rawId === undefined ? undefined : decodeURIComponent(rawId);
  const route = `${asked.method} /${collection}${id === undefined ? '' : '/:id'}${action ? `/${action}` : ''}`;
  switch (route) {
    case 'GET /orders':
      return listOrders(model, asked.query);
    case 'GET /orders/:id':
      return { status: 200, body: toWire(model.find(String(id))) };
    case 'POST /orders/:id/fulfilments':
      return { status: 201, body: fulfil(model, String(id), asked) };
    case 'POST /orders/:id/cancel':
      return { status: 200, body: toWire(model.cancel(String(id), String(asked.body.reason ?? ''))) };
    case 'POST /orders/:id/notes':
      model.note(String(id), asked.body as unknown as DemoNote);
      return { status: 201, body: {} };
    case 'GET /stock':
      return {
        status: 200,
        body: {
          stock: asked.query
            .getAll('article')
            .filter((article) => model.articles.has(article))
            .map((article) => ({ article, number: String(model.stockOf(article)) })),
        },
      };
    case 'PUT /stock/:id':
      return putStock(model, String(id), asked.body);
    case 'POST /orders/:id/returns': {
      const { return: of, lines } = asked.body as unknown as Omit<DemoReturned, 'key'>;
      model.takeBack(String(id), { key: String(asked.headers['idempotency-key']), return: of, lines });
      return { status: 201, body: {} };
    }
    case 'GET /returns':
      return listReturns(model, asked.query);
    case 'POST /returns/:id/notes':
      model.returns.note(String(id), String(asked.body.key), String(asked.body.text));
      return { status: 201, body: {} };
    case 'GET /purchase-orders':
      return listPurchases(model, asked.query);
    case 'POST /purchase-orders/:id/receipts': {
      const lines = asked.body.lines as DemoReceiptLine[];
      model.purchases.receive(String(id), String(asked.headers['idempotency-key']), lines);
      return { status: 201, body: {} };
    }
    case 'POST /purchase-orders/:id/close':
      model.purchases.close(String(id), asked.body.deviation === true);
      return { status: 200, body: {} };
    case 'POST /purchase-orders/:id/notes':
      model.purchases.note(String(id), String(asked.body.key), String(asked.body.text));
      return { status: 201, body: {} };
    case 'GET /articles':
      return listArticles(model, asked.query);
    default:
      return { status: 404, body: { message: `There is no ${route} here.` } };
  }
}

function listOrders(model: DemoModel, query: URLSearchParams): Answer {
  const limit = limitOf(query);
  const since = new Date(query.get('changedSince') ?? 0).toISOString();
  const orders = model.changedSince(since, query.get('after') ?? '', limit + 1);
  return {
    status: 200,
    body: { orders: orders.slice(0, limit).map(toWire), more: orders.length > limit },
  };
}

function listPurchases(model: DemoModel, query: URLSearchParams): Answer {
  const limit = limitOf(query);
  const since = new Date(query.get('changedSince') ?? 0).toISOString();
  const found = model.purchases.changedSince(since, query.get('after') ?? '', limit + 1);
  const purchaseOrders = found.slice(0, limit).map((one) => {
    const { id, number, placedAt, changedAt, state, expectedOn, supplier } = one;
    const lines = one.lines.map((line) => ({ ...line, quantity: String(line.quantity) }));
    return { id, number, placedAt, changedAt, state, expectedOn, supplier, lines };
  });
  return { status: 200, body: { purchaseOrders, more: found.length > limit } };
}

function listReturns(model: DemoModel, query: URLSearchParams): Answer {
  const limit = limitOf(query);
  const since = new Date(query.get('changedSince') ?? 0).toISOString();
  const found = model.returns.changedSince(since, query.get('after') ?? '', limit + 1);
  const returns = found.slice(0, limit).map(({ notes: _notes, ...one }) => ({
    ...one,
    lines: one.lines.map((line) => ({ ...line, quantity: String(line.quantity) })),
  }));
  return { status: 200, body: { returns, more: found.length > limit } };
}

function listArticles(model: DemoModel, query: URLSearchParams): Answer {
  const limit = limitOf(query);
  const after = query.get('after') ?? '';
  const articles = [...model.articles.values()]
    .filter((article) => article.number > after)
    .toSorted((one, other) => (one.number < other.number ? -1 : 1));
  return {
    status: 200,
    body: {
      articles: articles.slice(0, limit).map(({ id, number, name, barcode, weightKg, more }) => ({
        id: id ?? number,
        number,
        name,
        barcode,
        weightKg,
        ...more,
      })),
      more: articles.length > limit,
    },
  };
}

function fulfil(model: DemoModel, id: string, { headers, body }: Asked) {
  const { carrier, trackingNumber, trackingUrl, lines } = body as {
    carrier?: string;
    trackingNumber?: string;
    trackingUrl?: string;
    lines: (Omit<DemoSent, 'quantity'> & { quantity: string })[];
  };
  const { id: fulfilment } = model.fulfil(id, String(headers['idempotency-key']), {
    carrier,
    trackingNumber,
    trackingUrl,
    lines: lines.map(({ id: line, quantity, serials, batches }) => ({
      id: line,
      quantity: Number(quantity),
      ...(serials && { serials }),
      ...(batches && { batches }),
    })),
  });
  return { id: fulfilment };
}

/** Without `expected` it is the plain overwrite that simple integrations do. */
function putStock(model: DemoModel, article: string, { number, expected }: Record<string, unknown>): Answer {
  const to = Number(number);
  if (!Number.isInteger(to)) throw new DemoRefusal('number must be a whole number.', 409);
  const set = model.setStock(article, to, expected === undefined ? undefined : Number(expected));
  return { status: 200, body: { number: String(set) } };
}

function limitOf(query: URLSearchParams): number {
  return Math.min(PAGE_MOST, Math.max(1, Number(query.get('limit') ?? PAGE_MOST) || PAGE_MOST));
}

function toWire(order: DemoOrder) {
  const { id, number, placedAt, changedAt, state, cancelReason, currency, claimKey, buyer, lines } = order;
  return {
    id,
    number,
    placedAt,
    changedAt,
    state,
    cancelReason,
    currency,
    claimKey,
    consignee: buyer,
    note: order.note,
    shippingMethod: order.shippingMethod,
    deliveryDate: order.deliveryDate,
    lines: lines.map((line) => ({
      id: line.id,
      article: line.article,
      quantity: String(line.quantity),
      fulfilled: String(line.fulfilled),
      comment: line.comment,
    })),
  };
}
