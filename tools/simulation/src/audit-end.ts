import type { Told } from './told.ts';
import { Broken } from './broken.ts';
import type { Channel } from './channel.ts';
import { countOf } from './lease-count.ts';
import { add } from './pieces.ts';
import type { World } from './world.ts';
import { auditKit } from './audit-kits.ts';

const pieces = (amount: bigint) => Number(amount) / 1000;

/** When everything has come to rest, all figures agree with the truth, and everybody got what was promised. */
export function auditEnd(world: World): void {
  for (const told of world.auditor.orders.values()) auditOrder(world, told);
  for (const article of world.scenario.articles) auditArticle(world, article);
  for (const [kit, parts] of world.scenario.kits) auditKit(world, kit, parts);
  auditBuyers(world);
}

function auditOrder(world: World, told: Told): void {
  const { number } = told;
  const fail = (promise: string, text: string): never => {
    throw new Broken(promise, number, `${number}: ${text}`);
  };
  const there = world.warehouse.orders.get(number);
  const order = world.authority.tables.orders.get(number);
  const known = told.channel.orders.get(told.order.id);
  if (told.placed === undefined) {
    if (told.order.state === 'placed' || known?.number !== undefined)
      fail('5', 'the authority never heard of it');
    return;
  }
  if (!order) return fail('5', 'the authority lost it');
  if (order.state === 'waiting') fail('4', 'it still waits');
  if ((world.auditor.wmsPuts.get(number) ?? 0) > 1) fail('5', 'it was made twice in the warehouse');
  if (there && !told.reserved) fail('5', 'it is in the warehouse and was not reserved');
  if (order.state === 'reserved' && !there) fail('5', 'it was reserved and is not in the warehouse');
  if (order.state === 'reserved' && there?.state === 'cancelled')
    fail('5', 'it is cancelled there, and not here');
  if (there?.state === 'open' && told.reserved && !told.changeRefused && order.state === 'reserved')
    for (const [article, count] of told.reserved)
      if ((there.pieces.get(article) ?? 0) !== count)
        fail(
          '5',
          `${there.pieces.get(article) ?? 0} of ${article} are ordered there, ${count} were reserved`,
        );
  const live = there && there.state !== 'cancelled';
  if (told.buyerCancelled && live && there.state === 'open' && !told.cancelRefused)
    fail('5', `its cancel was lost: the warehouse has it ${there.state}, here it is ${order.state}`);
  if (told.rejected && told.order.state !== 'cancelled')
    fail('5', 'it was rejected and still stands in its shop');
}

function auditArticle(world: World, article: string): void {
  const fail = (text: string): never => {
    throw new Broken('4', article, `${article}: ${text}`);
  };
  const { tables } = world.authority;
  const stock = tables.articles.get(article);
  if (!stock) return fail('the authority does not know it');
  const truth = world.warehouse.sellable(article);
  if (pieces(stock.sellable) !== truth)
    fail(`sellable is ${pieces(stock.sellable)}, the warehouse has ${truth}`);
  // An order that the warehouse refused keeps its pieces until a person decides.
  let kept = 0;
  for (const told of world.auditor.orders.values())
    if (tables.orders.get(told.number)?.state === 'refused') kept += told.taken.get(article) ?? 0;
  if (pieces(stock.takenLow) !== kept) fail(`${pieces(stock.takenLow)} are subtracted, ${kept} should be`);
  if (stock.takenLow !== stock.takenHigh) fail('it is still in doubt what is free');
  const held = [...tables.claims.values()].filter(
    ({ state, needs }) => (state === 'open' || state === 'confirmed') && needs.has(article),
  );
  if (held.length > 0)
    fail(
      `no checkout is left, yet claimed: ${held.map(({ channel, key, state }) => `${channel}/${key} ${state}`)}`,
    );
  let claimed = 0;
  let queued = 0;
  for (const wishes of tables.wishes.values()) {
    const wish = wishes.get(article);
    claimed += pieces(wish?.own ?? 0n);
    queued += pieces((wish?.quantity ?? 0n) - (wish?.own ?? 0n));
  }
  if (pieces(stock.claimed) !== claimed) fail(`claimed is ${pieces(stock.claimed)}, should be ${claimed}`);
  if (pieces(stock.queued) !== queued) fail(`queued is ${pieces(stock.queued)}, should be ${queued}`);
  const free = truth - kept;
  auditQueue(world, article, free);
  auditShelves(world, article, Math.max(0, free - queued - claimed - pieces(stock.rules.safety)));
}

