import { writeFileSync } from 'node:fs';
import { bundleOf } from '@samlast/test-stack';
import type { DataFolder } from './data-folder.ts';
import type { DemoArticle } from './demo-shop/index.ts';
import type { Program } from './supervisor.ts';

/** The port of each part, counted from the first port of the installation. */
const OFFSETS = {
  simulator: 0,
  'stock-authority': 10,
  'wms-gateway': 11,
  console: 12,
  'channel-se': 21,
  'channel-eu': 22,
  'channel-erp': 23,
  'channel-no': 24,
  'shop-se': 31,
  'shop-eu': 32,
  erp: 33,
  'shop-no': 34,
  postgres: 40,
} as const;

export type Part = keyof typeof OFFSETS;

export function portOfPart(firstPort: number, part: Part): number {
  return firstPort + OFFSETS[part];
}

export const parts = Object.keys(OFFSETS) as Part[];

export const GOODS_OWNER = 41;
const WAREHOUSE = 'demo';
const STARTED_LONG_AGO = '2020-01-01T00:00:00Z';

const webShops = {
  SE: { name: 'Demo shop Sweden', shop: 'shop-se', channel: 'channel-se' },
  EU: { name: 'Demo shop EU', shop: 'shop-eu', channel: 'channel-eu' },
  NO: { name: 'Demo shop Norway', shop: 'shop-no', channel: 'channel-no' },
} as const;
export type WebShop = keyof typeof webShops;

export const shopOf = (code: WebShop): Part => webShops[code].shop;
export const channelOf = (code: WebShop): Part => webShops[code].channel;

/** How the web shops sell, as in channels.json. */
export type Mode = 'shared' | 'claim' | 'lease';

/** Who takes part. */
export interface Cast {
  readonly shops: readonly WebShop[];
  /** Articles that every shop and the ERP have beside those of the demo. */
  readonly moreArticles?: readonly DemoArticle[];
}

export const DEMO: Cast = { shops: ['SE', 'EU'] };

export type Bus = { kind: 'embedded' } | { kind: 'kafka'; brokers: string; topicPrefix?: string };

/** Everything an installation consists of: web shops, an ERP, the warehouse, and Samlast between them. */
export interface Installation {
  readonly port: (part: Part) => number;
  readonly url: (part: Part) => string;
  readonly ongoingUrl: string;
  readonly ongoingPassword: string;
  readonly shopToken: string;
  readonly consolePassword: string;
  readonly serviceToken: string;
  readonly webhookToken: string;
  readonly channelsFile: string;
  readonly topicsEnvironment: Record<string, string>;
  /** The outside world: what a merchant has already. */
  readonly world: Program[];
  /** Samlast itself. */
  readonly services: Program[];
}

function busEnvironment(bus: Bus): Record<string, string> {
  if (bus.kind === 'embedded') return { BUS: bus.kind };
  // On a shared broker each story has topics of its own.
  return { BUS: bus.kind, KAFKA_BROKERS: bus.brokers, TOPIC_PREFIX: bus.topicPrefix ?? '' };
}

/** Scarce pieces are divided among the web shops: the ERP takes orders without looking at what it has. */
const BEFORE_THE_ERP = 1;

function channelsFor({ shops }: Cast, mode: Mode) {
  const startAt = STARTED_LONG_AGO;
  const orderType = { code: 'B2C', name: 'Web shop' };
  const sells = mode === 'shared' ? {} : { mode, ...(mode === 'lease' && { priority: BEFORE_THE_ERP }) };
  return {
    channels: [
      ...shops.map((code) => ({
        code,
        kind: 'http',
        name: webShops[code].name,
        orderType,
        ...sells,
        startAt,
      })),
      {
        code: 'ERP',
        kind: 'http',
        name: 'Demo ERP',
        orderType: { code: 'B2B', name: 'Business' },
        articleMaster: true,
        startAt,
      },
    ],
  };
}

export interface PlanSettings {
  readonly firstPort: number;
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly cast: Cast;
  readonly mode: Mode;
}

