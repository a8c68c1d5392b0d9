import { type BaseConfig, ConfigurationError } from './config.ts';
import { Log } from './log.ts';
import type { RunningService, ServiceDefinition } from './service.ts';
import { startService } from './start-service.ts';

/** Tells a supervisor that starting again would not help (sysexits: EX_CONFIG). */
const EXIT_CONFIGURATION = 78;
const EXIT_FAILED = 1;
/** The consumer stands still while its lag grows: starting again usually helps (sysexits: EX_SOFTWARE). */
const EXIT_STANDSTILL = 70;
const END_WITHIN_MS = 6_000;

/** What every main.ts calls: starts the service from the environment, ends it on SIGTERM and SIGINT. */
export async function runService<Config extends BaseConfig>(
  definition: ServiceDefinition<Config>,
): Promise<void> {
  const log = new Log(definition.name, process.env.LOG_LEVEL ?? 'info');
  let running: RunningService | undefined;
  let ending = false;
  const end = async (code: number) => {
    // A second signal, or a failure while ending, ends at once.
    if (ending) process.exit(code || EXIT_FAILED);
    ending = true;
    // A handler that hangs would hold up the end for ever; what it was doing is rolled back and delivered again.
    setTimeout(() => process.exit(code || EXIT_FAILED), END_WITHIN_MS).unref();
    try {
      await running?.close();
    } catch (error) {
      log.error('the service did not end in order', { error });
      process.exit(EXIT_FAILED);
    }
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info('ending on a signal', { signal });
      void end(0);
    });
  }
  process.on('unhandledRejection', (error) => {
    log.error('an error that nobody handled: the process ends, and starts again clean', { error });
    void end(EXIT_FAILED);
  });
  try {
    running = await startService(definition, process.env, {
      onStandstill: (reason) => {
        log.error('no progress while messages wait: the process ends, and starts again clean', { reason });
        void end(EXIT_STANDSTILL);
      },
    });
    log.info('ready', { url: running.url });
  } catch (error) {
    if (error instanceof ConfigurationError) {
      console.error(error.message);
      process.exit(EXIT_CONFIGURATION);
    }
    log.error('the service could not start', { error });
    process.exit(EXIT_FAILED);
  }
}
