import { afterEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Steps } from './steps.ts';
import { setStage, type Stage } from './testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

describe('a read of figures that may lag', () => {
  it('counts as begun before a write whose answer was being booked when it began', async () => {
    stage = await setStage();
    const gateway = await stage.gateway({ WMS_SETTLE_MS: '60000' });
    const steps = gateway.app.get(Steps);
    await stage.database.query(
      `INSERT INTO wms_gateway.writes (kind, subject, revision, action, lane, articles, not_before, sent, epoch, deadline)
       VALUES ('order', '1-SE', 1, 'put', 'SE', '{TEE}', 'infinity', nextval('wms_gateway.wms_steps'), 1, 'infinity')`,
    );
    const booking = gateway.app.get(DataSource).createQueryRunner();
    await booking.startTransaction();
    await booking.query(`DELETE FROM wms_gateway.writes WHERE subject = '1-SE'`);
    const [{ closed }] = (await booking.query(
      `INSERT INTO wms_gateway.closed_writes (number, revision, articles, sent, closed)
       VALUES ('1-SE', 1, '{TEE}', 1, nextval('wms_gateway.wms_steps')) RETURNING closed`,
    )) as [{ closed: string }];
    const { bracket } = await steps.bracket(() => booking.commitTransaction());
    await booking.release();
    expect(bracket.started).toBeLessThan(Number(closed));
    expect(bracket.inFlight).toEqual([{ number: '1-SE', revision: 1, articles: ['TEE'] }]);
  });
});
