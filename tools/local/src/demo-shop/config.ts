import { parseArgs } from 'node:util';
import type { DemoShopOptions } from './start.ts';

const USAGE =
  'usage: SHOP_TOKEN=… WEBHOOK_SECRET=whsec_… main.ts --code SE --port 7431 [--kind shop|erp] [--currency SEK]\n' +
  '       [--state FILE] [--webhook URL] [--webhooks on|off]';

/**
 * Reads the command line and the environment.
 * @throws an Error that says what is wrong and how it is used
 */
export function readOptions(): DemoShopOptions {
  const { values } = parseArgs({
    options: {
      code: { type: 'string' },
      port: { type: 'string' },
      kind: { type: 'string', default: 'shop' },
      currency: { type: 'string' },
      state: { type: 'string' },
      webhook: { type: 'string' },
      webhooks: { type: 'string', default: 'on' },
    },
  });
  const { SHOP_TOKEN: token, WEBHOOK_SECRET: webhookSecret } = process.env;
  const faults = [
    ...(values.code ? [] : ['--code is missing']),
    ...(values.kind === 'shop' || values.kind === 'erp' ? [] : ['--kind must be shop or erp']),
    ...(token ? [] : ['SHOP_TOKEN is not set']),
    ...(values.webhook && !webhookSecret ? ['WEBHOOK_SECRET is not set'] : []),
  ];
  if (faults.length > 0) throw new Error(`${faults.join('; ')}\n${USAGE}`);
  return {
    code: String(values.code),
    kind: values.kind === 'erp' ? 'erp' : 'shop',
    port: Number(values.port ?? 0),
    currency: values.currency,
    token: String(token),
    stateFile: values.state,
    webhookUrl: values.webhook,
    webhookSecret,
    webhooks: values.webhooks !== 'off',
  };
}