/** The oldest held order of an article would be covered if its pieces were there. */
function auditQueue(world: World, article: string, free: number): void {
  const { tables } = world.authority;
  const held = [...tables.wishes.keys()]
    .map((number) => ({ number, order: tables.orders.get(number) }))
    .toSorted((a, b) => Number(a.order?.id) - Number(b.order?.id));
  const ahead = new Set<string>();
  for (const { number } of held) {
    const wishes = tables.wishes.get(number);
    if (!wishes) continue;
    const first = [...wishes.keys()].every((one) => !ahead.has(one));
    for (const one of wishes.keys()) ahead.add(one);
    if (!first || !wishes.has(article)) continue;
    // What is set aside for younger orders already is theirs, unless it is this one's.
    const { channel = '' } = tables.orders.get(number) ?? {};
    const covered = [...wishes].every(([one, { quantity, own }]) => {
      if (world.scenario.kits.has(one)) return true;
      const others = setAside(world, one) - pieces(own);
      const beyond = pieces(quantity - own);
      const left = freeOf(world, one, free, article) - poolsBeside(world, one, channel);
      return beyond > 0 ? left - others >= pieces(quantity) : left >= pieces(quantity);
    });
    if (covered) throw new Broken('4', article, `${number} is held although ${free} of ${article} are free`);
  }
}

/**
 * Pieces that a person keeps for other channels than this, whether they have them already or not. No lease is lowered
 * for that, so that what leases hold is not free beside it.
 */
function poolsBeside(world: World, number: string, channel: string): number {
  const article = world.authority.tables.articles.get(number);
  let sum = 0;
  for (const [code, { pool }] of article?.rules.limits ?? []) if (code !== channel) sum += pieces(pool);
  if (sum === 0) return 0;
  for (const lease of article?.leases.values() ?? []) sum += countOf(lease).guarded;
  return sum;
}

/** Pieces that a person keeps for other channels than this, and their leases do not hold yet. */
function keptFromOthers(world: World, number: string, channel: string): number {
  const article = world.authority.tables.articles.get(number);
  let kept = 0;
  for (const [code, { pool }] of article?.rules.limits ?? [])
    if (code !== channel) kept += Math.max(0, pieces(pool) - countOf(article?.leases.get(code)).guarded);
  return kept;
}

function setAside(world: World, article: string): number {
  let sum = 0;
  for (const wishes of world.authority.tables.wishes.values()) sum += pieces(wishes.get(article)?.own ?? 0n);
  return sum;
}

function freeOf(world: World, one: string, free: number, article: string): number {
  if (one === article) return free;
  const stock = world.authority.tables.articles.get(one);
  return stock ? pieces(stock.sellable) - pieces(stock.takenLow) : 0;
}

/** What each shop shows is what its newest level says, and together they show every piece that can be sold. */
function auditShelves(world: World, article: string, free: number): void {
  const stock = world.authority.tables.articles.get(article);
  if (!stock) return;
  const fail = (text: string): never => {
    throw new Broken('4', article, `${article}: ${text}`);
  };
  let leased = 0;
  let lessees = 0;
  let held = false;
  for (const channel of world.channels) {
    const { code, plan, shop } = channel;
    const row = channel.shelves.row(article);
    if (row.version !== stock.version)
      fail(`${code} has level ${row.version}, the newest is ${stock.version}`);
    const offered = shop.offered(article);
    // What staff has put into orders of which nobody was told is off the shelf until a person settles it.
    const added = addedByStaff(channel, article);
    const level = pieces(row.level);
    // A plain shelf is left as it is while it is not more than that.
    const most = channel.leases && plan.method === 'absolute' ? level : Math.max(0, level - added);
    if (offered > most || offered < level - added) fail(`${code} shows ${offered}, its level is ${level}`);
    const { cap } = stock.rules.limits.get(code) ?? {};
    if (cap !== undefined && offered > pieces(cap))
      fail(`${code} shows ${offered}, at most ${pieces(cap)} may be`);
    const kept = channel.leases ? 0 : keptFromOthers(world, article, code);
    if (offered > 0 && offered > free - kept)
      fail(`${code} shows ${offered}, ${free} are free, ${kept} kept for others`);
    // Who is capped leaves pieces, and what is kept for one is not shown by another.
    if (added > 0 || stock.rules.limits.size > 0) held = true;
    const margin = Number(plan.channel.margin);
    if (margin > 0) held = true;
    if (!channel.leases || plan.method === 'none') {
      if (!channel.leases && offered > free) fail(`${code} shows ${offered}, ${free} are free`);
      continue;
    }
    lessees++;
    const lease = stock.leases.get(code);
    const { exposure, guarded } = countOf(lease);
    const beyond = exposure - Math.max(0, offered);
    if (beyond < 0 || beyond > added)
      fail(`${code} can sell ${offered}, the authority reckons with ${exposure}`);
    if (added === 0 && stock.leased && guarded !== exposure)
      fail(`${code} can sell ${exposure}, and ${guarded} are kept for it`);
    leased += stock.leased ? guarded : 0;
  }
  if (leased > free) fail(`${leased} are leased, ${free} are free`);
  const others = world.channels.filter((one) => !one.leases || one.plan.method === 'none');
  const shown = others.reduce((most, one) => Math.max(most, one.shop.offered(article)), 0);
  // A shop that takes plain writes only is not raised while it has something left, so that no sale is erased.
  const plain = world.channels.every((one) => one.plan.method === 'absolute');
  if (stock.leased && lessees > 0 && !held && !plain && leased + shown < free)
    fail(`${free} are free, ${leased} are leased and ${shown} shown beside: pieces lie nowhere`);
}

