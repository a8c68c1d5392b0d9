import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environment } from './config.ts';
import { repositoryRoot } from './process.ts';

/** The arguments of node for a process of an app, from the repository's root: bundled, and as its image starts it. */
export const bundleOf = (app: string): string[] => [
  '--disable-warning=TimeoutNegativeWarning',
  `apps/${app}/dist/main.js`,
];

/**
 * Bundles all apps. Nx makes anew only what a change touched; started from their sources, services take five times as
 * much of the processor to begin.
 *
 * @throws with what the build said, when it failed or was aborted
 */
export async function buildApps(signal?: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, ['node_modules/.bin/nx', 'run-many', '-t', 'build'], {
      cwd: repositoryRoot,
      env: { ...environment.inherited, NX_NO_CLOUD: 'true', NX_ISOLATE_PLUGINS: 'false' },
      signal,
    });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`The apps could not be built:\n${(stdout + stderr).trim() || message}`, { cause: error });
  }
}
