import { Agent, request } from 'node:http';
import { startLoneSimulator } from '../installation/simulator.ts';
import { articles } from '../installation/stock-up.ts';

const GOODS_OWNER = 41;
const PASSWORD = 'bench-password';

/**
 * The ceiling: the least that sends orders to Ongoing, one PUT after another on one kept connection, with
 * no database, no bus and no shop. Ongoing carries out a goods owner's writes one by one, so more of them
 * at once would not be faster.
 *
 * @returns orders per second, counted in the simulator
 */
export async function bareClient(orders: number, writeLatencyMs: number): Promise<number> {
  const { url, control, process: simulator } = await startLoneSimulator(PASSWORD, orders);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await control.knobs({ writeLatencyMs });
    for (let at = 0; at < 50; at += 1) await put(url, agent, order(`warm-${at}`, at));
    const beganAt = performance.now();
    for (let at = 0; at < orders; at += 1) await put(url, agent, order(`${at}-SE`, at));
    const seconds = (performance.now() - beganAt) / 1_000;
    const found = (await control.orders()).filter(({ number }) => number.endsWith('-SE')).length;
    if (found !== orders)
      throw new Error(`The bare client sent ${orders} orders, the simulator has ${found}.`);
    return orders / seconds;
  } finally {
    agent.destroy();
    await simulator.stop();
  }
}

function order(orderNumber: string, at: number) {
  return {
    goodsOwnerId: GOODS_OWNER,
    orderNumber,
    goodsOwnerOrderId: `bare:${orderNumber}`,
    deliveryDate: '2030-01-01',
    orderType: { code: 'B2C', name: 'Web shop' },
    consignee: {
      name: 'Kim Buyer',
      address1: 'Hamngatan 1',
      postCode: '11147',
      city: 'Stockholm',
      countryCode: 'SE',
    },
    orderLines: [{ rowNumber: '1', articleNumber: articles[at % articles.length], numberOfItems: 1 }],
  };
}

function put(url: string, agent: Agent, order: object): Promise<void> {
  const body = JSON.stringify(order);
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/demo/api/v1/orders`, {
      method: 'PUT',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Basic ${Buffer.from(`WSI-demo:${PASSWORD}`).toString('base64')}`,
      },
    });
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 || response.statusCode === 201
          ? resolve()
          : reject(new Error(`The simulator answered ${response.statusCode} to a plain order.`)),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
