import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus, Cast } from '../installation.ts';
import { startInstallation } from '../run.ts';
import { factTable } from './facts.ts';
import { articlesOfRounds, playLastPieces } from './last-pieces.ts';
import { withSamlast } from './with-samlast.ts';
import { withoutSamlast } from './without-samlast.ts';

const ARTICLES = { last: 'SCARF-RED', plenty: 'TOTE-BAG' };
const CAST: Cast = { shops: ['SE', 'EU', 'NO'], moreArticles: articlesOfRounds() };

/** Plays the seed story in a folder of its own; answers 0 only if all of it held. */
export async function playStory(settings: {
  bus: Bus;
  firstPort: number;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<number> {
  const { say } = settings;
  say(`\nOne piece of ${ARTICLES.last} is left. First as it is without Samlast:\n`);
  const before = await withoutSamlast(ARTICLES.last, say);

  say(`\nNow through Samlast, on ${settings.bus.kind === 'kafka' ? 'Kafka' : 'the embedded log'}:\n`);
  const folder = mkdtempSync(join(tmpdir(), 'samlast-story-'));
  chmodSync(folder, 0o755);
  const running = await startInstallation({
    ...settings,
    bus: ownTopics(settings.bus),
    dataFolder: folder,
    cast: CAST,
    pieces: { [ARTICLES.last]: 1 },
  });
  let facts;
  try {
    facts = [...before, ...(await withSamlast(running, ARTICLES, say))];
    say(`\nShops that must never sell a piece twice, with the last piece of an article in each round:\n`);
    for (const mode of ['claim', 'lease'] as const)
      facts.push(await playLastPieces(running, mode, CAST.shops, say));
  } finally {
    await running.stop();
  }
  const held = facts.every((fact) => fact.holds);
  say(`\nWhat the shops, the ERP and the warehouse hold at the end:\n\n${factTable(facts)}\n`);
  if (held) rmSync(folder, { recursive: true, force: true });
  else say(`Logs and data are kept in ${folder}.`);
  say(held ? 'The story held.' : 'The story did NOT hold.');
  return held ? 0 : 1;
}

/** A story on a broker that others use too must not meet the orders of an earlier one. */
function ownTopics(bus: Bus): Bus {
  return bus.kind === 'embedded' ? bus : { ...bus, topicPrefix: `story-${Date.now().toString(36)}.` };
}
