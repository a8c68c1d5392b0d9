// Starts two independent shops that sell the same article numbers, buys once in each, and says what that took.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import '@oxc-node/core/register';
import { buyerOf, shopkeeperOf } from './medusa-buyer.mjs';

// Not imported above: TypeScript can be loaded only after the line that registers its loader has run.
const { eventually, startPostgres } = await import('@samlast/test-stack');
const { startMedusaShop } = await import('./medusa-shop.mjs');
const secret = `whsec_${Buffer.from('for-tests-only-for-tests-only').toString('base64')}`;

export async function check() {
  const dir = resolve(import.meta.dirname, '../../.samlast/real-shops');
  await mkdir(dir, { recursive: true });
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), durable: false });
  const webhooks = await receiveWebhooks();
  const optionsOf = (code) => ({
    code,
    postgres: postgres.url('postgres'),
    firstOrder: 5178,
    plugin: { channelUrl: `${webhooks.url}/${code}`, webhooks: { secret } },
  });
  const shops = [];
  try {
    // At once, as the second has to wait for the template that the first makes.
    const started = await Promise.all(
      ['se', 'eu'].map((code) => timed(() => startMedusaShop({ ...optionsOf(code), fresh: true }))),
    );
    for (const { result, seconds } of started) {
      shops.push(result);
      console.log(`shop ${result.code}: ${result.url}, ready in ${seconds} s, ${memoryOf(result)} MB`);
    }
    for (const shop of shops) await buyOnce(shop, webhooks);
    for (const shop of shops) console.log(`shop ${shop.code}: ${memoryOf(shop)} MB after an order`);
    await restart(shops, optionsOf('se'));
  } finally {
    for (const { process } of shops) {
      const { seconds } = await timed(() => process.stop());
      const { code, signal } = await process.exited;
      console.log(`stopped in ${seconds} s (${signal ?? `exit code ${code}`})`);
    }
    webhooks.close();
    await postgres.stop();
  }
}

async function buyOnce(shop, webhooks) {
  const [article] = shop.articles;
  const { result: sale, seconds } = await timed(() => buyerOf(shop).buy([{ sku: article.sku, quantity: 2 }]));
  if (!sale.placed) throw new Error(`Shop ${shop.code} refused the sale: ${sale.reason}`);
  const keeper = shopkeeperOf(shop);
  const order = await keeper.order(sale.orderId);
  const stock = await keeper.stock(article.sku);
  if (stock.reserved !== 2) throw new Error(`Shop ${shop.code} reserved ${stock.reserved} pieces, not 2.`);
  const event = await eventually(
    () =>
      webhooks.received.find(
        ({ to, body }) => to === `/${shop.code}/webhooks/medusa` && body.type === 'order.placed',
      ),
    { message: `the webhook of shop ${shop.code}` },
  );
  if (!event.genuine || event.body.data.id !== sale.orderId)
    throw new Error(`Wrong webhook: ${JSON.stringify(event)}`);
  console.log(
    `shop ${shop.code}: order ${sale.number} (${order.payment_status}) in ${seconds} s, webhook signed`,
  );
  const refused = await buyerOf(shop)
    .buy([{ sku: article.sku, quantity: 9 }])
    .catch((error) => ({ placed: false, reason: error.message }));
  if (refused.placed) throw new Error(`Shop ${shop.code} sold 9 pieces of 8.`);
}

async function restart(shops, options) {
  const [first] = shops;
  first.process.kill('SIGKILL');
  await first.process.exited;
  const { result, seconds } = await timed(() => startMedusaShop(options));
  shops[0] = result;
  const orders = await shopkeeperOf(result).orders();
  if (orders.length !== 1) throw new Error(`After kill -9 the shop has ${orders.length} orders, not 1.`);
  console.log(`shop ${first.code}: killed and back with its order in ${seconds} s`);
}

async function receiveWebhooks() {
  const received = [];
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const server = createServer(async (request, answer) => {
    const body = (await request.toArray()).join('');
    const {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = request.headers;
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    received.push({ to: request.url, genuine: signature === `v1,${expected}`, body: JSON.parse(body) });
    answer.end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { received, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return { result, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}

function memoryOf({ process }) {
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
}
