import { afterEach, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { setStage, type Stage } from '../testing/stage.ts';
import { touchedRows } from '../testing/touched-rows.ts';
import { FindingBook } from './finding-book.ts';

const LISTED = 2_000;
const TAKEN = 50;

let stage: Stage;
afterEach(() => stage.close());

it('articles to look at are taken off a list that was empty when Postgres counted it, without a look at all of it for each', async () => {
  stage = await setStage();
  const gateway = await stage.gateway();
  const database = gateway.app.get(DataSource);
  const list = `INSERT INTO wms_gateway.article_marks SELECT 'ARTICLE-' || n FROM generate_series(1, $1) n`;
  await database.transaction(async (tx) => {
    await tx.query(list, [LISTED]);
    await tx.query('DELETE FROM wms_gateway.article_marks');
    await tx.query('ANALYZE wms_gateway.article_marks');
    // Nobody else sees these.
    await tx.query(list, [LISTED]);
    const before = await touchedRows(tx, 'article_marks');
    expect(await gateway.app.get(FindingBook).take(tx, TAKEN)).toHaveLength(TAKEN);
    // A look at all of it, once, may be the best way.
    expect((await touchedRows(tx, 'article_marks')) - before).toBeLessThan(2 * LISTED + 2 * TAKEN);
  });
});
