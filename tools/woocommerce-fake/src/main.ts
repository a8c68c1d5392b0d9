import { readConfig } from './config.ts';
import { startWooCommerce } from './start.ts';

try {
  const fake = await startWooCommerce(readConfig());
  console.log(`WooCommerce fake
  REST API  ${fake.url}/wp-json/wc/v3
  control   ${fake.url}/control/<command>`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void fake.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
