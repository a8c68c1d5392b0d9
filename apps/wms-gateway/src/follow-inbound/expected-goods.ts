import { Inject, Injectable } from '@nestjs/common';
import { ArticleNumber, fromMilli, toMilli } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingPurchaseOrder } from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { Signals } from '../signals.ts';
import { nextStep } from '../steps.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { tellExpected, type ExpectedLine } from './expect.ts';
import { isOver } from './purchase-states.ts';

interface Row {
  wms_id: number;
  lines: ExpectedLine[];
}

/** What is still to come, by article and day, of all purchase orders of the goods owner: those of others as well. */
@Injectable()
export class ExpectedGoods {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly figures: ArticleFigures,
    private readonly signals: Signals,
  ) {}

  async note(orders: readonly OngoingPurchaseOrder[], started: number): Promise<void> {
    if (orders.length === 0) return;
    const seen = new Map(
      orders.map((order) => [order.purchaseOrderInfo.purchaseOrderId, this.linesOf(order)]),
    );
    // Feeds overlap, so most are seen again unchanged.
    const before = await this.rows(this.database, [...seen.keys()]);
    const changed = [...seen].filter(([id, lines]) => !same(before.get(id) ?? [], lines));
    if (changed.length > 0) await this.replace(new Map(changed), started);
  }

  /** After everything that is open has been read from this step on: what was not there is over. */
  async forgetBefore(started: number): Promise<void> {
    const rows = await this.database.query<Row[]>(`SELECT wms_id, lines FROM expected WHERE started < $1`, [
      started,
    ]);
    if (rows.length > 0) await this.replace(new Map(rows.map((row) => [row.wms_id, []])), started);
  }

  /** Open ones are read now and then as a whole; those that say nothing new are marked as seen. */
  async seen(orders: readonly OngoingPurchaseOrder[], started: number): Promise<void> {
    await this.note(orders, started);
    await this.database.query(`UPDATE expected SET started = $2 WHERE wms_id = ANY($1) AND started < $2`, [
      orders.map((order) => order.purchaseOrderInfo.purchaseOrderId),
      started,
    ]);
  }

  private async replace(changed: ReadonlyMap<number, ExpectedLine[]>, started: number): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const before = await this.rows(tx, [...changed.keys()], ' FOR UPDATE');
      const open = [...changed].filter(([, lines]) => lines.length > 0);
      await tx.query('DELETE FROM expected WHERE wms_id = ANY($1)', [[...changed.keys()]]);
      await tx.query(
        `INSERT INTO expected (wms_id, started, lines)
         SELECT id, $2, lines FROM jsonb_to_recordset($1::jsonb) AS e(id integer, lines jsonb)`,
        [JSON.stringify(open.map(([id, lines]) => ({ id, lines }))), started],
      );
      const touched = [...before.values(), ...changed.values()].flat().map((line) => line.article);
      // What came is in stock by now or soon: both figures are told close together, see decision 0020.
      const step = await nextStep(tx);
      await this.figures.unsettle(
        tx,
        [...new Set(touched)].map((article) => ({ article, step })),
      );
      const lines = await tx.query<ExpectedLine[]>(
        `SELECT l.article, l."on", l.quantity
         FROM expected, jsonb_to_recordset(lines) AS l(article text, "on" text, quantity text)
         WHERE l.article = ANY($1)`,
        [touched],
      );
      return { events: tellExpected(touched, lines, new Date().toISOString()), answer: undefined };
    });
    this.signals.stock.ring();
  }

  private async rows(
    on: DataSource | EntityManager,
    ids: number[],
    lock = '',
  ): Promise<Map<number, ExpectedLine[]>> {
    const rows = await on.query<Row[]>(
      `SELECT wms_id, lines FROM expected WHERE wms_id = ANY($1) ORDER BY wms_id${lock}`,
      [ids],
    );
    return new Map(rows.map((row) => [row.wms_id, row.lines]));
  }

  private linesOf({ purchaseOrderInfo: info, purchaseOrderLines }: OngoingPurchaseOrder): ExpectedLine[] {
    if (isOver(info.purchaseOrderStatus.number, this.config)) return [];
    return purchaseOrderLines.flatMap((line) => {
      const missing = toMilli(line.advisedNumberOfItems) - toMilli(line.receivedNumberOfItems);
      // Nothing is promised of an article whose number no message takes.
      if (missing <= 0n || !ArticleNumber.safeParse(line.article.articleNumber).success) return [];
      const on = dateOf(line.inDate) ?? dateOf(info.inDate) ?? null;
      return [{ article: line.article.articleNumber, on, quantity: fromMilli(missing) }];
    });
  }
}

const dateOf = (text: string | undefined) => text && /^\d{4}-\d\d-\d\d/.exec(text)?.[0];

const same = (some: ExpectedLine[], others: ExpectedLine[]) => textOf(some) === textOf(others);
const textOf = (lines: ExpectedLine[]) =>
  JSON.stringify(lines.map(({ article, on, quantity }) => [article, on, quantity]));
