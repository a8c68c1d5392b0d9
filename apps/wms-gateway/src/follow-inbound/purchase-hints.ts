import { Injectable } from '@nestjs/common';
import { OngoingAnswerInvalid } from '@samlast/ongoing-client';
import { DataSource, type EntityManager } from 'typeorm';
import { ODD_TRIES } from '../odd-answers.ts';

/**
 * Purchase orders that something was said about, or that were just written: they are read once more. A change of their
 * lines moves neither status nor receipts, so no feed tells of it.
 */
@Injectable()
export class PurchaseHints {
  /** How often one could not be read. */
  private readonly odd = new Map<number, number>();

  constructor(private readonly database: DataSource) {}

  async add(tx: EntityManager, wmsIds: readonly number[]): Promise<void> {
    if (wmsIds.length === 0) return;
    await tx.query(
      `INSERT INTO purchase_hints (wms_id) SELECT DISTINCT unnest($1::integer[])
       ON CONFLICT (wms_id) DO UPDATE SET noted = purchase_hints.noted + 1`,
      [wmsIds],
    );
  }

  /** Hands each to `read`; one that was noted again meanwhile, or could not be read, stays for the next time. */
  async follow(limit: number, read: (wmsId: number) => Promise<void>): Promise<void> {
    const rows = await this.database.query<{ wms_id: number; noted: string }[]>(
      `SELECT wms_id, noted FROM purchase_hints ORDER BY wms_id LIMIT $1`,
      [limit],
    );
    let fault: unknown;
    for (const { wms_id: wmsId, noted } of rows) {
      try {
        await read(wmsId).catch((error: unknown) => this.bear(wmsId, error));
        this.odd.delete(wmsId);
        await this.database.query(`DELETE FROM purchase_hints WHERE wms_id = $1 AND noted = $2`, [
          wmsId,
          noted,
        ]);
      } catch (error) {
        // It holds up no other one.
        fault ??= error;
      }
    }
    if (fault !== undefined) throw fault;
  }

  /** One that cannot be read, time and again, has been named by then; feed and sweep look at it as well. */
  private bear(wmsId: number, error: unknown): void {
    if (!(error instanceof OngoingAnswerInvalid)) throw error;
    const tries = (this.odd.get(wmsId) ?? 0) + 1;
    this.odd.set(wmsId, tries);
    if (tries < ODD_TRIES) throw error;
  }
}
