// Writes schemas/, asyncapi.json and the README's list of events from the Zod schemas. usage: npm run schemas
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { generatedFiles, library } from './generate.ts';

const files = generatedFiles();
// An event that is gone must not leave its schema behind.
rmSync(new URL('schemas', library), { recursive: true, force: true });
mkdirSync(new URL('schemas', library));
for (const [path, text] of files) writeFileSync(new URL(path, library), text);
process.stdout.write(`libs/contracts: ${files.size} files written\n`);
