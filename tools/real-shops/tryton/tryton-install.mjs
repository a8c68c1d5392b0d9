// Tryton's Python: a virtual environment beside this file, made of exactly what requirements.txt names.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const here = import.meta.dirname;
const folder = join(here, '.venv');
const requirements = join(here, 'requirements.txt');
const marker = join(folder, 'installed');

/** Where a program of Tryton's Python is. */
export const programOf = (name) => join(folder, 'bin', name);

export function isInstalled() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === digest();
}

/** Does nothing where it is there already, made of the same requirements. */
export async function installTryton() {
  if (isInstalled()) return;
  rmSync(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]).catch((error) => {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(
      `Tryton needs Python 3.10 or later with its module venv (on Debian: apt install python3-venv). ${error.message}`,
    );
  });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
  await run(programOf('python'), [...pip, '--only-binary', ':all:', '--requirement', requirements]);
  writeFileSync(marker, digest());
}

/** Runs a program to its end and gives back what it printed. */
export async function run(program, args, env = {}) {
  try {
    const options = { maxBuffer: 1 << 26, env: { ...process.env, ...env } };
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.slice(-4000) || error.message;
    throw new Error(`${program} ${args[0]} failed: ${said}`, { cause: error });
  }
}

const digest = () => createHash('sha256').update(readFileSync(requirements)).digest('hex');
