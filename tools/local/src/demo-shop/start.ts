import type { AddressInfo } from 'node:net';
import { Checkout, type ClaimsOptions } from './claims.ts';
import { demoArticles, type DemoArticle } from './catalogue.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { DemoModel } from './model.ts';
import type { DemoOrder, DemoWish } from './order.ts';
import { demoServer } from './server.ts';
import { SignedCalls } from './signed-calls.ts';
import { WebhookSender } from './webhook-sender.ts';

export interface DemoShopOptions {
  /** SE, EU, ERP: chooses names and currency. */
  code: string;
  kind?: 'shop' | 'erp';
  port?: number;
  currency?: string;
  /** Bearer token of its API. */
  token: string;
  /** Where signed webhooks go; none are sent without. */
  webhookUrl?: string;
  /** What signs them, and the calls of the channel, which without it need the token alone. */
  webhookSecret?: string;
  webhooks?: boolean;
  /** It asks for the pieces before it sells them; without this its own number says what it can sell. */
  claims?: ClaimsOptions;
  /** A file in which it keeps what happened; without one it forgets at the end. */
  stateFile?: string;
  firstNumber?: number;
  articles?: readonly DemoArticle[];
  now?: () => Date;
}

export interface DemoShop {
  readonly url: string;
  /** Buying, cancelling, editing and looking, as people in the shop do. */
  readonly model: DemoModel;
  readonly faults: Faults;
  /** Buys as a buyer does, who waits while the shop claims, where it does. */
  checkout(wish: DemoWish): Promise<DemoOrder>;
  /** Switches the sending of webhooks. */
  webhooks(enabled: boolean): void;
  stop(): Promise<void>;
}

const CURRENCIES: Record<string, string> = { SE: 'SEK', EU: 'EUR', ERP: 'SEK' };
const FIRST_NUMBER = 5178;

/** Starts a demo web shop, or the demo ERP, with its page and its API. */
export async function startDemoShop(options: DemoShopOptions): Promise<DemoShop> {
  const { code, kind = 'shop' } = options;
  const model = new DemoModel({
    code,
    kind,
    currency: options.currency ?? CURRENCIES[code] ?? 'EUR',
    firstNumber: options.firstNumber ?? FIRST_NUMBER,
    articles: options.articles ?? demoArticles(kind, code),
    journal: new Journal(options.stateFile),
    now: options.now ?? (() => new Date()),
  });
  const faults = new Faults();
  const title = kind === 'erp' ? 'Demo ERP' : `Demo shop ${code}`;
  const asking = options.claims && new Checkout(model, options.claims);
  const buy = async (wish: DemoWish) => (asking ? asking.buy(wish) : model.buy(wish));
  const claims = asking !== undefined;
  const { webhookUrl, webhookSecret } = options;
  const signedCalls = webhookSecret ? new SignedCalls(webhookSecret) : undefined;
  const { token } = options;
  const server = demoServer({ model, title, kind, token, faults, buy, claims, signedCalls });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const sender =
    webhookUrl && webhookSecret
      ? new WebhookSender(webhookUrl, webhookSecret, options.webhooks ?? true)
      : undefined;
  model.onChange((change) => sender?.send(hintOf(change)));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    model,
    faults,
    checkout: buy,
    webhooks(enabled) {
      if (sender) sender.enabled = enabled;
    },
    async stop() {
      sender?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hintOf(change: { type: string; order?: { id: string } }): object {
  return change.order ? { type: change.type, order: { id: change.order.id } } : { type: change.type };
}
