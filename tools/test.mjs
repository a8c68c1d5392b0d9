// Runs one suite of specs and ends with the line 'N passed, N failed'.
// usage: [SUITE=quick|contract|kafka|flow|browser|shops|long] node tools/test.mjs [path or pattern ...]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const suite = process.env.SUITE ?? 'quick';
const dir = mkdtempSync(join(tmpdir(), 'samlast-results-'));
const results = join(dir, 'results.json');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '-c',
    'tools/jest.config.mjs',
    '--json',
    `--outputFile=${results}`,
    '--passWithNoTests',
    // A failed set-up can leave processes or sockets behind that would keep the run open for ever.
    ...(suite === 'quick' || suite === 'contract' ? [] : ['--forceExit']),
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(results, 'utf8'));
  passed = report.numPassedTests;
  // A spec file that could not even be loaded has no tests to count, so it counts as one failure itself.
  failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (report.numPendingTests)
    console.log(`${report.numPendingTests} skipped: a skipped test is a failure here`);
  failed += report.numPendingTests;
  // Said again at the end, in one line each: what came before may be thousands of lines up.
  for (const { name, message, assertionResults } of report.testResults) {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    const file = relative(process.cwd(), name);
    if (tests.length === 0 && message) console.log(`failed test: ${file}: ${firstLine(message)}`);
    for (const { fullName, failureMessages } of tests)
      console.log(`failed test: ${file}: ${fullName}: ${firstLine(failureMessages[0] ?? '')}`);
  }
} catch (error) {
  console.error(`The test run left no report (${error.message}); see the output above.`);
  failed = 1;
}
rmSync(dir, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(status === 0 && failed === 0 ? 0 : 1);

function firstLine(message) {
  return (
    stripVTControlCharacters(message)
      .split('\n')
      .find((line) => line.trim()) ?? ''
  ).slice(0, 300);
}
