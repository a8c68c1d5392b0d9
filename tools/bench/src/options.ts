import { parseArgs } from 'node:util';

export interface Options {
  readonly help: boolean;
  /** Which benchmarks; all when empty. */
  readonly names: string[];
  /** A short form, to see that everything works. Its figures mean little. */
  readonly quick: boolean;
  /** Rounds of each contestant; undefined leaves the choice to the benchmark. */
  readonly rounds: number | undefined;
  /** How long `shelf` sells; undefined leaves the choice to it. */
  readonly seconds: number | undefined;
  /** Keep what the runs wrote, logs above all. */
  readonly keep: boolean;
}

export const usage = `usage: npm run bench [-- name … options]

  names       consumer, relay, authority, gateway, path, shelf, start; all of them when none is given;
              authority/orders, /claims, /overload or /reread for one of its parts;
              gateway/speed, /queue, /sweep or /rows
  --quick     a short form of each, to see that it works
  --rounds N  rounds of each contestant (default 5; path and start 3)
  --seconds N how long shelf sells (default 60)
  --keep      keep the folder with data and logs of the runs
  --help      this text

Kafka is the one of KAFKA_BROKERS, or one that tools/kafka-local starts for it; path and shelf always
start one of their own.`;

/** Throws an Error for what it does not know. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    names: positionals,
    quick: values.quick,
    rounds: positive('--rounds', values.rounds),
    seconds: positive('--seconds', values.seconds),
    keep: values.keep,
  };
}

function positive(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${name} ${value} is not a whole number above 0.`);
}
