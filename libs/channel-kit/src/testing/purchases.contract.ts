import { expect, it } from '@jest/globals';
import {
  PurchaseOrderAmended,
  PurchaseOrderCancelRequested,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
} from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { CODE } from './stage.ts';

/** Goods that an ERP orders are announced once, and what came of them is booked there once. */
export function purchasesContract(scene: Scene): void {
  const far = () => {
    if (!scene.far.purchases)
      throw new Error('This far side makes no purchase orders: leave the part `purchases` out.');
    return scene.far.purchases;
  };

  async function placed(quantity: number) {
    const { id, number } = await far().place(await scene.far.newArticle(0), quantity);
    const wmsNumber = `${number}-${CODE}`;
    const event = await scene.stage.until(() => scene.stage.peer.heard(PurchaseOrderPlaced, wmsNumber)[0], {
      message: `purchase-order.placed ${wmsNumber}`,
    });
    return { id, number: wmsNumber, event, line: event.lines[0] ?? { row: '', article: '', quantity: '' } };
  }

  const receive = ({ number, line }: Awaited<ReturnType<typeof placed>>, receipt: string, quantity: number) =>
    scene.stage.peer.say(
      PurchaseOrderReceived.of({
        number,
        channel: CODE,
        receipt,
        lines: [{ row: line.row, article: line.article, quantity: String(quantity) }],
        receivedAt: new Date().toISOString(),
      }),
    );

  const nothingWaits = () =>
    scene.stage.until(
      async () => {
        const calls = await scene.stage.ops<{ state: string }[]>('inbound/calls');
        return calls.every(({ state }) => state !== 'waiting');
      },
      { message: 'everything is told to the system' },
    );

  it('sends a purchase order on once, however often the system shows it', async () => {
    const { stage } = scene;
    const { id, number, event } = await placed(20);
    expect(event).toMatchObject({ channel: CODE, revision: 1, lines: [{ quantity: '20' }] });
    await far().touch(id);
    // One that was placed later is read after what was touched before.
    await placed(1);
    await placed(1);
    expect(stage.peer.heard(PurchaseOrderPlaced, number)).toHaveLength(1);
    expect(stage.peer.heard(PurchaseOrderAmended, number)).toEqual([]);
  });

  it('sends its change and its cancel on, each one revision above', async () => {
    const { stage } = scene;
    const { id, number } = await placed(20);
    await far().change(id, 12);
    const amended = await scene.stage.until(() => stage.peer.heard(PurchaseOrderAmended, number)[0]);
    expect(amended).toMatchObject({ revision: 2, lines: [{ quantity: '12' }] });
    await far().cancel(id);
    const asked = await scene.stage.until(() => stage.peer.heard(PurchaseOrderCancelRequested, number)[0]);
    expect(asked).toMatchObject({ revision: 3 });
  });

  it('books a receipt once, also when the answer to it was lost', async () => {
    const { stage } = scene;
    const purchase = await placed(20);
    let lost = 0;
    stage.tampering.afterTell = async () => {
      if (lost++ < 2) throw new Error('the answer was lost');
    };
    await receive(purchase, 'r1', 5);
    await receive(purchase, 'r1', 5);
    await scene.stage.until(() => lost === 3);
    stage.tampering.afterTell = undefined;
    await nothingWaits();
    expect(await far().receipts(purchase.id)).toEqual([5]);
  });

  it('books exactly what came, less or more than was ordered, and says at the end how far it differs', async () => {
    const purchase = await placed(20);
    const { number, line } = purchase;
    await receive(purchase, 'r1', 5);
    await receive(purchase, 'r2', 17);
    const totals = { row: line.row, article: line.article, ordered: '20', received: '22' };
    await scene.stage.until(async () => (await far().receipts(purchase.id)).length === 2);
    const closedAt = new Date().toISOString();
    await scene.stage.peer.say(
      PurchaseOrderClosed.of({ number, channel: CODE, deviation: true, lines: [totals], closedAt }),
    );
    await scene.stage.until(async () => (await far().notes(purchase.id)) > 0);
    await nothingWaits();
    expect(await far().receipts(purchase.id)).toEqual([5, 17]);
    expect(await far().notes(purchase.id)).toBe(1);
  });
}
