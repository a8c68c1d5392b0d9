import type { Channel } from './channel.ts';
import type { Mail } from './bus.ts';
import { register } from './register.ts';
import type { Process } from './scenario.ts';
import { setRules } from './set-rules.ts';
import { changeOrder } from './staff.ts';
import type { World } from './world.ts';

const BATCH_MOST = 3;

/** What may happen next. Each answers how many steps it was: events of the world, or messages handled. */
export class Happenings {
  private typed = 0;

  constructor(private readonly world: World) {}

  happen(process: Process): number {
    const { world } = this;
    switch (process) {
      case 'buyer':
        return Number(this.buy());
      case 'canceller':
        return Number(this.cancel());
      case 'claimBuyer':
        return Number(world.buyers.step());
      case 'claimExpiry':
        return Number(world.authority.expireClaims());
      case 'receipt':
        return Number(this.receive());
      case 'picker':
        return Number(this.pick());
      case 'mishap':
        return Number(this.mishap());
      case 'person':
        return Number(this.person());
      case 'silence':
        return Number(this.silence());
      case 'authority':
        return this.deliver('authority', (topic, mails) => world.authority.handle(topic, mails));
      case 'gatewayMail':
        return this.deliver('gateway', (_, mails) => world.gateway.handle(mails));
      case 'gatewayWrite':
        return Number(world.gateway.step());
      case 'stockRead':
        return Number(world.gateway.reads.step());
      case 'follow':
        return Number(this.follow());
      case 'channelMail': {
        const channel = world.random.pick(world.channels);
        return channel.silent
          ? 0
          : this.deliver(channel.code, (topic, mails) => channel.handle(topic, mails));
      }
      case 'feed':
        return Number(this.ofChannel((channel) => channel.stepFeed()));
      case 'shelf':
        return Number(this.ofChannel((channel) => channel.shelves.step()));
      case 'jobs':
        return Number(this.ofChannel((channel) => channel.stepJobs()));
      case 'staff':
        return Number(changeOrder(world));
      case 'rules':
        return Number(setRules(world));
      case 'payment':
        return Number(world.payers.step());
      case 'register':
        return Number(register(world));
      case 'crash':
        return Number(this.crash());
    }
  }

  private ofChannel(work: (channel: Channel) => boolean): boolean {
    const channel = this.world.random.pick(this.world.channels);
    return !channel.silent && work(channel);
  }

  /** A batch of one lane; what was taken in before is dropped by the inbox and is no step. */
  deliver(consumer: string, handle: (topic: string, mails: readonly Mail[]) => boolean): number {
    const { world } = this;
    const { bus, random, faults } = world;
    const intake = bus.intakeOf(consumer);
    const lane = bus.laneOf(intake, world.now);
    if (!lane) return 0;
    const count = Math.min(lane.mails.length, random.between(1, BATCH_MOST));
    const mails: Mail[] = [];
    for (const mail of lane.mails.slice(0, count))
      if (!intake.seen.has(mail.id) && !mails.some((one) => one.id === mail.id)) mails.push(mail);
    if (mails.length > 0 && !handle(lane.topic, mails)) {
      faults.strike('message redelivered');
      return 1;
    }
    for (const mail of mails) intake.seen.add(mail.id);
    if (mails.length > 0 && world.mayFault() && random.oneIn(80)) {
      if (consumer === 'authority') faults.strike('authority crashed after its commit');
      faults.strike('message redelivered');
    } else intake.drop(lane, count);
    return mails.length;
  }

  private buy(): boolean {
    const { world } = this;
    if (world.calm) return false;
    const channel = world.random.pick(world.channels);
    if (channel.plan.channel.mode === 'claim') return false;
    const basket = world.basket();
    if (channel.plan.pays && !world.random.oneIn(4)) return world.payers.arrive(channel, basket);
    const order = channel.shop.sell(basket, world.now);
    if (!order) return false;
    if (channel.feedPages > 0) world.faults.strike('sale between two pages of the feed');
    if (world.tracing)
      world.trace(
        `${channel.code} sells ${order.number}: ${[...basket].map(([article, count]) => `${count} ${article}`).join(', ')}`,
      );
    world.auditor.sold(channel, order, false);
    if (world.random.oneIn(2)) channel.wakeFeed();
    return true;
  }

  private cancel(): boolean {
    const { world } = this;
    const { random } = world;
    if (world.calm || !world.scenario.cancels) return false;
    const channel = random.pick(world.channels);
    const orders = [...channel.shop.orders.values()].slice(-6).filter((order) => order.state === 'placed');
    if (orders.length === 0) return false;
    const order = random.pick(orders);
    if (!channel.shop.cancel(order, world.now)) return false;
    if (world.tracing) world.trace(`${channel.code}: the buyer cancels ${order.number}`);
    world.auditor.cancelledByBuyer(channel, order);
    return true;
  }

  private receive(): boolean {
    const { world } = this;
    if (world.calm || !world.random.oneIn(3)) return false;
    const article = world.random.pick(world.scenario.articles);
    const count = world.random.between(1, 6);
    if (world.tracing) world.trace(`the warehouse receives ${count} ${article}`);
    world.warehouse.receive(article, count);
    return true;
  }

