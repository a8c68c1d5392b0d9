import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything a browser loads, by its path under /assets. */
export interface Pages {
  index: string;
  files: ReadonlyMap<string, { type: string; body: Buffer }>;
}

const INDEX = 'index.html';
// The bundler is a development tool with a native part, so the image has none: it has its pages ready-made. As a
// constant it stays out of the image's own bundle.
const BUNDLER = 'rolldown';
const source = fileURLToPath(new URL('../pages/', import.meta.url));
/** Beside the built program, see the build target in package.json. */
const readyMade = fileURLToPath(new URL('./pages/', import.meta.url));

/** The pages as the build left them; where the program runs from source, they are bundled now. */
export function pagesToServe(): Promise<Pages> {
  return existsSync(join(readyMade, INDEX)) ? readPages(readyMade) : bundlePages();
}

/** In this order: what is for narrow screens overrules. */
const styles = ['frame.css', 'parts.css', 'order-way.css', 'dialogs.css', 'narrow.css'];

/** Turns src/pages into what a browser understands; takes a tenth of a second. */
async function bundlePages(): Promise<Pages> {
  const { rolldown } = (await import(BUNDLER)) as typeof import('rolldown');
  const bundle = await rolldown({
    input: `${source}main.tsx`,
    platform: 'browser',
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    transform: { target: 'es2022' },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    sourcemapIgnoreList: false,
  });
  await bundle.close();
  return assemble(
    Buffer.from(output[0].code),
    Buffer.concat(await Promise.all(styles.map((name) => readFile(join(source, name))))),
    await readFile(`${source}icon.svg`),
  );
}

/** File names carry a hash of what is in them, so a browser may keep them for ever. */
function assemble(script: Buffer, style: Buffer, icon: Buffer): Pages {
  const scriptName = `console-${hash(script)}.js`;
  const styleName = `console-${hash(style)}.css`;
  const iconName = `icon-${hash(icon)}.svg`;
  const index = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Samlast</title>
<link rel="icon" href="/assets/${iconName}">
<link rel="stylesheet" href="/assets/${styleName}">
<script type="module" src="/assets/${scriptName}"></script>
<div id="console"></div>
<noscript>The console needs JavaScript.</noscript>
</html>
`;
  const files = new Map([
    [scriptName, asset(scriptName, script)],
    [styleName, asset(styleName, style)],
    [iconName, asset(iconName, icon)],
  ]);
  return { index, files };
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const asset = (name: string, body: Buffer) => ({
  type: types[extname(name)] ?? 'application/octet-stream',
  body,
});

/** Writes the pages into a folder, for an image that has no bundler. */
export async function writePages(dir: string): Promise<void> {
  const { index, files } = await bundlePages();
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, INDEX), index);
  for (const [name, { body }] of files) await writeFile(join(dir, name), body);
}

/** Reads what `writePages` wrote. */
async function readPages(dir: string): Promise<Pages> {
  const names = (await readdir(dir)).filter((name) => name !== INDEX);
  const files = await Promise.all(
    names.map(async (name) => [name, asset(name, await readFile(join(dir, name)))] as const),
  );
  return { index: await readFile(join(dir, INDEX), 'utf8'), files: new Map(files) };
}

const hash = (body: Buffer) => createHash('sha256').update(body).digest('hex').slice(0, 12);
