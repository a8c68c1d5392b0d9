import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ArticleAccepted,
  ArticlePublished,
  ArticleRefused,
  OrderAccepted,
  type Article,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const published = (channel: string, article: Article) => ArticlePublished.of({ channel, article });

describe('article data', () => {
  it('of the master reaches Ongoing, of a shop it does not', async () => {
    stage = await setStage();
    await stage.gateway();
    await stage.publish(
      published('ERP', { number: 'TEE', name: 'T-shirt', barcode: '7350000000016', weightKg: '0.21' }),
      published('SE', { number: 'TEE', name: 'SALE!!!' }),
      published('EU', { number: 'CAP', name: 'Cap' }),
    );
    await eventually(async () => (await stage.told(ArticleAccepted)).length === 1);
    const refused = await stage.told(ArticleRefused);
    expect(refused.map(({ channel, article, reason }) => [channel, article, reason]).toSorted()).toEqual([
      ['EU', 'CAP', 'not-master'],
      ['SE', 'TEE', 'not-master'],
    ]);
    const articles = await stage.simulator.control.articles();
    expect(articles.map(({ number, name }) => [number, name])).toEqual([['TEE', 'T-shirt']]);
    expect(articles[0]?.fields).toMatchObject({ barCodeInfo: { barCode: '7350000000016' }, weight: 0.21 });
  });

  it('of one article is completed, and an order that needs it goes after it', async () => {
    stage = await setStage({ apiAccess: false });
    await stage.gateway();
    await stage.publish(
      published('ERP', { number: 'OTHER' }),
      published('ERP', { number: 'TEE', name: 'T-shirt' }),
      reserved(anOrder('1', 'SE', { lines: [{ row: '1', article: 'TEE', quantity: '1', picked: true }] })),
    );
    await eventually(
      async () => (await stage.database.query('SELECT 1 FROM wms_gateway.writes')).length === 3,
    );
    await stage.publish(published('ERP', { number: 'TEE', unit: 'pcs' }));
    await eventually(
      async () =>
        (
          await stage.database.query(
            `SELECT 1 FROM wms_gateway.writes WHERE body -> 'article' ->> 'unit' = 'pcs'`,
          )
        ).length === 1,
    );
    await stage.simulator.control.knobs({ apiAccess: true });
    await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
    const [article] = await stage.simulator.control.articles({ numbers: ['TEE'] });
    expect(article).toMatchObject({ name: 'T-shirt', fields: { unitCode: 'pcs' } });
  });
});
