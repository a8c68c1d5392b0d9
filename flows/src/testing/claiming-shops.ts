import { expect } from '@jest/globals';
import { type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually, freePort, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { ShopOptions, Started } from '../../../tools/real-shops/start-shop.mjs';
import { bus } from './config.ts';
import { System } from './system.ts';

const secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const token = 'what-the-shops-prove-themselves-with';

export interface RealShop<Shop> {
  /** The channel's code. */
  code: string;
  kind: string;
  /** Number and pieces of what both shops sell. */
  articles: Readonly<Record<string, number>>;
  start(options: ShopOptions): Promise<Started<Shop>>;
  /** What its plugin does where nobody answers; it refuses unless told. */
  unanswered?: 'refuse' | 'sell';
  /** What the channel needs to reach the shop, beside the secrets that both share. */
  env(shop: Shop): Record<string, string>;
  /** What the shop offers of an article. */
  offered(shop: Shop, article: string): Promise<number>;
}

/** A real shop and a demo shop on one goods owner; both claim a piece before they take the money. */
export class ClaimingShops<Shop> {
  private constructor(
    readonly system: System,
    readonly shop: Started<Shop>,
    readonly demo: DemoShop,
    private readonly databases: TestDatabase,
    private readonly real: RealShop<Shop>,
  ) {}

  static async start<Shop>(real: RealShop<Shop>): Promise<ClaimingShops<Shop>> {
    const [port, demoPort] = [await freePort(), await freePort()];
    const numbers = Object.keys(real.articles);
    const databases = await testDatabase('shops');
    const shop = await real.start({
      code: real.code.toLowerCase(),
      postgres: databases.url,
      fresh: true,
      skus: numbers,
      stock: 0,
      plugin: {
        channelUrl: `http://127.0.0.1:${port}`,
        claims: { token, ...(real.unanswered && { unanswered: real.unanswered }) },
        webhooks: { secret },
      },
    });
    const demo = await startDemoShop({
      code: 'EU',
      token,
      webhookUrl: `http://127.0.0.1:${demoPort}/webhooks/orders`,
      webhookSecret: secret,
      articles: numbers.map((number) => ({ number, name: number, price: '20' })),
      claims: { url: `http://127.0.0.1:${demoPort}/claims`, token },
    });
    const claiming = { mode: 'claim' };
    const proofs = { WEBHOOK_SECRET: secret, CLAIMS_TOKEN: token };
    const { code, kind } = real;
    const system = await System.start({
      bus,
      channels: [
        { code, kind, port, line: claiming, env: { ...real.env(shop), ...proofs } },
        {
          code: 'EU',
          kind: 'http',
          port: demoPort,
          line: claiming,
          env: { SHOP_URL: demo.url, SHOP_TOKEN: token, ...proofs },
        },
      ],
    });
    await system.simulator.control.seed({
      articles: numbers.map((number) => ({ number, stock: real.articles[number] ?? 0 })),
    });
    return new ClaimingShops(system, shop, demo, databases, real);
  }

  /** Both shops show so many, sooner or later. */
  async show(article: string, number: number, withinMs = 60_000): Promise<void> {
    await eventually(
      async () => {
        const shown = [await this.real.offered(this.shop, article), this.demo.model.stockOf(article)];
        expect(shown).toEqual([number, number]);
        return true;
      },
      { withinMs, message: `both shops show ${number} of ${article}` },
    );
  }

  /** The order as the warehouse has it, once it is there. */
  arrived(number: string) {
    return eventually(async () => (await this.system.simulator.control.orders({ numbers: [number] }))[0], {
      withinMs: 30_000,
      message: `${number} is in the warehouse`,
    });
  }

  /** Somebody presses the button in the demo shop; whether it sold. */
  async demoSells(article: string): Promise<boolean> {
    const { status } = await fetch(`${this.demo.url}/buy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ article, quantity: 1 }),
    });
    return status === 201;
  }

  async stop(): Promise<void> {
    await this.system.close();
    await Promise.all([this.shop.process.stop(), this.demo.stop()]);
    await this.databases.drop();
  }
}
