import {
  eventually,
  freePort,
  type TcpProxy,
  tcpProxy,
  testDatabase,
  type TestDatabase,
} from '@samlast/test-stack';
import { System } from '../testing/system.ts';
import type { Mode, ShopBook, WarehouseBook } from './audit/books.ts';
import { differences } from './audit/differences.ts';
import { readWarehouse } from './audit/warehouse-book.ts';
import { openMedusa } from './medusa.ts';
import type { RealShop, ShopSetup } from './shop.ts';
import { Supervisor } from './supervisor.ts';
import { openTryton } from './tryton.ts';
import { openVendure } from './vendure.ts';

const secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const token = 'what-the-shops-prove-themselves-with';
/**
 * A claim whose buyer never heard of it is given back after the time to pay. That is half an hour unless told, and what
 * is to be seen here is that it comes back.
 */
const PAY_WITHIN_S = 15;

type Opener = (setup: ShopSetup) => Promise<RealShop>;

const openers: Readonly<Record<string, Opener>> = {
  MA: openMedusa,
  MB: openMedusa,
  VE: openVendure,
  ERP: openTryton,
};

export interface MarketOptions {
  modes: Readonly<Record<string, Mode>>;
  /** Pieces in the warehouse by article; every shop sells all of them. */
  pieces: Readonly<Record<string, number>>;
}

/** What stands between a shop and its channel, either way. */
interface Between {
  toShop: TcpProxy;
  toChannel: TcpProxy;
}

/** Real shops on one goods owner, with Samlast between them and the simulated warehouse, on a real Kafka. */
export class Market {
  private constructor(
    readonly system: System,
    readonly supervisor: Supervisor,
    readonly shops: readonly RealShop[],
    readonly between: readonly Between[],
    readonly modes: MarketOptions['modes'],
    private readonly databases: TestDatabase,
  ) {}

  static async open({ modes, pieces }: MarketOptions): Promise<Market> {
    const databases = await testDatabase('shops');
    const articles = Object.keys(pieces);
    const turns = new Map<Opener, Promise<unknown>>();
    const opened = await Promise.all(
      Object.entries(modes).map(([code, mode]) => {
        const opener = openerOf(code);
        const before = turns.get(opener);
        // Two of a kind are installed in one place, so they start one after the other.
        const opening = Promise.resolve(before).then(() =>
          openOne(opener, { code, mode, postgres: databases.url, articles }),
        );
        turns.set(opener, opening);
        return opening;
      }),
    );
    const system = await System.start({
      bus: 'kafka',
      startTries: 4,
      gatewayEnv: { INBOUND_POLL_MS: '1000' },
      channels: opened.map(({ shop, port, mode, between }) => ({
        code: shop.code,
        kind: shop.kind,
        port,
        // What is on lease is divided from the first piece on, so that no shop ever shows what is not its own.
        line: { mode, shortPolicy: 'reject', scarceBelow: '1000', ...shop.line },
        env: {
          ...shop.env(between.toShop.url.replace(/\/$/, '')),
          WEBHOOK_SECRET: secret,
          CLAIMS_TOKEN: token,
          POLL_MS: '2000',
          OVERLAP_MS: '60000',
        },
      })),
    });
    const market = new Market(
      system,
      new Supervisor(system),
      opened.map(({ shop }) => shop),
      opened.map(({ between }) => between),
      modes,
      databases,
    );
    await market.control.seed({
      articles: articles.map((number) => ({ number, stock: pieces[number] ?? 0 })),
    });
    return market;
  }

  get control(): System['simulator']['control'] {
    return this.system.simulator.control;
  }

  shop(code: string): RealShop {
    const found = this.shops.find((shop) => shop.code === code);
    if (!found) throw new Error(`there is no shop ${code}`);
    return found;
  }

  /** What every system says of itself. */
  async books(): Promise<{ shops: ShopBook[]; warehouse: WarehouseBook }> {
    const [warehouse, ...shops] = await Promise.all([
      readWarehouse(this.system.simulator),
      ...this.shops.map((shop) => shop.read()),
    ]);
    return { shops, warehouse };
  }

  /** All of them say the same, line by line; throws with every difference once the time is over. */
  async agrees({ withinMs }: { withinMs: number }): Promise<{ shops: ShopBook[]; warehouse: WarehouseBook }> {
    const terms = { modes: this.modes, installation: 'flows' };
    return eventually(
      async () => {
        const books = await this.books();
        const found = differences(books.shops, books.warehouse, terms);
        if (found.length > 0) throw new Error(`${found.length} differences:\n${found.join('\n')}`);
        return books;
      },
      { withinMs, everyMs: 1_000, message: 'all systems agree' },
    );
  }

  async close(): Promise<void> {
    this.supervisor.close();
    await this.system.close();
    await Promise.all(this.shops.map((shop) => shop.process.stop()));
    await Promise.all(this.between.flatMap((one) => [one.toShop.close(), one.toChannel.close()]));
    await this.databases.drop();
  }
}

function openerOf(code: string): Opener {
  const opener = openers[code];
  if (!opener) throw new Error(`${code} is none of ${Object.keys(openers).join(', ')}`);
  return opener;
}

async function openOne(
  opener: Opener,
  { code, mode, postgres, articles }: Omit<ShopSetup, 'plugin'> & { mode: Mode },
) {
  const port = await freePort();
  const toChannel = await tcpProxy(`http://127.0.0.1:${port}`);
  const shop = await opener({
    code,
    postgres,
    articles,
    plugin: {
      channelUrl: toChannel.url,
      ...(mode === 'claim' && { claims: { token, payWithinS: PAY_WITHIN_S } }),
      webhooks: { secret },
    },
  });
  return { shop, port, mode, between: { toShop: await tcpProxy(shop.url), toChannel } };
}
