import { Broken } from './broken.ts';
import { fewest } from './kits.ts';
import { pieces } from './lease-count.ts';
import type { Pieces } from './pieces.ts';
import type { World } from './world.ts';

/** At rest no shop shows more of a kit than can be made of what it may show of its parts, and none shows less. */
export function auditKit(world: World, kit: string, parts: Pieces): void {
  const fail = (text: string): never => {
    throw new Broken('4', kit, `${kit}: ${text}`);
  };
  const { tables } = world.authority;
  const stock = tables.articles.get(kit);
  if (!stock) return fail('the authority does not know it');
  const divided = [...parts.keys()].some((part) => tables.articles.get(part)?.leased);
  for (const { code, leases, shelves, shop } of world.channels) {
    const row = shelves.row(kit);
    if (row.version !== stock.version)
      fail(`${code} has level ${row.version}, the newest is ${stock.version}`);
    const level = pieces(row.level);
    const most = leases && divided ? 0 : fewest(parts, (part) => pieces(shelves.row(part).level));
    if (level !== most) fail(`${code} has level ${level}, of its parts ${most} can be made`);
    if (shop.offered(kit) > level) fail(`${code} shows ${shop.offered(kit)}, its level is ${level}`);
  }
}
