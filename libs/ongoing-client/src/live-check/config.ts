import { parseArgs } from 'node:util';
import type { ClientOptions } from '../calls.ts';

export const USAGE = `usage: ONGOING_URL=… ONGOING_USER=… ONGOING_PASSWORD=… ONGOING_GOODS_OWNER_ID=… npm run ongoing:check -- [options]

It only reads, unless told otherwise.
  --settings FILE   writes what the gateway should be told into this file, as NAME=value lines, once the check has come
                    to its end; never over a file that says something else
  --write ARTICLE   also makes three orders of one piece of this article, cancels them, and writes the article's
                    name and weight as they are: only with an article made for tests`;

export interface CheckOptions {
  readonly help: boolean;
  readonly settings?: string | undefined;
  /** An article made for tests. */
  readonly write?: string | undefined;
  readonly client: ClientOptions;
}

/** What is missing of the environment, all at once. */
export function readOptions(
  argv = process.argv.slice(2),
  env = process.env,
): CheckOptions | { missing: string[] } {
  const { values } = parseArgs({
    args: argv,
    options: {
      help: { type: 'boolean', default: false },
      settings: { type: 'string' },
      write: { type: 'string' },
    },
  });
  const names = ['ONGOING_URL', 'ONGOING_USER', 'ONGOING_PASSWORD', 'ONGOING_GOODS_OWNER_ID'];
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0 && !values.help) return { missing };
  const [baseUrl = '', user = '', password = '', goodsOwnerId] = names.map((name) => env[name]);
  return { ...values, client: { baseUrl, user, password, goodsOwnerId: Number(goodsOwnerId) } };
}
