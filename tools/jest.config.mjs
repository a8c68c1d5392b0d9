import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// What a suite needs beside Node decides in which one a spec runs; its file name says so.
const suites = {
  quick: ['**/src/**/*.spec.ts', '**/tools/*.spec.ts'],
  contract: ['**/src/**/*.contract.spec.ts'],
  kafka: ['**/src/**/*.kafka.spec.ts'],
  flow: ['**/src/**/*.flow.spec.ts'],
  browser: ['**/src/**/*.browser.spec.ts'],
  shops: ['**/src/**/*.shops.spec.ts'],
  // At full length by command only; CI plays a short form of each.
  long: ['**/src/**/*.long.spec.ts'],
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
    // What it is for is still to be written there.
    '/tools/channel-template/',
    '/plugins/',
    ...(suite === 'quick' ? ['\\.(contract|kafka|flow|browser|shops|long)\\.spec\\.ts$'] : []),
  ],
  modulePathIgnorePatterns: ['<rootDir>/tools/real-shops/', '<rootDir>/.samlast/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': fileURLToPath(new URL('jest-oxc.mjs', import.meta.url)) },
  setupFiles: ['reflect-metadata'],
  globalSetup: fileURLToPath(new URL('jest-setup.mjs', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('jest-teardown.mjs', import.meta.url)),
  cacheDirectory: `${root}.nx/jest`,
  // What a test waits for has a limit and a message of its own (TEST_PATIENCE makes that longer), which a limit of the
  // whole test would hide: this one only ends what hangs.
  testTimeout: suite === 'quick' ? 300_000 : 1_200_000,
  maxWorkers: { quick: 3, contract: 2, flow: 2, shops: 2 }[suite] ?? 1,
};
