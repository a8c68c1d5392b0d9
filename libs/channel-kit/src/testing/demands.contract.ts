import { expect, it } from '@jest/globals';
import { OrderShipped, OrderShort } from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { bought, changed, feedReadTwice } from './play.ts';
import { CODE } from './stage.ts';

/** An ERP sells without asking what there is: its sale is a demand, and the answer may be a part of it. */
export function demandsContract(scene: Scene): void {
  it('sends on a sale of more than there is as it is', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    const order = await bought(scene, article, 7);
    expect((await stage.placed(order.wmsNumber)).lines).toMatchObject([{ article, quantity: '7' }]);
  });

  it('tells the sale once what will not come, ships the part, and sends on what staff makes of the rest', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    const { id, wmsNumber: number } = await bought(scene, article, 7);
    const { lines } = await stage.placed(number);
    const shortages = [{ article, reason: 'stock' as const, wanted: '7', missing: '5' }];
    const short = OrderShort.of({ number, channel: CODE, revision: 1, outcome: 'partial', shortages });
    await stage.peer.say(short);
    await stage.peer.say(short);
    await stage.until(async () => (await far.order(id)).notes > 0);
    await stage.peer.say(
      OrderShipped.of({
        number,
        channel: CODE,
        parcel: 'part',
        lines: [{ row: lines[0]?.row ?? '', article, quantity: '2' }],
        trackingNumber: 'TRACK-part',
        shippedAt: new Date().toISOString(),
      }),
    );
    await stage.until(async () => (await far.order(id)).fulfilments.length > 0);
    await feedReadTwice(stage);
    const told = await far.order(id);
    expect(told.fulfilments).toMatchObject([{ trackingNumber: 'TRACK-part', quantity: 2 }]);
    expect(told).toMatchObject({ cancelled: false, notes: 1 });
    await changed(scene, id, 2);
    expect((await stage.amended(number, 2)).lines).toMatchObject([{ article, quantity: '2' }]);
  });
}
