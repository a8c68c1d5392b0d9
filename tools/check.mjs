// What CI runs that needs nothing but Node: quick tests, lint, types. usage: npm run check
import { spawnSync } from 'node:child_process';

for (const script of ['test', 'lint', 'typecheck']) {
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    stdio: 'inherit',
    env: { ...process.env, NX_ISOLATE_PLUGINS: 'false' },
  });
  if (status !== 0) {
    console.error(`npm run ${script} failed: correct what it says, then run npm run check again.`);
    process.exit(1);
  }
}
