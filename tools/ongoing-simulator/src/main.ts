import { readConfig } from './config.ts';
import { startSimulator } from './start.ts';

try {
  const simulator = await startSimulator(readConfig());
  console.log(`Ongoing simulator
  warehouse floor  ${simulator.url}/
  REST API         ${simulator.apiUrl}  (goods owner ${simulator.goodsOwnerId}, user ${simulator.user})
  control          ${simulator.url}/control`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      simulator.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(`The simulator did not end cleanly: ${String(error)}`);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
