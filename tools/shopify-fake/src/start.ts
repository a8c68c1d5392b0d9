import type { AddressInfo } from 'node:net';
import { commandsOf } from './control.ts';
import { Faults } from './faults.ts';
import { Bucket } from './graphql/bucket.ts';
import { IdempotencyKeys } from './graphql/context.ts';
import { Views } from './graphql/views.ts';
import { Access } from './http/access.ts';
import { createSite } from './http/server.ts';
import { addVariant } from './shop/catalogue.ts';
import { checkout } from './shop/checkout.ts';
import { beginCancel, editQuantity, refund } from './shop/orders.ts';
import { announceReturn, cancelReturn, dispose } from './shop/returns.ts';
import { gid, World } from './shop/world.ts';
import { deliveryOf, WebhookSender } from './webhooks/sender.ts';

export const API_VERSION = '2026-04';

/** All that a channel needs, so that a test may take one away. */
export const SCOPES: readonly string[] = [
  'read_products',
  'write_inventory',
  'read_locations',
  'write_orders',
  'write_order_edits',
  'write_returns',
  'write_merchant_managed_fulfillment_orders',
];

export interface FakeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly domain?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly accessToken?: string;
  readonly scopes?: readonly string[];
  /** Points in the bucket, and how many come back in a second: 2000 and 100, as on the standard plan. */
  readonly bucket?: number;
  readonly restore?: number;
  /** Before the first retry of a webhook. */
  readonly webhookRetryMs?: number;
}

/** Starts a shop. Throws an error that says what to do where the port is taken. */
export async function startShopifyFake(options: FakeOptions = {}) {
  const { port = 0, host = '127.0.0.1', domain = 'fake.myshopify.com' } = options;
  const {
    clientId = 'fake-client',
    clientSecret = 'fake-client-secret',
    accessToken = 'shpat_fake',
  } = options;
  const { bucket = 2000, restore = 100, webhookRetryMs = 56_000, scopes = SCOPES } = options;
  const world = new World(domain);
  const faults = new Faults();
  const app = { id: clientId, secret: clientSecret, token: accessToken };
  const access = new Access(app, new Set(scopes));
  const points = new Bucket(bucket, restore);
  const context = { world, views: new Views(world), scopes: access.scopes, keys: new IdempotencyKeys() };
  const commands = commandsOf(world, faults, access);
  const settings = { secret: clientSecret, apiVersion: API_VERSION, retryMs: webhookRetryMs };
  new WebhookSender(world, faults, settings).listen();
  const server = createSite({ apiVersion: API_VERSION, access, context, bucket: points, faults, commands });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} on ${host} is taken. Choose another with --port.`) : error);
    });
    server.listen(port, host, resolve);
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    domain,
    clientId,
    clientSecret,
    accessToken,
    /** Of the one location. */
    locationId: gid('Location', world.locations[0]?.id ?? 0),
    world,
    faults,
    access,
    bucket: points,
    commands,
    /** What buyers and staff do past the API. */
    shop: { addVariant, announceReturn, beginCancel, cancelReturn, checkout, dispose, editQuantity, refund },
    headersOf: (delivery: Parameters<typeof deliveryOf>[0]) => deliveryOf(delivery, settings),
    async close(): Promise<void> {
      world.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export type ShopifyFake = Awaited<ReturnType<typeof startShopifyFake>>;
