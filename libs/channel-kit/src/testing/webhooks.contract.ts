import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { OrderCancelRequested, OrderPlaced } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import type { FarMessage, FarWebhook } from './far-side.ts';
import { bought, feedReadTwice } from './play.ts';
import type { Stage } from './stage.ts';

const NEVER_MS = '3600000';

/** A webhook makes the channel read sooner. Late, again or forged, it changes nothing. */
export function webhooksContract(scene: Scene): void {
  /** Beside the first, one that has polled once and polls no more: only a webhook makes it read. */
  let quiet: Stage;

  beforeAll(async () => {
    // A shop that keeps its times by the second writes down the beginning of the second.
    const startAt = `${new Date().toISOString().slice(0, 19)}Z`;
    quiet = await scene.startAnother({ startAt, env: { POLL_MS: NEVER_MS } });
    await eventually(() => readStartedAt());
  });

  afterEach(() => quiet?.tampering.end());

  async function readStartedAt(): Promise<string | null> {
    return (await quiet.ops<{ readStartedAt: string | null }>('cursor')).readStartedAt;
  }

  function about(order: string, message: Partial<FarMessage> = {}): FarWebhook {
    const sent = scene.far.webhookAbout?.(order, {
      id: `msg_${randomUUID()}`,
      at: new Date(),
      what: 'placed',
      ...message,
    });
    if (!sent) throw new Error("This far side sends no webhooks: leave the part 'webhooks' out.");
    return sent;
  }

  async function taken(stage: Stage, webhook: FarWebhook): Promise<void> {
    const response = await stage.deliver(webhook);
    if (!response.ok) throw new Error(`The webhook was refused: ${await response.text()}`);
  }

  const asked = (stage: Stage, id: string) => stage.tampering.askedFor.filter((one) => one === id).length;

  const broughtIn = (number: string) =>
    eventually(() => quiet.peer.heard(OrderPlaced, number)[0], {
      message: `order.placed ${number}`,
      withinMs: 30_000,
    });

  /** An order that has come in by its webhook alone, with whatever was delivered before it. */
  async function announced(): Promise<void> {
    const order = await bought(scene, await scene.far.newArticle(1), 1);
    await taken(quiet, about(order.id));
    await broughtIn(order.wmsNumber);
  }

  /** Tells of an order that the feed does not show, and waits until it was read by itself. */
  async function toldLate(id: string, what: FarMessage['what']): Promise<void> {
    const { stage } = scene;
    stage.tampering.hidden.add(id);
    const before = asked(stage, id);
    await taken(stage, about(id, { what }));
    await eventually(() => asked(stage, id) > before);
    await feedReadTwice(stage);
    const listed = await stage.ops<{ id: string }[]>('unreadable-orders');
    expect(listed.filter((one) => one.id === id)).toEqual([]);
  }

  it('reads the feed at once when a webhook comes', async () => {
    const order = await bought(scene, await scene.far.newArticle(1), 1);
    const since = Date.now();
    await taken(quiet, about(order.id));
    await broughtIn(order.wmsNumber);
    await eventually(async () => Date.parse((await readStartedAt()) ?? '') >= since);
  });

  it('brings an order in that the feed does not show yet', async () => {
    const order = await bought(scene, await scene.far.newArticle(1), 1);
    quiet.tampering.hidden.add(order.id);
    await taken(quiet, about(order.id));
    await broughtIn(order.wmsNumber);
  });

  it('changes nothing by a webhook that comes after the order was read by a poll', async () => {
    const { far, stage } = scene;
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    await toldLate(order.id, 'placed');
    await toldLate(order.id, 'changed');
    expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
    expect(stage.peer.heard(OrderCancelRequested, order.wmsNumber)).toEqual([]);
  });

  it('changes nothing by a webhook that comes after the order was cancelled', async () => {
    const { far, stage } = scene;
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await eventually(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    await toldLate(order.id, 'placed');
    expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
    expect(stage.peer.heard(OrderCancelRequested, order.wmsNumber)).toHaveLength(1);
  });

  it('brings no order in by a webhook that comes after it was cancelled unread', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    stage.tampering.down = true;
    const order = await bought(scene, article, 1);
    await far.cancel(order.id);
    stage.tampering.hidden.add(order.id);
    stage.tampering.down = false;
    await toldLate(order.id, 'placed');
    expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toEqual([]);
    expect(stage.peer.heard(OrderCancelRequested, order.wmsNumber)).toEqual([]);
  });

  it('reads nothing again for a webhook that comes again', async () => {
    const order = await bought(scene, await scene.far.newArticle(1), 1);
    const [id, at] = [`msg_${randomUUID()}`, new Date()];
    const first = about(order.id, { id, at });
    const next = about(order.id, { id, at: new Date(at.getTime() + 2_000) });
    quiet.tampering.hidden.add(order.id);
    await taken(quiet, first);
    await broughtIn(order.wmsNumber);
    // Its sender tries again, since the answer was lost, and somebody sends a copy of what he has caught.
    await taken(quiet, next);
    expect((await quiet.deliver(next)).status).toBeLessThan(500);
    // What a webhook names may be followed in the turn after the one in which the next order is seen.
    await announced();
    await announced();
    expect(asked(quiet, order.id)).toBe(1);
    expect(quiet.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
  });

  it('reads nothing for a webhook that the shop did not sign', async () => {
    const order = await bought(scene, await scene.far.newArticle(1), 1);
    const genuine = about(order.id);
    quiet.tampering.hidden.add(order.id);
    expect((await quiet.deliver({ ...genuine, headers: {} })).status).toBe(401);
    expect((await quiet.deliver({ ...genuine, body: `${genuine.body} ` })).status).toBe(401);
    await announced();
    await announced();
    expect(asked(quiet, order.id)).toBe(0);
    expect(quiet.peer.heard(OrderPlaced, order.wmsNumber)).toEqual([]);
  });
}
