import { writeFileSync } from 'node:fs';
import type { DataFolder } from './data-folder.ts';
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
  'shop-se': 31,
  'shop-eu': 32,
  erp: 33,
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

export type Bus = { kind: 'embedded' } | { kind: 'kafka'; brokers: string; topicPrefix?: string };

/** Everything the demo installation consists of: two shops, an ERP, the warehouse, and Samlast between them. */
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

const channels = (startAt: string) => ({
  channels: [
    {
      code: 'SE',
      kind: 'http',
      name: 'Demo shop Sweden',
      orderType: { code: 'B2C', name: 'Web shop' },
      startAt,
    },
    { code: 'EU', kind: 'http', name: 'Demo shop EU', orderType: { code: 'B2C', name: 'Web shop' }, startAt },
    {
      code: 'ERP',
      kind: 'http',
      name: 'Demo ERP',
      orderType: { code: 'B2B', name: 'Business' },
      articleMaster: true,
      startAt,
    },
  ],
});

/** Works out every program with its environment; starts nothing. */
export function planInstallation(
  data: DataFolder,
  firstPort: number,
  databaseUrl: string,
  bus: Bus,
): Installation {
  const port = (part: Part) => portOfPart(firstPort, part);
  const url = (part: Part) => `http://127.0.0.1:${port(part)}`;
  const channelsFile = data.file('channels.json');
  writeFileSync(channelsFile, `${JSON.stringify(channels(STARTED_LONG_AGO), null, 2)}\n`);
  const ongoingPassword = data.secret('ongoing-password');
  const shopToken = data.secret('shop-token');
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
    args: ['--enable-source-maps', '--import', './tools/typescript.mjs', `apps/${app}/src/main.ts`],
    env: { ...base(part), ...env },
    readyUrl: `${url(part)}/health/ready`,
  });
  const channel = (code: 'SE' | 'EU' | 'ERP', part: Part, shop: Part) =>
    service(part, 'channel-http', {
      CHANNEL_CODE: code,
      AUTHORITY_URL: url('stock-authority'),
      AUTHORITY_TOKEN: serviceToken,
      SHOP_URL: url(shop),
      SHOP_TOKEN: shopToken,
      WEBHOOK_SECRET: shopSecret,
    });
  const shop = (code: 'SE' | 'EU' | 'ERP', part: Part, channelPart: Part): Program => ({
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
    ],
    env: { SHOP_TOKEN: shopToken, WEBHOOK_SECRET: shopSecret },
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
      shop('SE', 'shop-se', 'channel-se'),
      shop('EU', 'shop-eu', 'channel-eu'),
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
      channel('SE', 'channel-se', 'shop-se'),
      channel('EU', 'channel-eu', 'shop-eu'),
      channel('ERP', 'channel-erp', 'erp'),
      service('console', 'console', {
        CONSOLE_PASSWORD: consolePassword,
        SERVICES_TOKEN: serviceToken,
        SERVICES: (
          ['stock-authority', 'wms-gateway', 'channel-se', 'channel-eu', 'channel-erp', 'console'] as const
        )
          .map((part) => `${part}=${url(part)}`)
          .join(','),
      }),
    ],
  };
}
