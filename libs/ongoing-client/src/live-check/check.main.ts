// Finds out which assumptions about Ongoing hold for one tenant. usage: npm run ongoing:check -- --help
import { writeFileSync } from 'node:fs';
import { OngoingClient } from '../client.ts';
import { OngoingAccessError } from '../errors.ts';
import { readOptions, USAGE } from './config.ts';
import type { Finding } from './finding.ts';
import { readChecks } from './read-checks.ts';
import { writeChecks } from './write-checks.ts';

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
  try {
    for await (const finding of readChecks(client)) tell(finding);
    if (options.write !== undefined)
      for await (const finding of writeChecks(client, options.write)) tell(finding);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (!(error instanceof OngoingAccessError))
      console.error('The check broke off; what it found until then is above.');
    return 1;
  } finally {
    client.close();
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  console.log(`\n${counts.holds} hold, ${counts.differs} differ, ${counts.unknown} unknown.`);
  if (lines.length > 0) console.log(`The gateway should be told:\n${lines.join('\n')}`);
  if (options.settings !== undefined) {
    writeFileSync(options.settings, lines.map((line) => `${line}\n`).join(''));
    console.log(`Written to ${options.settings}.`);
  }
  return 0;
}

process.exitCode = await main();
