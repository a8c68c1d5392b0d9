import { standardHeaders } from '@samlast/channel-kit';
import {
  channelContract,
  type FarMessage,
  type FarOrder,
  type FarSale,
  type FarSide,
  type FarWebhook,
} from '@samlast/channel-kit/testing';
import { type DemoOrder, DemoRefusal, type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { http } from './http.channel.ts';

const TOKEN = 'a token for this spec only';
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

/** The demo shop, which speaks the protocol of README.md. */
class DemoFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 5;
  readonly returns = {
    announce: async (id: string, quantity: number) => {
      const order = this.shop.model.find(id);
      return this.shop.model.returns.announce(order, { line: order.lines[0]?.id ?? '', quantity });
    },
    withdraw: async (id: string) => {
      this.shop.model.returns.withdraw(id);
    },
  };
  private articles = 0;

  constructor(private readonly shop: DemoShop) {
    this.env = {
      SHOP_URL: shop.url,
      SHOP_TOKEN: TOKEN,
      SHOP_ORDERS_PAGE: '3',
      SHOP_RETURNS: 'true',
      WEBHOOK_SECRET: SECRET,
    };
  }

  async newArticle(offered: number): Promise<string> {
    const number = `A/${++this.articles} å`;
    this.shop.model.putArticle({ number, name: 'An article', price: '10' });
    this.shop.model.setStock(number, offered);
    return number;
  }

  async offered(article: string): Promise<number> {
    return this.shop.model.stockOf(article);
  }

  async buy(article: string, quantity: number): Promise<FarSale | undefined> {
    try {
      return await this.shop.checkout({ lines: [{ article, quantity }] });
    } catch (error) {
      if (error instanceof DemoRefusal) return undefined;
      throw error;
    }
  }

  buyLines(lines: readonly { article: string; quantity: number }[]): Promise<FarSale> {
    return this.shop.checkout({ lines });
  }

  async cancel(id: string): Promise<void> {
    this.shop.model.cancel(id, 'the buyer has changed his mind');
  }

  async touch(id: string): Promise<void> {
    this.shop.model.edit(id);
  }

  async change(id: string, quantity: number): Promise<void> {
    const line = this.shop.model.find(id).lines[0]?.id ?? '';
    this.shop.model.edit(id, { lines: [{ id: line, quantity }] });
  }

  async order(id: string): Promise<FarOrder> {
    const order = this.shop.model.find(id);
    return {
      cancelled: order.state === 'cancelled',
      fulfilments: order.fulfilments.map(({ carrier, trackingNumber, trackingUrl, lines }) => ({
        carrier,
        trackingNumber,
        trackingUrl,
        quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
      })),
      notes: order.notes.length,
      returned: order.returned?.length ?? 0,
    };
  }

  async restockByHand(id: string): Promise<void> {
    const { model } = this.shop;
    for (const { article, quantity } of model.find(id).lines)
      model.setStock(article, model.stockOf(article) + quantity);
    model.edit(id);
  }

  async phantom(): Promise<string> {
    return (await this.odd({ state: 'not-yet' })).id;
  }

  async unreadable(): Promise<string> {
    return (await this.odd({ number: 'x'.repeat(60) })).id;
  }

  webhookAbout(order: string, { id, at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify({ type: `order.${what}`, order: { id: order } });
    return { name: 'orders', headers: standardHeaders([SECRET], id, at, body), body };
  }

  async claiming({ url, token }: { url: string; token: string }): Promise<FarSide> {
    return startFarSide({ url: `${url}/claims`, token });
  }

  async stop(): Promise<void> {
    await this.shop.stop();
  }

  /** An order as the demo shop itself would not make one. */
  private async odd(change: object): Promise<DemoOrder> {
    const article = await this.newArticle(1);
    return Object.assign(this.shop.model.buy({ lines: [{ article, quantity: 1 }] }), change);
  }
}

async function startFarSide(claims?: { url: string; token: string }): Promise<FarSide> {
  const shop = await startDemoShop({ code: 'SE', token: TOKEN, webhookSecret: SECRET, articles: [], claims });
  return new DemoFarSide(shop);
}

channelContract('http', http, () => startFarSide());
