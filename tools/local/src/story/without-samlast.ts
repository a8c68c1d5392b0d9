import { connectControl, startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import { type DemoShop, startDemoShop } from '../demo-shop/index.ts';
import { GOODS_OWNER } from '../installation.ts';
import type { Fact } from './facts.ts';
import { ShopClient } from './shop-client.ts';

const MINUTE_MS = 60_000;
const EVERY_HALF_HOUR = 'every 30 minutes';

/**
 * How it is today: each shop has an integration of its own, which reads the warehouse's stock every half hour and sends
 * its orders at once. Played on the simulator's clock; nobody here behaves wrongly.
 */
export async function withoutSamlast(article: string, say: (line: string) => void): Promise<Fact[]> {
  const warehouse = await startSimulator();
  const shops: DemoShop[] = [];
  try {
    await warehouse.control.clock({ at: '2026-11-24T11:00:00Z', factor: 0 });
    await warehouse.control.seed({ articles: [{ number: article, stock: 1 }] });
    for (const code of ['SE', 'EU']) shops.push(await startDemoShop({ code, token: 'not-used' }));
    const clients = shops.map((shop, index) => new ShopClient(index === 0 ? 'SE' : 'EU', shop.url));
    const [se, eu] = clients as [ShopClient, ShopClient];
    const poll = async () => {
      const sellable = await sellableOf(warehouse, article);
      for (const shop of shops) shop.model.setStock(article, Math.max(0, sellable), undefined);
    };
    const buy = async (shop: ShopClient, at: string) => {
      const sale = await shop.buy(article);
      if (sale.sold) await sendOrder(warehouse, shop.code, sale.number, article);
      say(`  ${at}  ${shop.code} ${sale.sold ? `sells it as order ${sale.number}` : 'is sold out'}`);
    };
    await poll();
    say(`  11:00  both shops read the stock, as they do ${EVERY_HALF_HOUR}: 1 piece of ${article}`);
    await warehouse.control.clock({ advanceMs: 5 * MINUTE_MS });
    await buy(se, '11:05');
    await warehouse.control.clock({ advanceMs: 5 * MINUTE_MS });
    await buy(eu, '11:10');
    await warehouse.control.clock({ advanceMs: 20 * MINUTE_MS });
    await poll();
    const sold = (await Promise.all(clients.map((shop) => shop.orders()))).flat().length;
    const sellable = await sellableOf(warehouse, article);
    say(`  11:30  both shops read the stock again: the warehouse says ${sellable}`);
    return [
      {
        what: 'the last piece, shops that poll',
        expected: 'sold twice',
        found: `sold ${sold} times, sellable ${sellable}`,
        holds: sold === 2 && sellable === -1,
      },
    ];
  } finally {
    await Promise.all(shops.map((shop) => shop.stop()));
    await warehouse.close();
  }
}

async function sellableOf(warehouse: Simulator, article: string): Promise<number> {
  const [found] = await connectControl(warehouse.url).articles({ numbers: [article] });
  return Number(found?.sellable ?? 0);
}

/** What a plain integration does with an order: it sends it, and Ongoing takes it whatever the stock is. */
async function sendOrder(warehouse: Simulator, code: string, number: string, article: string): Promise<void> {
  const response = await fetch(`${warehouse.apiUrl}orders`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${warehouse.user}:${warehouse.password}`).toString('base64')}`,
    },
    body: JSON.stringify({
      goodsOwnerId: GOODS_OWNER,
      orderNumber: `${number}-${code}`,
      deliveryDate: '2026-11-25',
      consignee: { name: 'A buyer' },
      orderLines: [{ rowNumber: '1', articleNumber: article, numberOfItems: 1 }],
    }),
  });
  if (!response.ok) throw new Error(`the simulated warehouse refused a plain order with ${response.status}`);
}
