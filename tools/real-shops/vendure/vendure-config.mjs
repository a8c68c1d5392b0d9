import { createRequire } from 'node:module';
import { installPlugin } from '../install-plugin.mjs';

export const require = createRequire(import.meta.url);

/** Whoever keeps the shop; the plugin's settings are those that its README names. */
export const administrator = { username: 'superadmin', password: 'for-tests-only' };

/** Tables and basics of an empty shop. */
export const basics = {
  defaultLanguage: 'en',
  defaultZone: 'Europe',
  countries: [
    { code: 'DE', name: 'Germany', zone: 'Europe' },
    { code: 'SE', name: 'Sweden', zone: 'Europe' },
  ],
  taxRates: [{ name: 'Standard', percentage: 19 }],
  shippingMethods: [{ name: 'Parcel', price: 500 }],
  paymentMethods: [
    {
      name: 'Manual',
      handler: {
        code: 'dummy-payment-handler',
        arguments: [{ name: 'automaticSettle', value: 'true' }],
      },
    },
  ],
  collections: [],
};

/** @param options.plugin of SamlastPlugin.init; undefined for a shop without it */
export function vendureConfig({ databaseUrl, port, plugin, synchronize = false }) {
  const { DefaultLogger, dummyPaymentHandler, LogLevel } = require('@vendure/core');
  const { SamlastPlugin } = require(installPlugin('vendure', import.meta.dirname));
  const database = new URL(databaseUrl);
  return {
    apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
      tokenMethod: ['cookie', 'bearer'],
      superadminCredentials: { identifier: administrator.username, password: administrator.password },
      cookieOptions: { secret: 'for-tests-only' },
      requireVerification: false,
    },
    dbConnectionOptions: {
      type: 'postgres',
      host: database.hostname,
      port: Number(database.port),
      username: decodeURIComponent(database.username),
      password: decodeURIComponent(database.password),
      database: database.pathname.slice(1),
      synchronize,
      logging: false,
    },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    importExportOptions: { importAssetsDir: import.meta.dirname },
    logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: false }),
    // The tables are the same with and without what the plugin does, so that one template serves all shops.
    plugins: [SamlastPlugin.init(plugin ?? { channelUrl: 'http://127.0.0.1:9' })],
    // For the shop's own use, as many shops have some: what a test changes when nothing else is to change.
    customFields: { Order: [{ name: 'remark', type: 'string', nullable: true }] },
  };
}
