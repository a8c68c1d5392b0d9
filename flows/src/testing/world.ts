import { type DemoOrder, type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually, freePort } from '@samlast/test-stack';
import { bus } from './config.ts';
import { System, type SystemOptions } from './system.ts';

export type Code = 'SE' | 'EU' | 'ERP';
export const codes: readonly Code[] = ['SE', 'EU', 'ERP'];

const shopToken = 'what-a-shop-asks-for';
const webhookSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

export interface WorldOptions extends Omit<SystemOptions, 'bus' | 'channels'> {
  /** Pieces in the warehouse by article; every shop sells all of them. */
  pieces: Record<string, number>;
  /** Lines of channels.json, over the defaults. */
  lines?: Partial<Record<Code, Record<string, unknown>>>;
  channelEnv?: Record<string, string>;
}

/** Two web shops and an ERP on one goods owner, with Samlast between them and the warehouse. */
export class World {
  private constructor(
    readonly system: System,
    readonly shops: Record<Code, DemoShop>,
  ) {}

  static async start({ pieces, lines, channelEnv, ...options }: WorldOptions): Promise<World> {
    const articles = Object.keys(pieces).map((number) => ({
      number,
      name: `Article ${number}`,
      price: '10',
    }));
    const shops = {} as Record<Code, DemoShop>;
    const channels = [];
    for (const code of codes) {
      const port = await freePort();
      const shop = await startDemoShop({
        code,
        kind: code === 'ERP' ? 'erp' : 'shop',
        token: shopToken,
        webhookUrl: `http://127.0.0.1:${port}/webhooks/orders`,
        webhookSecret,
        articles,
      });
      shops[code] = shop;
      channels.push({
        code,
        kind: 'http',
        port,
        line: { ...(code === 'ERP' && { articleMaster: true }), ...lines?.[code] },
        env: { SHOP_URL: shop.url, SHOP_TOKEN: shopToken, WEBHOOK_SECRET: webhookSecret, ...channelEnv },
      });
    }
    const system = await System.start({ ...options, bus, channels });
    const world = new World(system, shops);
    await world.control.seed({
      articles: Object.entries(pieces).map(([number, stock]) => ({ number, stock })),
    });
    await world.settled();
    return world;
  }

  get control(): System['simulator']['control'] {
    return this.system.simulator.control;
  }

  buy(code: Code, article: string, quantity = 1): DemoOrder {
    return this.shops[code].model.buy({ lines: [{ article, quantity }] });
  }

  orders(code: Code): DemoOrder[] {
    return [...this.shops[code].model.orders.values()];
  }

  /** The order as the warehouse has it; undefined while it has none under this number. */
  async inWarehouse(number: string) {
    return (await this.control.orders({ numbers: [number] }))[0];
  }

  arrived(number: string, withinMs = 30_000) {
    return eventually(() => this.inWarehouse(number), { withinMs, message: `${number} is in the warehouse` });
  }

  async sellable(article: string): Promise<number> {
    const [found] = await this.control.articles({ numbers: [article] });
    return Number(found?.sellable);
  }

  /** What each shop shows of an article, beside what the warehouse can sell. */
  async shown(article: string): Promise<Record<Code | 'warehouse', number>> {
    const [se, eu, erp] = codes.map((code) => this.shops[code].model.stockOf(article));
    return { SE: se ?? 0, EU: eu ?? 0, ERP: erp ?? 0, warehouse: await this.sellable(article) };
  }

  async allShow(article: string, number: number, withinMs = 20_000): Promise<void> {
    await eventually(
      async () => {
        const shown = await this.shown(article);
        if (Object.values(shown).some((one) => one !== number)) throw new Error(JSON.stringify(shown));
        return true;
      },
      { withinMs, message: `all shops and the warehouse show ${number} of ${article}` },
    );
  }

  /** All shops show what the warehouse can sell, of every article. */
  async settled({ withinMs = 60_000 } = {}): Promise<void> {
    await eventually(
      async () => {
        for (const { number, sellable } of await this.control.articles()) {
          const numbers = codes.map((code) => this.shops[code].model.stockOf(number));
          if (numbers.some((one) => one !== Number(sellable)))
            throw new Error(
              `${number}: the warehouse can sell ${sellable}, the shops show ${numbers.join(', ')}`,
            );
        }
        return true;
      },
      { withinMs, message: 'all shops show what the warehouse can sell' },
    );
  }

  /** Everything that any service has set aside. */
  async deadLetters(): Promise<{ service: string; code: string | null; reason: string | null }[]> {
    const lists = await Promise.all(
      this.system.started.map(async (service) => {
        const letters = await this.system.ask<{ code: string | null; reason: string | null }[]>(
          service,
          '/ops/dead-letters',
        );
        return letters.map(({ code, reason }) => ({ service, code, reason }));
      }),
    );
    return lists.flat();
  }

  async close(): Promise<void> {
    await this.system.close();
    await Promise.all(codes.map((code) => this.shops[code].stop()));
  }
}
