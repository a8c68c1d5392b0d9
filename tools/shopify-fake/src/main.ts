import { readConfig } from './config.ts';
import { API_VERSION, startShopifyFake } from './start.ts';

try {
  const fake = await startShopifyFake(readConfig());
  console.log(`Shopify fake
  Admin API   ${fake.url}/admin/api/${API_VERSION}/graphql.json  (shop ${fake.domain}, location ${fake.locationId})
  control     ${fake.url}/control`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      fake.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(`The fake shop did not end cleanly: ${String(error)}`);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
