// Adds to package-lock.json the optional platform packages that the registry at hand did not serve
// (npm leaves them out, and `npm ci` then stops with "Missing: ... from lock file").
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
const parent = (dir) => dir.slice(0, Math.max(0, dir.lastIndexOf('node_modules/') - 1));
const osOf = (name) =>
  /darwin|android|freebsd|netbsd|openbsd|win32|windows|sunos|aix|openharmony|wasm32/.exec(name)?.[0];
let added = 0;
for (const [key, owner] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(owner.optionalDependencies ?? {})) {
    const version = range.replace(/^[\^~]/, '');
    let dir = key;
    let found;
    while (!(found = packages[`${dir && `${dir}/`}node_modules/${name}`]) && dir) dir = parent(dir);
    if (found && (found.version === version || range !== version)) continue;
    const at = found ? `${parent(key) && `${parent(key)}/`}node_modules/${name}` : `node_modules/${name}`;
    const os = osOf(name);
    packages[at] = {
      version,
      ...(owner.dev && { dev: true }),
      optional: true,
      os: [os === 'windows' ? 'win32' : (os ?? 'linux')],
    };
    if (!os)
      packages[at].cpu = [/arm64|arm|ppc64|s390x|riscv64|loong64|mips64el|ia32/.exec(name)?.[0] ?? 'x64'];
    if (/musl/.test(name)) packages[at].libc = ['musl'];
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${added}`);
