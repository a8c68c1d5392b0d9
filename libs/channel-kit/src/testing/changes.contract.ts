import { expect, it } from '@jest/globals';
import { OrderAccepted, OrderAmended, OrderCancelRequested } from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { bought, changed, feedReadTwice } from './play.ts';
import { CODE } from './stage.ts';

/** Orders that staff changes in the shop are sent on again, and what becomes of that is told there. */
export function changesContract(scene: Scene): void {
  const change = (id: string, quantity: number) => changed(scene, id, quantity);

  it('sends a changed order on once, whole, and its cancel one revision above it', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(5);
    const { id, wmsNumber } = await bought(scene, article, 1);
    const placed = await stage.placed(wmsNumber);
    await change(id, 3);
    const amended = await stage.amended(wmsNumber, 2);
    expect(amended).toMatchObject({ ...placed, revision: 2, lines: [{ ...placed.lines[0], quantity: '3' }] });
    await far.touch(id);
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderAmended, wmsNumber)).toHaveLength(1);
    await far.cancel(id);
    const asked = await stage.until(() => stage.peer.heard(OrderCancelRequested, wmsNumber)[0]);
    expect(asked).toMatchObject({ revision: 3 });
  });

  it('tells the shop once that the warehouse has the change, and nothing of the order as it was placed', async () => {
    const { far, stage } = scene;
    const { id, wmsNumber } = await bought(scene, await far.newArticle(5), 1);
    await stage.placed(wmsNumber);
    await change(id, 2);
    await stage.amended(wmsNumber, 2);
    const accepted = (revision: number) =>
      OrderAccepted.of({ number: wmsNumber, channel: CODE, revision, sent: 1, accepted: 2, lines: [] });
    await stage.peer.say(accepted(1), accepted(2), accepted(2));
    await stage.until(async () => (await far.order(id)).notes > 0);
    const again = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(again.wmsNumber);
    expect((await far.order(id)).notes).toBe(1);
  });
}
