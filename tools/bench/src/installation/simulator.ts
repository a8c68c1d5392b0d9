import { connectControl, type Control } from '@samlast/ongoing-simulator';
import { freePort, startProcess, type StartedProcess } from '@samlast/test-stack';
import { articles } from './stock-up.ts';

/** A simulated Ongoing alone, in a process of its own. */
export interface LoneSimulator {
  readonly url: string;
  readonly control: Control;
  readonly process: StartedProcess;
}

/** Starts it with so many pieces of each article. */
export async function startLoneSimulator(password: string, pieces: number): Promise<LoneSimulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    args: [
      '--import',
      './tools/typescript.mjs',
      'tools/ongoing-simulator/src/main.ts',
      '--port',
      String(port),
    ],
    env: { ONGOING_PASSWORD: password },
    ready: `${url}/`,
  });
  const control = connectControl(url);
  await control.seed({ articles: articles.map((number) => ({ number, stock: pieces })) });
  return { url, control, process };
}