/** What a shop sold first and the authority read last: a buyer whom nobody had promised anything got the pieces. */
class Overtaken {
  private readonly used = new Map<Told, number>();
  private readonly orders: readonly Told[];

  constructor(private readonly world: World) {
    this.orders = [...world.auditor.orders.values()];
  }

  left(late: Told, article: string, missing: number): number {
    let count = missing;
    for (const told of this.orders.slice(this.orders.indexOf(late) + 1)) {
      if (count === 0 || told.channel !== late.channel || told.promised) continue;
      if (late.placed === undefined || (told.placed ?? Infinity) > late.placed) continue;
      const own = pieces(this.world.authority.tables.wishes.get(told.number)?.get(article)?.own ?? 0n);
      const got = told.reserved?.get(article) ?? own;
      const there = Math.min(count, got - (this.used.get(told) ?? 0));
      this.used.set(told, (this.used.get(told) ?? 0) + there);
      count -= there;
    }
    return count;
  }
}

function addedByStaff(channel: Channel, article: string): number {
  let added = 0;
  for (const { lines } of channel.orders.values())
    for (const line of lines)
      if (line.article === article && line.unsettled && line.sold > line.imported)
        added += pieces(line.sold - line.imported);
  return added;
}

function putBackApart(world: World): Map<string, number> {
  const putBack = new Map<string, number>();
  for (const [name, count] of world.auditor.everPutBack) {
    const at = name.indexOf('/');
    for (const [article, pieces] of world.apart(new Map([[name.slice(at + 1), count]])))
      add(putBack, `${name.slice(0, at)}/${article}`, pieces);
  }
  return putBack;
}

/** Whoever was promised pieces before the sale has them, but for what vanished or a person gave away. */
function auditBuyers(world: World): void {
  const missing = new Map<string, { pieces: number; numbers: string[] }>();
  // What a shop sold of pieces that it had put back itself may have been decided before: then another buyer of it pays.
  const putBack = putBackApart(world);
  const overtaken = new Overtaken(world);
  for (const told of world.auditor.orders.values()) {
    if (!told.promised || told.buyerCancelled || (told.order.state === 'cancelled' && !told.rejected))
      continue;
    if (told.rejected && world.scenario.byHand) continue;
    for (const [article, kept] of world.apart(told.kept)) {
      const wanted = Math.max(0, kept - (told.reserved?.get(article) ?? 0));
      const name = `${told.channel.code}/${article}`;
      const excused = Math.min(wanted, putBack.get(name) ?? 0);
      putBack.set(name, (putBack.get(name) ?? 0) - excused);
      const count = overtaken.left(told, article, wanted - excused);
      if (count === 0) continue;
      const one = missing.get(article) ?? { pieces: 0, numbers: [] };
      missing.set(article, { pieces: one.pieces + count, numbers: [...one.numbers, told.number] });
    }
  }
  // An order of several articles is short as a whole: each of its articles may be the one that is missing.
  for (const [article, { pieces: count, numbers }] of missing) {
    const excused = world.scenario.articles.reduce(
      (sum, one) =>
        sum + (world.auditor.vanished.get(one) ?? 0) + (world.auditor.releasedByHand.get(one) ?? 0),
      0,
    );
    if (count > excused)
      throw new Broken(
        '2',
        article,
        `${numbers.join(', ')} paid for ${count} of ${article} that were promised, and got none`,
      );
  }
}
