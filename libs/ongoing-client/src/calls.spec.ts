import { describe, expect, it } from '@jest/globals';
import {
  OngoingAnswerInvalid,
  OngoingClient,
  OngoingUnreachable,
  TransportFailure,
  type OddItem,
  type RequestReport,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './index.ts';

const SECRET = 'Karin Ek';

/** A transport that answers what it is told and keeps what it was asked. */
class Scripted implements Transport {
  readonly requests: TransportRequest[] = [];
  constructor(private readonly answer: Partial<TransportResponse> | TransportFailure) {}
  async send(request: TransportRequest): Promise<TransportResponse> {
    this.requests.push(request);
    if (this.answer instanceof TransportFailure) throw this.answer;
    return { status: 200, contentType: 'application/json', body: '', ...this.answer };
  }
  close(): void {}
}

function clientOn(
  answer: Partial<TransportResponse> | TransportFailure,
  onOddAnswer: (odd: OddItem) => void = () => undefined,
) {
  const transport = new Scripted(answer);
  const reports: RequestReport[] = [];
  const client = new OngoingClient({
    baseUrl: 'https://wms.test/demo/api/v1',
    user: 'WSI-demo',
    password: 'pä:ss',
    goodsOwnerId: 41,
    transport,
    onRequest: (report) => reports.push(report),
    onOddAnswer,
  });
  return { client, transport, reports };
}

const order = {
  orderNumber: '1-SE',
  deliveryDate: '2026-03-02',
  consignee: { name: SECRET },
  orderLines: [{ rowNumber: '1', articleNumber: 'TEE', numberOfItems: '0.125' }],
};

describe('a request', () => {
  it('carries Basic credentials, repeated keys for arrays, and times with their plus sign encoded', async () => {
    const { client, transport } = clientOn({ body: '[]' });
    await client.getArticles({
      articleNumbers: ['A,1', 'B'],
      stockInfoChangedFrom: '2026-03-01T10:00:00+01:00',
    });
    const [request] = transport.requests;
    expect(request?.url.href).toBe(
      'https://wms.test/demo/api/v1/articles?goodsOwnerId=41&articleNumbers=A%2C1&articleNumbers=B' +
        '&stockInfoChangedFrom=2026-03-01T10%3A00%3A00%2B01%3A00',
    );
    const credential = request?.headers.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(credential, 'base64').toString('utf8')).toBe('WSI-demo:pä:ss');
  });

  it('sends quantities as numbers and names the goods owner', async () => {
    const { client, transport } = clientOn({ body: '{"orderId":1}' });
    await client.putOrder(order);
    const body = JSON.parse(transport.requests[0]?.body ?? '') as object;
    expect(body).toMatchObject({ goodsOwnerId: 41, orderLines: [{ numberOfItems: 0.125 }] });
  });

  it('is reported with a pattern and a duration, and with nothing of its content', async () => {
    const { client, reports } = clientOn({ body: '{"orderId":61007,"message":"Karin Ek"}' });
    await client.putOrder(order);
    await client.cancelOrder({ orderId: 61007 });
    expect(reports.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['PUT', 'orders', 200],
      ['DELETE', 'orders/{id}', 200],
    ]);
    expect(JSON.stringify(reports)).not.toContain(SECRET);
  });
});

describe('the outcome of a write', () => {
  it.each([
    [
      '201 with an id',
      { status: 201, body: '{"orderId":"7"}' },
      { outcome: 'done', orderId: 7, status: 201 },
    ],
    ['200 without an id', { body: '{"orderId":null}' }, { outcome: 'unknown', cause: { kind: 'no-id' } }],
    ['200 with an empty body', { body: '' }, { outcome: 'unknown', cause: { kind: 'not-json' } }],
    ['200 with a page', { body: '<html>' }, { outcome: 'unknown', cause: { kind: 'not-json' } }],
    ['302', { status: 302, body: '{}' }, { outcome: 'unknown', cause: { kind: 'no-id' } }],
    ['400 with a message', { status: 400, body: '{"message":"No"}' }, { outcome: 'refused', text: 'No' }],
    ['400 with a page', { status: 400, body: '<html>' }, { outcome: 'unknown', cause: { kind: 'not-json' } }],
    ['429', { status: 429, body: '{}' }, { outcome: 'unknown', cause: { kind: 'server-fault' } }],
    [
      '503',
      { status: 503, body: '{}' },
      { outcome: 'unknown', cause: { kind: 'server-fault', status: 503 } },
    ],
  ])('of %s', async (_title, answer, expected) => {
    expect(await clientOn(answer).client.putOrder(order)).toMatchObject(expected);
  });

  it('tells the fields of a refusal by validation', async () => {
    const body = JSON.stringify({
      message: 'The request is invalid.',
      modelState: { deliveryDate: ['must be a date'] },
    });
    const refused = await clientOn({ status: 400, body }).client.putOrder(order);
    expect(refused).toMatchObject({ text: 'The request is invalid. deliveryDate: must be a date' });
  });

  it('never repeats what was sent of the consignee', async () => {
    const body = JSON.stringify({ message: `Customer ${SECRET} is<br/>blocked` });
    const refused = await clientOn({ status: 400, body }).client.putOrder(order);
    expect(refused).toMatchObject({ outcome: 'refused', text: 'Customer … is blocked' });
  });
});

const articleWith = (member: object) =>
  JSON.stringify([{ articleSystemId: 1, articleNumber: 'TEE', ...member }]);

