import { readOptions, usage } from './options.ts';
import { findFreePorts } from './ports.ts';
import { busOf, startInstallation } from './run.ts';
import { StartRefused } from './start-refused.ts';
import { playStory } from './story/play-story.ts';
import { addressTable } from './table.ts';

const say = (line: string) => console.log(line);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(usage);
    return 0;
  }
  const bus = busOf(options.kafka, process.env.KAFKA_BROKERS);
  const stop = stopSignal();
  if (options.story) return playStory({ bus, firstPort: await findFreePorts(), say, signal: stop });

  say('Samlast starts …');
  const { data: dataFolder, firstPort } = options;
  const running = await startInstallation({ dataFolder, firstPort, bus, say, signal: stop });
  say(addressTable(running));
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
  say('Samlast stops …');
  await running.stop();
  say('Stopped. Its data is kept: npm start goes on with it.');
  return 0;
}

/** Aborted at the first Ctrl-C or SIGTERM. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof StartRefused) console.error(`\n${error.message}\n${error.nextStep}`);
  else console.error(`\nSamlast could not start: ${(error as Error).message}`);
  process.exitCode = 1;
}
