import type { Outcome } from '@samlast/wms-gateway/decisions';
import { GatewayTables, type PutWrite, type Write } from './gateway-tables.ts';
import { originOf, piecesOf } from './order-shapes.ts';
import type { Reply, Request } from './warehouse.ts';

type Verdict = Outcome | { readonly kind: 'later' };

/** A request on its way, and how far it has come. */
interface Sending {
  readonly write: Write;
  readonly request: Request;
  reply?: Reply;
}

const OPEN_MOST = 3;

/** A request that has not arrived by then never does. */
const LANDS_BY = 4;
const TIMED_OUT = 'timeout: no answer in time';

/** The one writer to the warehouse: beside its tables what a process of it has in memory. */
export class Gateway extends GatewayTables {
  private open: Write[] = [];
  private sending?: Sending;
  private answered: { write: Write; verdict: Verdict }[] = [];
  /** Requests that nobody waits for any more; they belong to no process. */
  private late: Sending[] = [];

  get idle(): boolean {
    return this.writes.size === 0 && this.answered.length === 0 && !this.sending && this.late.length === 0;
  }

  /** One step of the writing: an intent, a request, its arrival, its answer, or the record of what was answered. */
  step(): boolean {
    const { random } = this.world;
    if (this.late.length > 0 && (this.world.calm || random.oneIn(60))) return this.land(this.late[0]);
    if (this.answered.length > 0 && random.oneIn(2)) return this.commit();
    if (this.sending) return this.goOn(this.sending);
    if (this.open.length > 0) return this.begin();
    if (this.openIntents()) return true;
    return this.answered.length > 0 && this.commit();
  }

  private openIntents(): boolean {
    const { random } = this.world;
    const first: Write[] = [];
    for (const [write] of this.writes.values()) if (write && !this.isHeld(write)) first.push(write);
    if (first.length === 0) return false;
    for (let count = random.between(1, OPEN_MOST); count > 0 && first.length > 0; count--) {
      const [write] = first.splice(random.below(first.length), 1);
      if (!write) break;
      write.sentBefore = write.sent !== undefined;
      write.sent ??= ++this.steps;
      this.open.push(write);
      this.reads.writeOpened(write);
      if (this.world.tracing)
        this.world.trace(`gateway intends ${write.action} ${write.number} at ${write.sent}`);
    }
    return true;
  }

  private isHeld(write: Write): boolean {
    return this.open.includes(write) || this.answered.some((one) => one.write === write);
  }

  private begin(): boolean {
    const write = this.open.shift();
    if (!write) return false;
    const { deciders } = this.world;
    const was = this.registry.get(write.number);
    if (!was) throw new Error('not registered');
    const found = this.found(write.number);
    if (write.action === 'put') {
      const before = deciders.judgePut(found, this.ours(write));
      if (before !== 'write') return this.answer(write, before);
      if (this.looksAgain(write)) return true;
      const { number } = write;
      this.sending = {
        write,
        request: {
          action: 'put',
          number,
          origin: was.origin,
          pieces: piecesOf(write.order),
          lines: write.order.lines,
        },
      };
      return true;
    }
    const before = deciders.judgeCancel(found, was.origin, 2);
    if (before !== 'write' || !found)
      return this.answer(write, before === 'write' ? { kind: 'cancelled', by: 'channel' } : before);
    if (this.looksAgain(write)) return true;
    this.sending = { write, request: { action: 'cancel', id: found.wmsOrderId } };
    return true;
  }

  private ours(write: PutWrite) {
    const { order, acceptedBefore, sentBefore = false } = write;
    const ours = { origin: originOf(order), lines: order.lines, acceptedBefore };
    // Worlds from before it was told make one request less.
    if (!this.world.scenario.extras.slowWarehouse) return ours;
    return { ...ours, isChange: order.revision > 1, sentBefore };
  }

  /** Only a look was made, because the request before may still arrive. It has by the last of these looks. */
  private looksAgain(write: Write): boolean {
    const { sentBefore = false, tries, lastFault } = write;
    const { scenario, deciders } = this.world;
    if (!scenario.extras.slowWarehouse || !deciders.mayStillLand({ sentBefore, tries, lastFault }))
      return false;
    return this.answer(write, { kind: 'later' });
  }

  private land(sending: Sending | undefined): boolean {
    if (!sending) return false;
    this.late.splice(this.late.indexOf(sending), 1);
    const { world } = this;
    const { write, request } = sending;
    const reply = world.warehouse.handle(request, world.refuses(write.number));
    if (world.tracing)
      world.trace(`warehouse, late: ${request.action} ${write.number}: ${JSON.stringify(reply)}`);
    return true;
  }

