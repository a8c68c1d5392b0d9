import type { Articles } from './articles.ts';
import type { Ground } from './ground.ts';
import type { Milli } from './milli.ts';
import { lineShare, type Article, type Fields, type LineStock, type OrderLine } from './model.ts';
import { Refusal } from './refusal.ts';

export interface LineWrite {
  row: string;
  articleNumber: string;
  ordered: Milli;
  fields: Fields;
}

/** Makes and changes the lines of orders. Rows are known by their rowNumber. */
export class Lines {
  constructor(
    private readonly ground: Ground,
    private readonly articles: Articles,
  ) {}

  /**
   * The lines as they will be: known rows changed, new rows added, rows left out removed. Nothing is changed
   * before all is checked.
   */
  replaced(before: OrderLine[], writes: LineWrite[]): OrderLine[] {
    refuseDuplicates(writes.map(({ row }) => row));
    const known = new Map(before.map((line) => [line.row, line]));
    const planned = writes.map((write) => ({
      write,
      article: this.articleFor(write),
      line: known.get(write.row),
    }));
    for (const { write, line, article } of planned) {
      const kept = line?.articleId === article.id ? write.ordered : 0;
      if (line) refuseBelowPicked(line, kept);
    }
    const rows = new Set(writes.map(({ row }) => row));
    for (const line of before) if (!rows.has(line.row)) refuseBelowPicked(line, 0);
    return planned.map(({ write, article, line }) =>
      line ? this.changed(line, article, write) : this.made(article, write),
    );
  }

  /** Sets the ordered quantity of a line, which releases what is allocated beyond it. */
  setOrdered(line: OrderLine, ordered: Milli): void {
    refuseBelowPicked(line, ordered);
    line.ordered = ordered;
    for (const stock of line.stock) {
      stock.ordered = Math.round((ordered * stock.perPiece) / 1000);
      stock.allocated = Math.max(stock.picked, Math.min(stock.allocated, stock.ordered));
    }
  }

  made(article: Article, { row, ordered, fields }: LineWrite): OrderLine {
    return {
      id: this.ground.ids.next('line'),
      row,
      articleId: article.id,
      fields,
      ordered,
      stock: this.stockOf(article, ordered, fields),
      reported: null,
      reportedReturned: null,
    };
  }

  private changed(line: OrderLine, article: Article, write: LineWrite): OrderLine {
    const fields = { ...line.fields, ...write.fields };
    const sameStock = line.articleId === article.id && fields.shouldBePicked === line.fields.shouldBePicked;
    const next = { ...line, fields, articleId: article.id, stock: line.stock.map((stock) => ({ ...stock })) };
    if (!sameStock) next.stock = this.stockOf(article, write.ordered, fields);
    this.setOrdered(next, write.ordered);
    return next;
  }

  private articleFor({ articleNumber }: LineWrite): Article {
    const article = this.articles.find(articleNumber);
    if (article) return article;
    if (!this.ground.knobs.autoCreateArticles) {
      throw new Refusal(400, `There is no article with article number '${articleNumber}'.`);
    }
    return this.articles.put(articleNumber, { isStockArticle: true }).article;
  }

  /** A kit's parts are fixed when its line is made: a later definition affects new orders only. */
  private stockOf(article: Article, ordered: Milli, fields: Fields): LineStock[] {
    if (fields.shouldBePicked === false || article.fields.isStockArticle === false) return [];
    const perPiece = new Map<number, Milli>();
    const expand = (part: Article, pieces: Milli) => {
      if (part.parts.length === 0) perPiece.set(part.id, (perPiece.get(part.id) ?? 0) + pieces);
      for (const { articleId, perKit } of part.parts) {
        expand(this.articles.get(articleId), Math.round((pieces * perKit) / 1000));
      }
    };
    expand(article, 1000);
    return [...perPiece].map(([articleId, pieces]) => ({
      articleId,
      perPiece: pieces,
      ordered: Math.round((ordered * pieces) / 1000),
      allocated: 0,
      picked: 0,
      returned: 0,
      pickedItems: [],
    }));
  }
}

function refuseDuplicates(rows: string[]): void {
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(row)) throw new Refusal(400, `The row number '${row}' stands on several order lines.`);
    seen.add(row);
  }
}

function refuseBelowPicked(line: OrderLine, ordered: Milli): void {
  const picked = lineShare(line, (stock) => stock.picked);
  const anyPicked = line.stock.some((stock) => stock.picked > 0);
  if (ordered < picked || (ordered === 0 && anyPicked)) {
    throw new Refusal(400, `Row ${line.row} cannot go below the ${picked / 1000} that are picked already.`);
  }
}
