import { writePages } from './bundle-pages.ts';

const [dir] = process.argv.slice(2);
if (!dir) {
  console.error(
    'usage: node --import ./tools/typescript.mjs apps/console/src/serve-pages/build-pages.main.ts <folder>',
  );
  process.exit(1);
}
await writePages(dir);
console.log(`The console's pages are in ${dir}`);
