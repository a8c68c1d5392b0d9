import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// What a suite needs beside Node decides in which one a spec runs; its file name says so.
const suites = {
  quick: ['**/src/**/*.spec.ts', '**/tools/*.spec.ts'],
  kafka: ['**/src/**/*.kafka.spec.ts'],
  flow: ['**/src/**/*.flow.spec.ts'],
  browser: ['**/src/**/*.browser.spec.ts'],
  shops: ['**/src/**/*.shops.spec.ts'],
};
const suite = process.env.SUITE ?? 'quick';
if (!suites[suite])
  throw new Error(`SUITE is '${suite}', but must be one of: ${Object.keys(suites).join(', ')}`);

export default {
  rootDir: root,
  testEnvironment: 'node',
  testMatch: suites[suite],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/tools/real-shops/',
    '/plugins/',
    ...(suite === 'quick' ? ['\\.(kafka|flow|browser|shops)\\.spec\\.ts$'] : []),
  ],
  modulePathIgnorePatterns: ['<rootDir>/tools/real-shops/', '<rootDir>/.samlast/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': fileURLToPath(new URL('jest-oxc.mjs', import.meta.url)) },
  setupFiles: ['reflect-metadata'],
  globalSetup: fileURLToPath(new URL('jest-setup.mjs', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('jest-teardown.mjs', import.meta.url)),
  cacheDirectory: `${root}.nx/jest`,
  testTimeout: suite === 'quick' ? 20_000 : 180_000,
  maxWorkers: suite === 'quick' ? 2 : 1,
};