  private pick(): boolean {
    const { world } = this;
    const { warehouse, random } = world;
    if (world.calm) return false;
    const open = [...warehouse.orders.values()].filter(
      ({ state }) => state === 'open' || state === 'started',
    );
    if (open.length === 0) return false;
    const order = random.pick(open);
    if (world.scenario.cancels && order.state === 'open' && random.oneIn(15)) {
      if (order.origin !== undefined) world.faults.strike('order cancelled by the warehouse');
      if (world.tracing) world.trace(`the warehouse cancels ${order.number}`);
      warehouse.drop(order);
    } else if (order.state === 'open') warehouse.start(order);
    else warehouse.ship(order);
    if (world.tracing) world.trace(`warehouse: ${order.number} is ${order.state}`);
    return true;
  }

  private mishap(): boolean {
    const { world } = this;
    const { random, scenario, warehouse } = world;
    if (world.calm) return false;
    const article = random.pick(scenario.articles);
    const count = random.between(1, 3);
    if (scenario.losses && random.oneIn(3)) {
      if (world.tracing) world.trace(`${count} ${article} vanish`);
      warehouse.lose(article, count);
      world.faults.strike('goods vanished');
      return true;
    }
    if (scenario.losses && random.oneIn(2)) {
      if (world.tracing) world.trace(`an order of ${count} ${article} is typed in by hand`);
      warehouse.typeIn(new Map([[article, count]]));
      world.faults.strike('order typed in by hand');
      this.typed++;
      return true;
    }
    if (!scenario.edits || !random.oneIn(4)) return false;
    const channel = random.pick(world.channels);
    const change = random.between(-2, 2);
    if (change === 0) return false;
    const { numbers } = channel.shop;
    numbers.set(article, Math.max(0, (numbers.get(article) ?? 0) + change));
    if (change > 0) {
      const name = `${channel.code}/${article}`;
      world.auditor.edited.set(name, (world.auditor.edited.get(name) ?? 0) + change);
    }
    world.faults.strike('number of a shop edited by hand');
    if (world.tracing)
      world.trace(`somebody changes the number of ${article} in ${channel.code} by ${change}`);
    return true;
  }

  private person(): boolean {
    const { world } = this;
    if (!world.scenario.byHand || world.calm || !world.random.oneIn(4)) return false;
    const { orders } = world.authority.tables;
    const undecided = [...orders.values()].filter(
      ({ state }) =>
        state === 'held' || state === 'waiting' || state === 'refused' || state === 'backordered',
    );
    if (undecided.length === 0) return false;
    const order = world.random.pick(undecided);
    const what = order.state !== 'refused' && world.random.oneIn(2) ? 'release' : 'reject';
    const told = world.auditor.orders.get(order.number);
    if (told && what === 'release') told.releasedByHand = true;
    if (!world.authority.byHand(order.number, what)) return false;
    world.faults.strike(what === 'release' ? 'order released by hand' : 'order rejected by hand');
    return true;
  }

  private silence(): boolean {
    const { world } = this;
    const { random, authority } = world;
    if (!world.scenario.silence || world.calm || !random.oneIn(6)) return false;
    const channel = random.pick(world.channels);
    if (authority.shops.unheard.has(channel.code)) return false;
    if (!channel.silent) {
      channel.silent = true;
      channel.crash();
      world.faults.strike('channel fell silent');
    } else if (authority.shops.alive.has(channel.code) && random.oneIn(2)) {
      authority.shops.alive.delete(channel.code);
      if (random.oneIn(2)) authority.lookOver();
    } else {
      channel.silent = false;
      authority.shops.alive.add(channel.code);
      if (random.oneIn(2)) authority.lookOver();
    }
    if (world.tracing) world.trace(`${channel.code} is ${channel.silent ? 'silent' : 'there again'}`);
    return true;
  }

  /** What the warehouse did with orders by itself, told once it is certain whose move it was. */
  follow(): boolean {
    const { world } = this;
    const { warehouse, gateway } = world;
    const numbers = [...warehouse.news];
    if (numbers.length === 0) return false;
    const number = world.random.pick(numbers);
    const order = warehouse.orders.get(number);
    const was = gateway.registry.get(number);
    if (!order || !was) return warehouse.news.delete(number);
    const cancelled = order.state === 'cancelled' && was.state !== 'cancelled';
    const accepted = was.accepted_revision !== null || was.state === 'cancelled';
    if (!accepted || (cancelled && gateway.hasWrites(number))) {
      if (was.state === 'refused') warehouse.news.delete(number);
      return false;
    }
    warehouse.news.delete(number);
    const step = ++gateway.steps;
    const { channel } = was;
    const revision = was.accepted_revision ?? was.revision;
    if (cancelled) {
      gateway.registry.set(number, { ...was, state: 'cancelled' });
      const data = { number, channel, revision, sent: step, accepted: step, by: 'warehouse' };
      gateway.say('wms.orders', { type: 'order.cancelled', key: number, data });
    } else if (order.state === 'shipped') {
      gateway.say('wms.orders', {
        type: 'order.shipped',
        key: number,
        data: { number, channel, parcel: '1' },
      });
    } else return true;
    for (const article of order.pieces.keys()) gateway.reads.unsettle(article, step);
    return true;
  }

  private crash(): boolean {
    const { world } = this;
    if (!world.mayFault() || !world.random.oneIn(4)) return false;
    if (world.random.oneIn(3)) world.gateway.crash();
    else world.random.pick(world.channels).crash();
    return true;
  }
}
