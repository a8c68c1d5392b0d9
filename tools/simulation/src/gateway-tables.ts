import type { Order } from '@samlast/contracts';
import type { Registered } from '@samlast/wms-gateway/decisions';
import type { Mail, MailData } from './bus.ts';
import { originOf, piecesLines } from './order-shapes.ts';
import { Reads } from './reads.ts';
import type { World } from './world.ts';

interface AnyWrite {
  readonly number: string;
  readonly revision: number;
  readonly articles: readonly string[];
  readonly acceptedBefore: boolean;
  /** The step drawn with its first intent. */
  sent?: number;
  tries: number;
  /** Its request may have been made by an intent before this one. */
  sentBefore?: boolean;
  /** What its last try said, in the gateway's words. */
  lastFault?: string;
}

export type PutWrite = AnyWrite & {
  readonly action: 'put';
  readonly order: Order;
  readonly lines: Registered['lines'];
};
export type Write = PutWrite | (AnyWrite & { readonly action: 'cancel' });

interface Closed {
  readonly number: string;
  readonly revision: number;
  readonly articles: readonly string[];
  readonly closed: number;
}

/** The gateway's tables, and what its handlers of messages do to them. */
export class GatewayTables {
  steps = 0;
  readonly registry = new Map<string, Registered>();
  /** Per order in the order of revisions; what is settled is taken out. */
  readonly writes = new Map<string, Write[]>();
  closed: Closed[] = [];
  readonly reads: Reads;

  constructor(protected readonly world: World) {
    this.reads = new Reads(world, this);
  }

  handle(mails: readonly Mail[]): boolean {
    // A cancel follows its order, so all orders of the batch may go first.
    for (const mail of mails) if (mail.type === 'order.reserved') this.queue(mail.data);
    const cancels = mails.filter((mail) => mail.type === 'order.cancel-forwarded');
    const withdrawn = new Set(
      cancels.map((mail) => mail.data.number).filter((number) => this.withdraw(number)),
    );
    for (const { data } of cancels) this.cancel(data, withdrawn.has(data.number));
    for (const mail of mails) {
      if (mail.type !== 'order.waiting') continue;
      const step = ++this.steps;
      for (const article of mail.data.articles) this.reads.unsettle(article, step);
    }
    return true;
  }

  private queue({ order, parts }: MailData): void {
    const was = this.registry.get(order.number);
    if (was && order.revision <= was.revision) return;
    const acceptedBefore = was !== undefined && (was.state !== 'refused' || was.accepted_revision !== null);
    const lines = piecesLines(order, parts);
    this.registry.set(order.number, {
      number: order.number,
      channel: order.channel,
      origin: originOf(order),
      claimed: true,
      state: 'queued',
      revision: order.revision,
      accepted_revision: was?.accepted_revision ?? null,
      lines,
      refusal_reason: null,
      refusal_text: null,
      wms_order_id: was?.wms_order_id ?? null,
    });
    const articles = [...new Set<string>(lines.map((line) => line.article))];
    const { number, revision } = order;
    const writes = this.writes.get(number) ?? [];
    const put = { number, revision, action: 'put', articles, order, lines, tries: 0 } as const;
    const last = writes.at(-1);
    if (last?.action === 'put' && this.takesPlaceOf(last)) {
      this.world.faults.strike('version of an order overtaken before it was sent');
      writes.splice(-1, 1, { ...put, acceptedBefore: last.acceptedBefore });
    } else writes.push({ ...put, acceptedBefore });
    this.writes.set(number, writes);
  }

  private takesPlaceOf(older: Write): boolean {
    const { scenario, deciders } = this.world;
    return scenario.extras.slowWarehouse && deciders.certainlyUnsent(older);
  }

  /** Takes out what certainly was never sent. */
  private withdraw(number: string): boolean {
    if (this.registry.get(number)?.accepted_revision !== null) return false;
    const puts = (this.writes.get(number) ?? []).filter((write) => write.action === 'put');
    const unsent = puts.every((write) => this.world.deciders.certainlyUnsent(write)) ? puts : [];
    for (const write of unsent) this.removeWrite(write);
    return unsent.length > 0;
  }

  private cancel({ number, channel, revision }: MailData, withdrawn: boolean): void {
    const was = this.registry.get(number);
    if (!was) throw new Error(`the gateway has no order ${number}`);
    const over = was.state === 'refused' || was.state === 'cancelled';
    if (was.accepted_revision === null && (withdrawn || over)) {
      const step = ++this.steps;
      this.registry.set(number, { ...was, state: 'cancelled', revision: Math.max(was.revision, revision) });
      const answered = { number, channel, revision, sent: step, accepted: step };
      this.world.auditor.cancelledThere(number);
      this.say('wms.orders', { type: 'order.cancelled', key: number, data: { ...answered, by: 'channel' } });
      for (const article of new Set(was.lines.map((line) => line.article))) {
        this.reads.unsettle(article, step);
        this.say('wms.stock', {
          type: 'line.accepted',
          key: article,
          data: { ...answered, article, quantity: '0' },
        });
      }
      return;
    }
    if ((this.writes.get(number)?.length ?? 0) > 0)
      this.world.faults.strike('cancel crossed a write of its order');
    const articles = [...new Set(was.lines.map((line) => line.article))];
    const write: Write = { number, revision, action: 'cancel', articles, acceptedBefore: false, tries: 0 };
    const writes = this.writes.get(number);
    if (writes?.some((one) => one.revision === revision)) return;
    if (writes) writes.push(write);
    else this.writes.set(number, [write]);
  }

  say(topic: 'wms.orders' | 'wms.stock', event: { type: string; key: string; data: object }): void {
    const { world } = this;
    if (world.tracing) world.trace(`gateway says ${event.type} ${JSON.stringify(event.data)}`);
    if (event.type !== 'order.shipped') world.post('authority', topic, event);
    else world.post((event.data as MailData).channel, topic, event);
  }

  protected removeWrite(write: Write): boolean {
    const writes = this.writes.get(write.number);
    const at = writes?.indexOf(write) ?? -1;
    if (!writes || at < 0) return false;
    writes.splice(at, 1);
    if (writes.length === 0) this.writes.delete(write.number);
    return true;
  }

  hasWrites(number: string): boolean {
    return this.writes.has(number);
  }
}
