import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from './start-refused.ts';

/** Grows when an older folder's data could not be read any more. */
const LAYOUT = 1;

/** Where one local installation keeps its database, secrets, shops and logs. */
export interface DataFolder {
  readonly path: string;
  /** A random secret of this installation, made once, in a file that only its owner may read. */
  secret(name: string): string;
  file(name: string): string;
  release(): void;
}

/** Opens the folder, makes it on the first start, and refuses one that runs already or is of another version. */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true });
  for (const folder of ['logs', 'secrets']) mkdirSync(join(path, folder), { recursive: true });
  checkLayout(path);
  const pidFile = join(path, 'pid');
  takeOver(pidFile, path);
  return {
    path,
    secret: (name) => secretIn(join(path, 'secrets', name)),
    file: (name) => join(path, name),
    release: () => rmSync(pidFile, { force: true }),
  };
}

function checkLayout(path: string): void {
  const file = join(path, 'layout.json');
  if (!existsSync(file)) {
    writeWhole(file, `${JSON.stringify({ layout: LAYOUT })}\n`);
    return;
  }
  let found: unknown;
  try {
    found = (JSON.parse(readFileSync(file, 'utf8')) as { layout?: unknown }).layout;
  } catch {
    found = 'unreadable';
  }
  if (found !== LAYOUT) {
    throw new StartRefused(
      `${path} holds data of another version of Samlast (layout ${String(found)}, this version reads ${LAYOUT}).`,
      `Move that folder away or delete it, or start with --data and another folder.`,
    );
  }
}

function takeOver(pidFile: string, path: string): void {
  const running = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (running && running !== process.pid && isAlive(running)) {
    throw new StartRefused(
      `Samlast runs already on ${path} (process ${running}).`,
      `Stop it with Ctrl-C where it runs, or "kill ${running}", or start with --data and another folder.`,
    );
  }
  writeFileSync(pidFile, String(process.pid));
}

/** A process number is used again after a crash, so the process must also look like this program. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tools/local/');
  } catch {
    return true;
  }
}

function secretIn(file: string): string {
  if (!existsSync(file)) writeWhole(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8').trim();
}

/** Beside its place, then into it: a start that is killed meanwhile must not leave an empty file that counts. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
