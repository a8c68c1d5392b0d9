import { readOptions } from './config.ts';
import { startDemoShop } from './start.ts';

try {
  const shop = await startDemoShop(readOptions());
  console.log(`demo shop: ${shop.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void shop.stop().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
