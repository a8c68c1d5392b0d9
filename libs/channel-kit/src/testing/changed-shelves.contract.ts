import { it } from '@jest/globals';
import { OrderAmendmentRefused } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { bought, changed, feedReadTwice, offers } from './play.ts';
import { CODE } from './stage.ts';

/** What a shop offers beside orders that staff changes in it. */
export function changedShelvesContract(scene: Scene): void {
  const change = (id: string, quantity: number) => changed(scene, id, quantity);

  it('does not put back on the shelf what a change has sold, nor offer what it has given back too early', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(6);
    await stage.level(article, 6);
    await offers(scene, article, 6);
    const { id, wmsNumber } = await bought(scene, article, 1);
    await stage.reserve(wmsNumber, article, await stage.level(article, 5));
    await offers(scene, article, 5);
    await change(id, 3);
    await stage.amended(wmsNumber, 2);
    await feedReadTwice(stage);
    await offers(scene, article, 3);
    // The level is the same as before, and comes again: it does not know of the change.
    await stage.level(article, 5);
    await feedReadTwice(stage);
    await offers(scene, article, 3);
    await stage.reserve(wmsNumber, article, await stage.level(article, 3), 2);
    await feedReadTwice(stage);
    await offers(scene, article, 3);
    await change(id, 1);
    await stage.amended(wmsNumber, 3);
    // The warehouse may still have the pieces in a box.
    await offers(scene, article, 3);
    await stage.reserve(wmsNumber, article, await stage.level(article, 5), 3);
    await offers(scene, article, 5);
  });

  it('offers what there is beside a change that is refused', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(9);
    await stage.level(article, 9);
    await offers(scene, article, 9);
    const { id, wmsNumber } = await bought(scene, article, 1);
    await stage.reserve(wmsNumber, article, await stage.level(article, 8));
    await change(id, 8);
    await stage.amended(wmsNumber, 2);
    const version = await stage.level(article, 4);
    await offers(scene, article, 0);
    const shortages = [{ article, reason: 'stock', wanted: '7', missing: '3' }] as const;
    const ref = { number: wmsNumber, channel: CODE, revision: 2 };
    const counted = [{ article, version }];
    await stage.peer.say(
      OrderAmendmentRefused.of({ ...ref, reason: 'stock', shortages: [...shortages], counted }),
    );
    await offers(scene, article, 4);
    await eventually(async () => (await far.order(id)).notes === 1);
  });
}
