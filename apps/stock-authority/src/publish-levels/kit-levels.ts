import { type Channel, type Event, fromMilli, StockLevelChanged } from '@samlast/contracts';
import { makeable } from '../follow-kits/kits.ts';
import { capped } from '../set-rules/rules.ts';
import type { ArticleStock } from '../tables/articles.ts';
import { levelsNow } from './levels.ts';
import type { Terms } from './terms.ts';

/**
 * A kit's level is how many can be made of what each shop may show of its parts. While a part is divided, a shop that
 * sells on lease is offered none: it would sell the kit and the part from the same pieces without asking.
 */
export function issueKitLevels(
  kit: ArticleStock,
  parts: ReadonlyMap<string, bigint>,
  partOf: (number: string) => ArticleStock,
  terms: Terms,
  at: string,
): { event: Event; noted: Record<string, unknown> } | undefined {
  const divided = [...parts.keys()].some((part) => partOf(part).leased);
  const shown = new Map([...parts.keys()].map((part) => [part, levelsNow(partOf(part), terms)]));
  const levels = terms.channels.map(({ code, mode }) => {
    const offers = kit.status === 'active' && !(mode === 'lease' && divided);
    const most = offers ? makeable(parts, (part) => shown.get(part)?.get(code) ?? 0n) : 0n;
    return [code, mode, capped(kit.rules, code, most)] as const;
  });
  const saying = `${terms.digest} kit ${levels.map(([, , level]) => level).join('/')}`;
  if (kit.status === 'unknown' || (saying === kit.published && !kit.promised)) return undefined;
  kit.version += 1;
  Object.assign(kit, { published: saying, promised: false });
  // It may have been divided while it was none.
  if (kit.leased) Object.assign(kit, { leased: false, leasedFrom: kit.version });
  const most = levels.reduce((largest, [, , level]) => (level > largest ? level : largest), 0n);
  const channels: Record<string, { level: string; mode: Channel['mode'] }> = {};
  for (const [code, mode, level] of levels)
    channels[code] = { level: fromMilli(level), mode: mode === 'lease' ? 'shared' : mode };
  const { number, version, queued, queuedFirm, claimed, sellable } = kit;
  const event = StockLevelChanged.of({
    article: number,
    version,
    at,
    free: fromMilli(most),
    sellable: fromMilli(most),
    reserved: '0',
    channels,
  });
  const figures = { low: sellable, high: sellable, queued, queuedFirm, claimed };
  const texts = Object.entries(figures).map(([name, figure]) => [name, fromMilli(figure)]);
  return { event, noted: { version, leased: false, ...Object.fromEntries(texts) } };
}
