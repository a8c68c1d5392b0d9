// Finds out which assumptions about Ongoing hold for one tenant. usage: npm run ongoing:check -- --help
import { OngoingClient } from '../client.ts';
import { OngoingAccessError } from '../errors.ts';
import { readOptions, USAGE } from './config.ts';
import type { Finding } from './finding.ts';
import { readChecks } from './read-checks.ts';
import { keepSettings } from './settings-file.ts';
import { writeChecks } from './write-checks.ts';

const linesOf = (settings: Record<string, string>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

async function main(): Promise<number> {
  const options = readOptions();
  if ('missing' in options) {
    console.error(`${options.missing.join(', ')} is not set.\n${USAGE}`);
    return 1;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const client = new OngoingClient(options.client);
  const settings: Record<string, string> = {};
  const counts = { holds: 0, differs: 0, unknown: 0 };
  const tell = (finding: Finding) => {
    const { id, verdict, assumption, found } = finding;
    counts[verdict] += 1;
    Object.assign(settings, finding.settings);
    console.log(`${id.padEnd(4)} ${verdict.padEnd(8)} ${assumption}: ${found}`);
  };
  const tellSettings = () => {
    if (Object.keys(settings).length > 0)
      console.log(`The gateway should be told:\n${linesOf(settings).trimEnd()}`);
  };
  try {
    for await (const finding of readChecks(client)) tell(finding);
    if (options.write !== undefined)
      for await (const finding of writeChecks(client, options.write)) tell(finding);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (!(error instanceof OngoingAccessError))
      console.error('The check broke off; what it found until then is above.');
    tellSettings();
    // A file would look like all there is to know of this tenant.
    if (options.settings !== undefined)
      console.error(`Nothing was written to ${options.settings}: the rest is not known. Run it again.`);
    return 1;
  } finally {
    client.close();
  }
  console.log(`\n${counts.holds} hold, ${counts.differs} differ, ${counts.unknown} unknown.`);
  tellSettings();
  if (options.settings === undefined) return 0;
  const { kept, words } = keepSettings(options.settings, linesOf(settings));
  console.log(words);
  return kept ? 0 : 1;
}

process.exitCode = await main();
