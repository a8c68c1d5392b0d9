import { ChangeIndex } from './change-index.ts';
import type { Ground } from './ground.ts';
import { Happenings } from './happenings.ts';
import { inventoryOf, type Inventory } from './inventory.ts';
import { toMilli, type Milli } from './milli.ts';
import {
  noDemand,
  type Article,
  type ArticleItem,
  type Demand,
  type Fields,
  type GoodsEvent,
  type KitPart,
} from './model.ts';
import { PastStock } from './past-stock.ts';
import { Refusal } from './refusal.ts';

/** What purchase orders promise of an article. */
export interface Incoming {
  toReceive: Milli;
  toBeFinished: Milli;
}

/** What pieces of one article may differ by. */
export interface Traits {
  batch?: string | undefined;
  serial?: string | undefined;
  expiryDate?: string | undefined;
}

/** What was promised before a state was loaded: what it adds up to is no change. */
export const UNKNOWN: ReadonlyMap<number, Incoming> = new Map();
const NOTHING_INCOMING: Incoming = { toReceive: 0, toBeFinished: 0 };

/** The articles of the goods owner, what lies on the shelves of each, and what orders want of it. */
export class Articles {
  readonly byId = new Map<number, Article>();
  readonly changes = new ChangeIndex();
  readonly happenings = new Happenings<GoodsEvent>();
  private readonly byKey = new Map<string, Article>();
  private readonly kitsWith = new Map<number, Set<number>>();
  private readonly past: PastStock;
  private readonly incoming = new Map<number, Incoming>();

  constructor(private readonly ground: Ground) {
    this.past = new PastStock(ground);
  }

  all(): Iterable<Article> {
    return this.byId.values();
  }

  find(number: string): Article | undefined {
    return this.byKey.get(this.ground.key(number));
  }

  get(id: number): Article {
    const article = this.byId.get(id);
    if (!article) throw new Refusal(404, `There is no article with id ${id}.`);
    return article;
  }

  /** As `find`, for the floor and for control, where a missing article is a mistake. */
  named(number: string): Article {
    const article = this.find(number);
    if (!article) throw new Refusal(404, `There is no article ${number}.`);
    return article;
  }

  /** Creates or updates by number; members that are not sent stay as they are, or not: see the knob. */
  put(number: string, fields: Fields): { article: Article; created: boolean } {
    const before = this.find(number);
    const parts = this.partsOf(fields, before);
    const article = before ?? this.add(number);
    if (this.ground.knobs.omittedMembers === 'cleared') article.fields = { ...fields };
    else Object.assign(article.fields, fields);
    if (parts) this.setParts(article, parts);
    article.dataUpdatedAt = this.ground.clock.now();
    this.happenings.tell({ kind: before ? 'article-updated' : 'article-created', article });
    return { article, created: !before };
  }

  /** Staff change members of an article on their own page. */
  edit(article: Article, fields: Fields): void {
    Object.assign(article.fields, fields);
    this.updated(article);
  }

  /** Staff delete an article: no list and no feed of changes says anything of it any more. */
  remove(article: Article): void {
    this.byId.delete(article.id);
    this.byKey.delete(this.ground.key(article.number));
    this.changes.forget(article.id);
    for (const kits of this.kitsWith.values()) kits.delete(article.id);
    this.ground.changed();
    this.happenings.tell({ kind: 'article-deleted', article });
  }

  setDangerousGoods(article: Article, dangerousGoods: Fields): void {
    article.dangerousGoods = { ...dangerousGoods };
    this.updated(article);
  }

  inventory(article: Article): Inventory {
    const inventory = inventoryOf(article, (id) => this.get(id));
    return { ...inventory, ...this.incoming.get(article.id) };
  }

