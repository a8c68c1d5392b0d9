import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries of one transaction in one row, where they are many; `ledger_entries` shows each by itself to people. */
export class LedgerPacks1764650000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger ADD entries text;
      CREATE VIEW ledger_entries AS
        SELECT id::text AS id, at, kind, number, article, data FROM ledger WHERE entries IS NULL
        UNION ALL
        SELECT ledger.id || '.' || place, at, entry ->> 'kind', entry ->> 'number', entry ->> 'article', entry -> 'data'
          FROM ledger, jsonb_array_elements(entries::jsonb) WITH ORDINALITY AS each (entry, place)
         WHERE entries IS NOT NULL`);
  }

  /** Each entry in a row of its own again, which gives ids anew to all behind it: nobody steps back past that. */
  async down(): Promise<void> {
    throw new Error(
      'The ledger holds entries of many orders in one row, which the version before cannot read.',
    );
  }
}
