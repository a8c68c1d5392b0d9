import { parseArgs } from 'node:util';
import { StartRefused } from './start-refused.ts';

export interface Options {
  readonly help: boolean;
  readonly story: boolean;
  readonly kafka: boolean;
  readonly data: string;
  readonly firstPort: number;
}

export const usage = `usage: npm start -- [options]

  (none)          two demo shops, a demo ERP, a simulated warehouse and Samlast between them; Ctrl-C stops all
  --story         plays the story of the last piece, first without Samlast, then with it; exits 0 if it held
  --kafka         uses the Kafka of KAFKA_BROKERS=host:port,… instead of the embedded log
  --data FOLDER   where data and logs are kept (default .samlast)
  --port PORT     the first of the ports (default 7400; 41 ports from there)
  --help          this text`;

/** Reads the command line; throws StartRefused for what it does not know. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', default: false },
        story: { type: 'boolean', default: false },
        kafka: { type: 'boolean', default: false },
        data: { type: 'string', default: '.samlast' },
        port: { type: 'string', default: '7400' },
      },
    });
    const firstPort = Number(values.port);
    if (!Number.isInteger(firstPort) || firstPort < 1024 || firstPort > 65_000) {
      throw new StartRefused(
        `--port ${values.port} is not a port from 1024 to 65000.`,
        'Give another number.',
      );
    }
    return { help: values.help, story: values.story, kafka: values.kafka, data: values.data, firstPort };
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused((error as Error).message.split('\n')[0] ?? 'an option is wrong', usage);
  }
}
