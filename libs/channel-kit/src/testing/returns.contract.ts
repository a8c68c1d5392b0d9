import { expect, it } from '@jest/globals';
import { OrderReturned, OrderShipped, ReturnAnnounced, ReturnWithdrawn } from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { bought, feedReadTwice, offers } from './play.ts';
import { CODE } from './stage.ts';

/** Goods that come back are told once, and are offered again when the warehouse says so. */
export function returnsContract(scene: Scene): void {
  /** An order that has left the warehouse; three more pieces are on offer where the system offers any. */
  async function shipped(quantity: number) {
    const { far, stage } = scene;
    const article = await far.newArticle(quantity + 3);
    if (far.offered) {
      await stage.level(article, quantity + 3);
      await offers(scene, article, quantity + 3);
    }
    const { id, wmsNumber: number } = await bought(scene, article, quantity);
    const [line] = (await stage.placed(number)).lines;
    const row = line?.row ?? '';
    await stage.reserve(number, article, await stage.level(article, 3));
    const lines = [{ row, article, quantity: String(quantity) }];
    const shippedAt = new Date().toISOString();
    await stage.peer.say(OrderShipped.of({ number, channel: CODE, parcel: 'p1', lines, shippedAt }));
    await stage.until(async () => (await far.order(id)).fulfilments.length > 0);
    await stillOffers(article, 3);
    return { id, number, article, row };
  }

  const stillOffers = async (article: string, pieces: number) => {
    await feedReadTwice(scene.stage);
    if (scene.far.offered) await offers(scene, article, pieces);
  };

  async function toldOf(id: string): Promise<number> {
    const { notes, returned = 0 } = await scene.far.order(id);
    return notes + returned;
  }

  it('tells the shop once of goods that came back, also when the answer was lost, and offers none by itself', async () => {
    const { stage } = scene;
    const { id, number, article, row } = await shipped(2);
    const before = await toldOf(id);
    let lost = 0;
    stage.tampering.afterReturned = async () => {
      if (lost++ < 2) throw new Error('the answer was lost');
    };
    const lines = [{ row, article, quantity: '1', restocked: true }];
    const returnedAt = new Date().toISOString();
    const back = OrderReturned.of({ number, channel: CODE, receipt: 'r1', lines, returnedAt });
    await stage.peer.say(back);
    await stage.peer.say(back);
    await stage.until(() => lost === 3);
    stage.tampering.afterReturned = undefined;
    await stage.until(async () => {
      const jobs = await stage.ops<{ number: string; state: string }[]>('jobs');
      return !jobs.some((job) => job.number === number);
    });
    expect((await toldOf(id)) - before).toBe(1);
    await stillOffers(article, 3);
    if (!scene.far.offered) return;
    await stage.level(article, 4);
    await offers(scene, article, 4);
  });

  it('does not offer what staff has booked as come back before the warehouse says that it is there', async () => {
    const { far, stage } = scene;
    if (!far.restockByHand) return;
    const { id, article } = await shipped(2);
    await far.restockByHand(id);
    await stillOffers(article, 3);
    await stage.level(article, 5);
    await offers(scene, article, 5);
  });

  it('announces a return once, and withdraws it when the goods will not come', async () => {
    const { far, stage } = scene;
    if (!far.returns) return;
    const { id, number: order, article, row } = await shipped(2);
    const goods = await far.returns.announce(id, 1);
    const number = `${goods.number}-${CODE}`;
    const announced = await stage.until(() => stage.peer.heard(ReturnAnnounced, number)[0], {
      message: `return.announced ${number}`,
    });
    const lines = [{ orderRow: row, article, quantity: '1' }];
    expect(announced).toMatchObject({ channel: CODE, order, revision: 1, lines });
    await far.touch(id);
    await feedReadTwice(stage);
    await far.returns.withdraw(goods.id);
    const withdrawn = await stage.until(() => stage.peer.heard(ReturnWithdrawn, number)[0]);
    expect([withdrawn.revision, stage.peer.heard(ReturnAnnounced, number).length]).toEqual([2, 1]);
  });
}
