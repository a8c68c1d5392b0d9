import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { demoArticles, type DemoArticle } from './catalogue.ts';
import type { DemoShopOptions } from './start.ts';

const USAGE =
  'usage: SHOP_TOKEN=… WEBHOOK_SECRET=whsec_… main.ts --code SE --port 7431 [--kind shop|erp] [--currency SEK]\n' +
  '       [--state FILE] [--articles FILE] [--webhook URL] [--webhooks on|off]\n' +
  '       [CLAIMS_TOKEN=… --claims URL [--without-claims refuse|sell]]';

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
      articles: { type: 'string' },
      claims: { type: 'string' },
      'without-claims': { type: 'string', default: 'refuse' },
      webhook: { type: 'string' },
      webhooks: { type: 'string', default: 'on' },
    },
  });
  const { SHOP_TOKEN: token, WEBHOOK_SECRET: webhookSecret, CLAIMS_TOKEN: claimsToken } = process.env;
  const without = values['without-claims'];
  const faults = [
    ...(values.code ? [] : ['--code is missing']),
    ...(values.kind === 'shop' || values.kind === 'erp' ? [] : ['--kind must be shop or erp']),
    ...(token ? [] : ['SHOP_TOKEN is not set']),
    ...(values.webhook && !webhookSecret ? ['WEBHOOK_SECRET is not set'] : []),
    ...(values.claims && !claimsToken ? ['CLAIMS_TOKEN is not set'] : []),
    ...(without === 'refuse' || without === 'sell' ? [] : ['--without-claims must be refuse or sell']),
  ];
  if (faults.length > 0) throw new Error(`${faults.join('; ')}\n${USAGE}`);
  const code = String(values.code);
  const kind = values.kind === 'erp' ? 'erp' : 'shop';
  return {
    code,
    kind,
    articles: [...demoArticles(kind, code), ...moreArticles(values.articles)],
    port: Number(values.port ?? 0),
    currency: values.currency,
    token: String(token),
    stateFile: values.state,
    webhookUrl: values.webhook,
    webhookSecret,
    webhooks: values.webhooks !== 'off',
    ...(values.claims && {
      claims: {
        url: values.claims,
        token: String(claimsToken),
        without: without === 'sell' ? 'sell' : 'refuse',
      },
    }),
  };
}

/** A list of articles as JSON, which are sold beside those of the demo. */
function moreArticles(file: string | undefined): DemoArticle[] {
  return file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as DemoArticle[]);
}