const bareOrder = (orderLines: unknown) => ({
  orderInfo: { orderId: 1, orderNumber: '1', orderStatus: { number: 300 } },
  orderLines,
});
const bareLine = {
  id: 7,
  article: { articleNumber: 'TEE' },
  orderedNumberOfItems: 2,
  pickedNumberOfItems: 0,
};

describe('a read', () => {
  it('names the field that is not understood, and repeats no value', async () => {
    const { client } = clientOn({ body: articleWith({ inventoryInfo: { sellableNumberOfItems: SECRET } }) });
    const read = client.getArticles({});
    await expect(read).rejects.toThrow(OngoingAnswerInvalid);
    await expect(read).rejects.toMatchObject({ field: '[0].inventoryInfo.sellableNumberOfItems' });
    await expect(read).rejects.not.toThrow(new RegExp(SECRET));
  });

  it.each([
    ['seconds', 429, '7', 7_000],
    ['a time of the server', 503, 'Mon, 02 Mar 2026 10:00:30 GMT', 30_000],
    ['a time that is over', 429, 'Mon, 02 Mar 2026 09:00:00 GMT', 0],
    ['what nobody can read', 429, 'soon', undefined],
    ['another fault', 500, '7', undefined],
  ])('says how long to wait: %s', async (_what, status, retryAfter, expected) => {
    const answer = { status, retryAfter, date: 'Mon, 02 Mar 2026 10:00:00 GMT', body: '{}' };
    const { client, reports } = clientOn(answer);
    await client.putOrder(order);
    expect(reports.map((report) => report.retryAfterMs)).toEqual([expected]);
  });

  it('is told of where it cannot be understood, a write as well, and nothing of it is repeated', async () => {
    const odd: OddItem[] = [];
    const asked = async (body: string, ask: (client: OngoingClient) => Promise<unknown>) => {
      const { client } = clientOn({ body }, (one) => odd.push({ ...one }));
      await ask(client).catch(() => undefined);
      return odd.splice(0).map(({ operation, field, problem }) => `${operation}: ${field} ${problem}`);
    };
    const none = 'the answer is no JSON';
    expect(await asked('', (client) => client.getArticles({}))).toEqual([`GET articles: ${none}`]);
    expect(await asked(`{"${SECRET}":`, (client) => client.getOrder(7))).toEqual([
      `GET orders/{orderId}: ${none}`,
    ]);
    expect(await asked(`{"data":"${SECRET}"}`, (client) => client.getArticles({}))).toEqual([
      'GET articles: the answer must be of type array',
    ]);
    const entry = articleWith({ inventoryInfo: { sellableNumberOfItems: SECRET } });
    expect(await asked(entry, (client) => client.getArticles({}))).toEqual([
      'GET articles: [0].inventoryInfo.sellableNumberOfItems must be a decimal number',
    ]);
    expect(await asked('{"orderId":null}', (client) => client.putOrder(order))).toEqual([
      'PUT orders: orderId is missing',
    ]);
    expect(await asked('', (client) => client.cancelOrder({ orderId: 7 }))).toEqual([
      `DELETE orders/{id}: ${none}`,
    ]);
  });

  it('takes null, absent and numeric text for what they mean', async () => {
    const { client } = clientOn({
      body: articleWith({ articleName: null, inventoryInfo: { sellableNumberOfItems: '-2.0' } }),
    });
    const [article] = await client.getArticles({});
    expect([article?.articleName, article?.inventoryInfo?.sellable, article?.inventoryInfo?.booked]).toEqual([
      undefined,
      '-2',
      undefined,
    ]);
  });

  it.each([
    ['no list of lines', null, 'orderLines'],
    ['a line twice', [bareLine, bareLine], 'orderLines'],
    [
      'a line without its number',
      [{ ...bareLine, orderedNumberOfItems: null }],
      'orderLines[0].orderedNumberOfItems',
    ],
  ])('takes %s for no fact about an order', async (_what, lines, field) => {
    const body = JSON.stringify([bareOrder(lines)]);
    await expect(clientOn({ body }).client.findOrders('1')).rejects.toMatchObject({ field: `[0].${field}` });
  });

  it('takes no figure of an article on the shelf for no fact, and asks none of others', async () => {
    const read = (member: object) => clientOn({ body: articleWith(member) }).client.getArticles({});
    for (const none of [{ inventoryInfo: null }, { inventoryInfo: { sellableNumberOfItems: null } }])
      await expect(read(none)).rejects.toMatchObject({ field: '[0].inventoryInfo' });
    for (const other of [{ isStockArticle: false }, { isActive: false }, { articleKind: 'Structure' }])
      expect(await read(other)).toHaveLength(1);
  });

  it('takes no consignee out of an order', async () => {
    const body = JSON.stringify([
      {
        ...bareOrder([]),
        consignee: { name: SECRET },
      },
    ]);
    const [found] = await clientOn({ body }).client.findOrders('1');
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it('throws OngoingUnreachable where no answer came', async () => {
    const failure = new TransportFailure('timeout', 'TIMEOUT', true, 'no answer within 5 ms');
    await expect(clientOn(failure).client.warehouses()).rejects.toThrow(OngoingUnreachable);
    await expect(clientOn({ status: 503 }).client.warehouses()).rejects.toMatchObject({ status: 503 });
  });

  it('stops where the server does not understand the cursor, instead of reading for ever', async () => {
    const { client } = clientOn({ body: articleWith({ isActive: false }) });
    const pages = client.listArticlePages();
    expect((await pages.next()).value?.items).toHaveLength(1);
    await expect(pages.next()).rejects.toThrow(/before the cursor 2/);
  });
});
