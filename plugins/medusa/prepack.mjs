// Medusa looks for a plugin's parts below .medusa/server; they are plain JavaScript and need no build.
import { cpSync, rmSync } from 'node:fs';

rmSync('.medusa', { recursive: true, force: true });
cpSync('src', '.medusa/server/src', { recursive: true });
