import { randomUUID } from 'node:crypto';
import {
  channelContract,
  erpParts,
  type FarOrder,
  type FarPurchases,
  type FarSide,
} from '@samlast/channel-kit/testing';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { startTryton } from '../../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../../tools/real-shops/tryton/tryton-keeper.mjs';
import { tryton } from './tryton.channel.ts';

/** A real Tryton, with a user that has the rights which README.md asks for and no others. */
class TrytonFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 5;
  readonly patienceMs = 90_000;
  private readonly keeper: ReturnType<typeof keeperOf>;

  constructor(
    private readonly erp: Awaited<ReturnType<typeof startTryton>>,
    private readonly databases: TestDatabase,
  ) {
    this.keeper = keeperOf(erp);
    this.env = {
      TRYTON_URL: erp.url,
      TRYTON_DATABASE: erp.database,
      TRYTON_USERNAME: erp.channelUser.username,
      TRYTON_PASSWORD: erp.channelUser.password,
      TRYTON_WAREHOUSE_ID: String(erp.warehouse),
      TRYTON_PAGE: '3',
    };
  }

  get purchases(): FarPurchases {
    const { keeper } = this;
    return {
      place: async (article, quantity) => named(await keeper.order(article, quantity)),
      change: (id, quantity) => keeper.changePurchase(Number(id), quantity),
      cancel: (id) => keeper.cancelPurchase(Number(id)),
      touch: (id) => keeper.touchPurchase(Number(id)),
      receipts: async (id) => {
        const { receipts } = await keeper.purchase(Number(id));
        return receipts.filter(({ state }) => state === 'done').map(({ quantity }) => quantity);
      },
      notes: async (id) => (await keeper.notes(`purchase.purchase,${id}`)).length,
    };
  }

  async newArticle(stock: number): Promise<string> {
    const article = `ART-${randomUUID().slice(0, 8)}`;
    await this.keeper.addArticle(article, { stock });
    return article;
  }

  async buy(article: string, quantity: number): Promise<{ id: string; number: string }> {
    return named(await this.keeper.sell(article, quantity));
  }

  async cancel(id: string): Promise<void> {
    await this.keeper.cancelSale(Number(id));
  }

  async touch(id: string): Promise<void> {
    await this.keeper.touchSale(Number(id));
  }

  async change(id: string, quantity: number): Promise<void> {
    await this.keeper.changeSale(Number(id), quantity);
  }

  async order(id: string): Promise<FarOrder> {
    const { shipments } = await this.keeper.sale(Number(id));
    return {
      cancelled: shipments.every(({ state }) => state === 'cancelled'),
      fulfilments: shipments
        .filter(({ state }) => state === 'done')
        .map(({ quantity, tracking, notes: [note = ''] }) => ({
          quantity,
          trackingNumber: tracking[0],
          // Tryton has no carrier of that name here.
          carrier: String(/sent this with (.*)\. \[/.exec(note)?.[1]),
        })),
      notes: (await this.keeper.notes(`sale.sale,${id}`)).length,
    };
  }

  /** What was offered to a customer who has not said yes. */
  async phantom(): Promise<string> {
    return String((await this.keeper.quote(await this.newArticle(1), 1)).id);
  }

  async unreadable(): Promise<string> {
    const article = await this.newArticle(1);
    const { id } = await this.keeper.quote(article, 1);
    await this.keeper.takeCodeOff(article);
    await this.keeper.confirm(id);
    return String(id);
  }

  async stop(): Promise<void> {
    await this.erp.process.stop();
    await this.databases.drop();
  }
}

const named = ({ id, number }: { id: number; number: string }) => ({ id: String(id), number });

channelContract(
  'tryton',
  tryton,
  async () => {
    const databases = await testDatabase('shops');
    const erp = await startTryton({ code: 'contract', postgres: databases.url, fresh: true });
    return new TrytonFarSide(erp, databases);
  },
  erpParts,
);