  /** Purchase orders promise something else than before. */
  expect(before: ReadonlyMap<number, Incoming>, after: ReadonlyMap<number, Incoming>): void {
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const { toReceive, toBeFinished } = this.incoming.get(id) ?? NOTHING_INCOMING;
      const [old, next] = [before.get(id) ?? NOTHING_INCOMING, after.get(id) ?? NOTHING_INCOMING];
      if (old.toReceive === next.toReceive && old.toBeFinished === next.toBeFinished) continue;
      this.incoming.set(id, {
        toReceive: toReceive + next.toReceive - old.toReceive,
        toBeFinished: toBeFinished + next.toBeFinished - old.toBeFinished,
      });
      if (before !== UNKNOWN) this.touched(this.get(id));
    }
  }

  /** Before all purchase orders are summed up anew. */
  forgetIncoming(): void {
    this.incoming.clear();
  }

  /** What the API shows: the inventory, or with the knob stockLagMs what it was that long ago. */
  shownInventory(article: Article): Inventory {
    return this.ground.knobs.stockLagMs === 0 ? this.inventory(article) : this.past.of(article.id);
  }

  /** Must be called when stockLagMs is turned up: from here on the past is kept. */
  rememberShown(): void {
    const articles = this.ground.knobs.stockLagMs === 0 ? [] : [...this.all()];
    this.past.begin(articles.map((article) => [article.id, this.inventory(article)]));
  }

  /** Puts pieces on a shelf. */
  receive(article: Article, quantity: Milli, location: string, traits: Traits = {}): ArticleItem {
    if (article.parts.length > 0) throw new Refusal(400, `${article.number} is a kit: receive its parts.`);
    const now = this.ground.clock.now();
    const { batch, serial, expiryDate } = traits;
    let item = article.items.find(
      (other) =>
        other.location === location &&
        other.batch === batch &&
        other.serial === serial &&
        other.expiryDate === expiryDate,
    );
    if (!item) {
      item = {
        id: this.ground.ids.next('item'),
        location,
        quantity: 0,
        locked: 0,
        lockedForSale: 0,
        inDate: now,
        ...(batch !== undefined && { batch }),
        ...(serial !== undefined && { serial }),
        ...(expiryDate !== undefined && { expiryDate }),
      };
      article.items.push(item);
    }
    item.quantity += quantity;
    article.lastInDate = now;
    this.touched(article);
    return item;
  }

  /** Takes pieces from a shelf; never more than lie there. */
  take(article: Article, item: ArticleItem, quantity: Milli): void {
    if (item.quantity < quantity) {
      throw new Refusal(400, `Only ${item.quantity / 1000} of ${article.number} lie at ${item.location}.`);
    }
    item.quantity -= quantity;
    this.touched(article);
  }

  /** What lies on the shelves, is not locked, and is allocated to nobody. */
  pickable(article: Article): Milli {
    const unlocked = article.items.reduce(
      (sum, item) => sum + item.quantity - item.locked - item.lockedForSale,
      0,
    );
    return unlocked - article.demand.allocated;
  }

  /** Orders want something else than before. */
  rebook(before: ReadonlyMap<number, Demand>, after: ReadonlyMap<number, Demand>): void {
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const old = before.get(id) ?? noDemand();
      const next = after.get(id) ?? noDemand();
      const { demand } = this.get(id);
      let changed = false;
      for (const sum of ['booked', 'leftToAllocate', 'allocated', 'pickedToBeCollected'] as const) {
        demand[sum] += next[sum] - old[sum];
        const bookingOnly = sum === 'booked' || sum === 'leftToAllocate';
        if (next[sum] !== old[sum] && (this.ground.knobs.deltaOnBooking || !bookingOnly)) changed = true;
      }
      if (changed) this.touched(this.get(id));
      else this.remember(this.get(id));
    }
  }

  /** A balance changed: the article, and each kit it is part of, belongs into the stock feed. */
  touched(article: Article): void {
    article.stockChangedAt = this.ground.clock.now();
    this.changes.note(article.id, article.stockChangedAt);
    this.ground.changed();
    this.remember(article);
    for (const kit of this.kitsWith.get(article.id) ?? []) this.touched(this.get(kit));
  }

  load(articles: Article[]): void {
    this.byId.clear();
    this.byKey.clear();
    this.kitsWith.clear();
    this.changes.clear();
    this.incoming.clear();
    for (const article of articles) {
      this.byId.set(article.id, article);
      this.byKey.set(this.ground.key(article.number), article);
      this.linkParts(article);
    }
    for (const article of articles.toSorted((a, b) => a.stockChangedAt - b.stockChangedAt)) {
      if (article.stockChangedAt > 0) this.changes.note(article.id, article.stockChangedAt);
    }
    this.rememberShown();
  }

  private updated(article: Article): void {
    article.dataUpdatedAt = this.ground.clock.now();
    this.ground.changed();
    this.happenings.tell({ kind: 'article-updated', article });
  }

  private add(number: string): Article {
    const article: Article = {
      id: this.ground.ids.next('article'),
      number,
      fields: {},
      parts: [],
      items: [],
      demand: noDemand(),
      dataUpdatedAt: 0,
      stockChangedAt: 0,
      lastInDate: null,
    };
    this.byId.set(article.id, article);
    this.byKey.set(this.ground.key(number), article);
    return article;
  }

  private partsOf(fields: Fields, article: Article | undefined): KitPart[] | undefined {
    const definition = fields.structureDefinition as
      { articleKind?: string; rows?: { articleNumber: string; numberOfItems: number }[] } | null | undefined;
    if (definition?.articleKind !== 'Structure' || !definition.rows) return undefined;
    if (definition.rows.length === 0)
      throw new Refusal(400, 'A structure definition needs at least one row.');
    if (article?.items.some((item) => item.quantity > 0)) {
      throw new Refusal(400, `${article.number} lies in stock and cannot become a kit.`);
    }
    return definition.rows.map((row) => {
      const part = this.find(row.articleNumber);
      if (!part)
        throw new Refusal(400, `The structure definition names an unknown article: ${row.articleNumber}.`);
      if (article && this.contains(part, article)) throw new Refusal(400, 'A kit cannot contain itself.');
      const perKit = toMilli(row.numberOfItems);
      if (!(perKit > 0)) throw new Refusal(400, 'A structure definition needs a numberOfItems above 0.');
      return { articleId: part.id, perKit };
    });
  }

  private contains(whole: Article, part: Article): boolean {
    return whole === part || whole.parts.some(({ articleId }) => this.contains(this.get(articleId), part));
  }

  private setParts(article: Article, parts: KitPart[]): void {
    for (const { articleId } of article.parts) this.kitsWith.get(articleId)?.delete(article.id);
    article.parts = parts;
    this.linkParts(article);
    this.touched(article);
  }

  private linkParts(article: Article): void {
    for (const { articleId } of article.parts) {
      const kits = this.kitsWith.get(articleId) ?? new Set();
      this.kitsWith.set(articleId, kits.add(article.id));
    }
  }

  private remember(article: Article): void {
    if (this.ground.knobs.stockLagMs > 0) this.past.note(article.id, this.inventory(article));
  }
}
