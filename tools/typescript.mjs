// Lets node run TypeScript with Nest's decorator metadata: node --import ./tools/typescript.mjs some/main.ts
// reflect-metadata must be there before the first decorated class is loaded.
import '@oxc-node/core/register';
import 'reflect-metadata';