  private found(number: string) {
    const order = this.world.warehouse.orders.get(number);
    if (!order) return undefined;
    return {
      wmsOrderId: order.id,
      origin: order.origin,
      status: order.state === 'open' ? 1 : 2,
      cancelled: order.state === 'cancelled',
      lines: order.lines.map(({ row, article, quantity }) => ({ row, article, quantity })),
    };
  }

  private goOn(sending: Sending): boolean {
    const { world } = this;
    const { write, request } = sending;
    const faulty = world.mayFault();
    if (!sending.reply) {
      if (faulty && world.scenario.extras.slowWarehouse && world.random.oneIn(12)) {
        world.faults.strike('request to the warehouse late');
        this.late.push(sending);
        write.lastFault = TIMED_OUT;
        return this.answer(write, { kind: 'later' });
      }
      if (faulty && world.random.oneIn(25)) {
        world.faults.strike('request to the warehouse lost');
        return this.answer(write, { kind: 'later' });
      }
      sending.reply = world.warehouse.handle(request, world.refuses(write.number));
      if (world.tracing)
        world.trace(`warehouse: ${request.action} ${write.number}: ${JSON.stringify(sending.reply)}`);
      return true;
    }
    if (faulty && world.random.oneIn(20)) {
      world.faults.strike('answer of the warehouse lost');
      return this.answer(write, { kind: 'later' });
    }
    return this.answer(write, this.judge(write, sending.reply));
  }

  private judge(write: Write, reply: Reply): Verdict {
    const { deciders } = this.world;
    if (reply.done) {
      return write.action === 'put'
        ? { kind: 'accepted', wmsId: reply.id }
        : { kind: 'cancelled', by: 'channel' };
    }
    const found = this.found(write.number);
    const origin = this.registry.get(write.number)?.origin ?? '';
    const after =
      write.action === 'put'
        ? deciders.judgePut(found, this.ours(write), reply.text)
        : deciders.judgeCancel(found, origin, 2, reply.text);
    return after === 'write' ? { kind: 'later' } : after;
  }

  private answer(write: Write, verdict: Verdict): boolean {
    this.sending = undefined;
    this.answered.push({ write, verdict });
    return true;
  }

  /** What was answered is booked: registry, queue, articles to read again, and what is told. */
  private commit(): boolean {
    const { world } = this;
    for (const { write, verdict } of this.answered.splice(0)) {
      if (verdict.kind === 'later') {
        write.tries++;
        const late = this.late.find((one) => one.write === write);
        if (late && write.tries === LANDS_BY) this.land(late);
        continue;
      }
      const was = this.registry.get(write.number);
      if (!was || !this.removeWrite(write)) continue;
      const step = ++this.steps;
      const lines = write.action === 'put' ? write.lines : was.lines;
      const { revision, action, sent = 0 } = write;
      const settled = { revision, action, sent, accepted: step, lines };
      const { change, events } = world.deciders.tell(was, settled, verdict);
      this.registry.set(write.number, {
        ...was,
        state: change.state,
        revision: Math.max(was.revision, change.revision),
        accepted_revision: change.acceptedRevision ?? was.accepted_revision,
        wms_order_id: change.wmsOrderId ?? was.wms_order_id,
        lines: change.lines ?? was.lines,
      });
      this.closed.push({ number: write.number, revision, articles: write.articles, closed: step });
      for (const article of write.articles) this.reads.unsettle(article, step);
      if (verdict.kind === 'refused') {
        world.faults.strike(
          write.revision > 1 && was.accepted_revision !== null
            ? 'change of an order refused by the warehouse'
            : 'order refused by the warehouse',
        );
        world.auditor.refused(write.number, write.revision);
      }
      // An order that the warehouse has refused is not there to be cancelled: nothing of it is promised any more.
      if (verdict.kind === 'cancelled' && !world.warehouse.orders.has(write.number))
        world.auditor.cancelledThere(write.number);
      if (verdict.kind === 'cancel-refused') {
        world.faults.strike('cancel refused because the order was being picked');
        world.auditor.cancelRefused(write.number);
      }
      for (const event of events) {
        this.say(event.topic.includes('stock') ? 'wms.stock' : 'wms.orders', event as never);
      }
    }
    return true;
  }

  /** The process ends: a request that is on its way arrives or does not. */
  crash(): void {
    const { world } = this;
    if (this.sending && !this.sending.reply) {
      world.faults.strike('gateway crashed with a request on its way');
      if (world.random.oneIn(2))
        world.warehouse.handle(this.sending.request, world.refuses(this.sending.write.number));
    }
    world.faults.strike('gateway crashed');
    if (world.tracing) world.trace('gateway crashed');
    this.open = [];
    this.answered = [];
    this.sending = undefined;
    this.reads.crash();
  }
}