/** Works out every program with its environment and writes the files that they read; starts nothing. */
export function planInstallation(data: DataFolder, settings: PlanSettings): Installation {
  const { firstPort, databaseUrl, bus, cast, mode } = settings;
  const port = (part: Part) => portOfPart(firstPort, part);
  const url = (part: Part) => `http://127.0.0.1:${port(part)}`;
  const channelsFile = data.file('channels.json');
  writeFileSync(channelsFile, `${JSON.stringify(channelsFor(cast, mode), null, 2)}\n`);
  const articlesFile = data.file('articles.json');
  if (cast.moreArticles) writeFileSync(articlesFile, JSON.stringify(cast.moreArticles));
  const ongoingPassword = data.secret('ongoing-password');
  const shopToken = data.secret('shop-token');
  const claimsToken = data.secret('claims-token');
  const shopSecret = `whsec_${Buffer.from(data.secret('shop-webhook-secret')).toString('base64')}`;
  const serviceToken = data.secret('service-token');
  const consolePassword = data.secret('console-password');
  const webhookToken = data.secret('ongoing-webhook-token');
  const ongoingUrl = `${url('simulator')}/${WAREHOUSE}/api/v1/`;

  const base = (part: Part) => ({
    SERVICE_PORT: String(port(part)),
    SERVICE_TOKENS: `local:${serviceToken}`,
    DATABASE_URL: databaseUrl,
    ...busEnvironment(bus),
    CHANNELS_FILE: channelsFile,
    NODE_ENV: 'production',
  });
  const service = (part: Part, app: string, env: Record<string, string>): Program => ({
    name: part,
    args: bundleOf(app),
    env: { ...base(part), ...env },
    readyUrl: `${url(part)}/health/ready`,
  });
  const channel = (code: WebShop | 'ERP', part: Part, shop: Part) =>
    service(part, 'channel-http', {
      CHANNEL_CODE: code,
      AUTHORITY_URL: url('stock-authority'),
      AUTHORITY_TOKEN: serviceToken,
      SHOP_URL: url(shop),
      SHOP_TOKEN: shopToken,
      WEBHOOK_SECRET: shopSecret,
      CLAIMS_TOKEN: claimsToken,
      SHOP_PURCHASE_ORDERS: String(code === 'ERP'),
      SHOP_RETURNS: 'true',
    });
  const shop = (code: WebShop | 'ERP', part: Part, channelPart: Part): Program => ({
    name: part,
    args: [
      '--import',
      './tools/typescript.mjs',
      'tools/local/src/demo-shop/main.ts',
      `--code=${code}`,
      `--port=${port(part)}`,
      `--kind=${code === 'ERP' ? 'erp' : 'shop'}`,
      `--state=${data.file(`${part}.json`)}`,
      `--webhook=${url(channelPart)}/webhooks/orders`,
      ...(cast.moreArticles ? [`--articles=${articlesFile}`] : []),
      ...(mode === 'claim' && code !== 'ERP' ? [`--claims=${url(channelPart)}/claims`] : []),
    ],
    env: { SHOP_TOKEN: shopToken, WEBHOOK_SECRET: shopSecret, CLAIMS_TOKEN: claimsToken },
    readyUrl: `${url(part)}/health`,
  });

  return {
    port,
    url,
    ongoingUrl,
    ongoingPassword,
    shopToken,
    consolePassword,
    serviceToken,
    webhookToken,
    channelsFile,
    topicsEnvironment: { ...busEnvironment(bus), CHANNELS_FILE: channelsFile },
    world: [
      {
        name: 'simulator',
        args: [
          '--import',
          './tools/typescript.mjs',
          'tools/ongoing-simulator/src/main.ts',
          `--port=${port('simulator')}`,
          `--state=${data.file('warehouse.json')}`,
          `--warehouse=${WAREHOUSE}`,
        ],
        env: { ONGOING_PASSWORD: ongoingPassword },
        readyUrl: `${url('simulator')}/`,
      },
      ...cast.shops.map((code) => shop(code, shopOf(code), channelOf(code))),
      shop('ERP', 'erp', 'channel-erp'),
    ],
    services: [
      service('stock-authority', 'stock-authority', {}),
      service('wms-gateway', 'wms-gateway', {
        ONGOING_URL: ongoingUrl,
        ONGOING_USER: 'WSI-demo',
        ONGOING_PASSWORD: ongoingPassword,
        ONGOING_GOODS_OWNER_ID: String(GOODS_OWNER),
        INSTALLATION: 'demo',
        WEBHOOK_TOKEN: webhookToken,
      }),
      ...cast.shops.map((code) => channel(code, channelOf(code), shopOf(code))),
      channel('ERP', 'channel-erp', 'erp'),
      service('console', 'console', {
        CONSOLE_PASSWORD: consolePassword,
        SERVICES_TOKEN: serviceToken,
        SERVICES: served(cast)
          .map((part) => `${part}=${url(part)}`)
          .join(','),
      }),
    ],
  };
}

function served({ shops }: Cast): Part[] {
  return ['stock-authority', 'wms-gateway', ...shops.map(channelOf), 'channel-erp', 'console'];
}
