import { type DemoOrder, type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually, freePort } from '@samlast/test-stack';
import { bus } from './config.ts';
import { System, type SystemOptions } from './system.ts';

export type Code = 'SE' | 'EU' | 'ERP';
export const codes: readonly Code[] = ['SE', 'EU', 'ERP'];

const shopToken = 'what-a-shop-asks-for';
const claimsToken = 'what-a-shop-claims-with';
const webhookSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

export interface WorldOptions extends Omit<SystemOptions, 'bus' | 'channels'> {
  /** Pieces in the warehouse by article; every shop sells all of them. */
  pieces: Record<string, number>;
  /** Lines of channels.json, over the defaults. The shop of a channel that claims does so. */
  lines?: Partial<Record<Code, Record<string, unknown>>>;
  channelEnv?: Record<string, string>;
}

/** Two web shops and an ERP on one goods owner, with Samlast between them and the warehouse. */
export class World {
  private constructor(
    readonly system: System,
    readonly shops: Record<Code, DemoShop>,
    private readonly lines: NonNullable<WorldOptions['lines']>,
  ) {}

  static async start({ pieces, lines = {}, channelEnv, ...options }: WorldOptions): Promise<World> {
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
        ...(lines[code]?.mode === 'claim' && {
          claims: { url: `http://127.0.0.1:${port}/claims`, token: claimsToken },
        }),
      });
      shops[code] = shop;
      channels.push({
        code,
        kind: 'http',
        port,
        line: { ...(code === 'ERP' && { articleMaster: true }), ...lines[code] },
        env: {
          SHOP_URL: shop.url,
          SHOP_TOKEN: shopToken,
          WEBHOOK_SECRET: webhookSecret,
          CLAIMS_TOKEN: claimsToken,
          SHOP_PURCHASE_ORDERS: String(code === 'ERP'),
          SHOP_RETURNS: String(code !== 'ERP'),
          ...channelEnv,
        },
      });
    }
    const system = await System.start({ ...options, bus, channels });
    const world = new World(system, shops, lines);
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

  /**
   * All shops show what the warehouse can sell, of every article. Where it is divided, the shares of those on lease and
   * what all others show make up what can be sold: no piece is shown twice, and none is stranded.
   */
  async settled({ withinMs = 60_000 } = {}): Promise<void> {
    await eventually(
      async () => {
        for (const { number, sellable } of await this.control.articles()) {
          if (!(await this.isShown(number, Number(sellable)))) {
            const shown = codes.map((code) => `${code} ${this.shops[code].model.stockOf(number)}`).join(', ');
            throw new Error(`${number}: the warehouse can sell ${sellable}, the shops show ${shown}`);
          }
        }
        return true;
      },
      { withinMs, message: 'all shops show what the warehouse can sell' },
    );
  }

  private async isShown(article: string, sellable: number): Promise<boolean> {
    const numberOf = (code: Code) => this.shops[code].model.stockOf(article);
    const lessees = codes.filter((code) => this.lines[code]?.mode === 'lease');
    const isDivided = lessees.length > 0 && (await this.isDivided(article));
    if (!isDivided) return codes.every((code) => numberOf(code) === sellable);
    const shares = lessees.map(numberOf).reduce((sum, one) => sum + one, 0);
    const others = codes.filter((code) => !lessees.includes(code));
    return others.every((code) => numberOf(code) === sellable - shares);
  }

  /** Whether the article is so scarce that its pieces are shared out. */
  private async isDivided(article: string): Promise<boolean> {
    const path = `/ops/articles/${encodeURIComponent(article)}`;
    return (await this.system.ask<{ leased: boolean }>('stock-authority', path)).leased;
  }

  /** Asks the channel for pieces as its shop does, under a key of its own; answers with the status. */
  async claim(code: Code, key: string, method: 'POST' | 'PUT', body: object): Promise<number> {
    const path = method === 'POST' ? '/claims' : `/claims/${key}`;
    const response = await fetch(this.system.url(`channel-${code.toLowerCase()}`) + path, {
      method,
      headers: {
        authorization: `Bearer ${claimsToken}`,
        'content-type': 'application/json',
        ...(method === 'POST' && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
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
