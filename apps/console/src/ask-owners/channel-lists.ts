import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ChannelLists, OpenCall } from '../look-up/shapes.ts';
import { type Answer, Owners } from './owners.ts';

const Unreadable = z.array(
  z.object({
    id: z.string(),
    number: z.string().nullable(),
    shopNumber: z.string(),
    state: z.string(),
    reason: z.string().nullable(),
    since: z.string().nullable(),
  }),
);
const Calls = z.array(
  z.object({
    id: z.coerce.string(),
    kind: z.string(),
    state: z.enum(['waiting', 'parked']),
    tries: z.int(),
    reason: z.string().nullable(),
    createdAt: z.string(),
    number: z.string().nullable(),
    shopNumber: z.string(),
  }),
);

const Failing = z.array(z.object({ work: z.string(), since: z.string(), reason: z.string() }));

/** What a channel could not take from its shop, and what its shop has not taken from it. */
@Injectable()
export class ChannelAnswers {
  constructor(private readonly owners: Owners) {}

  all(): Promise<ChannelLists[]> {
    return Promise.all(this.owners.channels().map((service) => this.of(service)));
  }

  async of(service: string): Promise<ChannelLists> {
    const [unreadable, calls] = await Promise.all([
      this.owners.get(service, '/ops/unreadable-orders', Unreadable),
      this.callsOf(service),
    ]);
    if (unreadable.outcome !== 'answered')
      return { service, problem: unreadable.text, orders: [], calls: [] };
    if (calls.outcome !== 'answered') return { service, problem: calls.text, orders: [], calls: [] };
    const orders = unreadable.value.map(({ id, number, shopNumber, reason, since }) => ({
      id,
      number: number ?? undefined,
      shopNumber,
      reason: reason ?? 'The channel gave no reason.',
      since: since ?? undefined,
    }));
    return { service, orders, calls: calls.value };
  }

  /** What fails again and again with the shop, each in a sentence; nothing while the channel cannot be asked. */
  async failing(service: string): Promise<string[]> {
    const answer = await this.owners.get(service, '/ops/failing', Failing);
    if (answer.outcome !== 'answered') return [];
    return answer.value.map(({ work, since, reason }) => `${work}, since ${since.slice(0, 16)}Z: ${reason}`);
  }

  /** Calls to the shop that have not succeeded yet. */
  async callsOf(service: string): Promise<Answer<OpenCall[]>> {
    const answer = await this.owners.get(service, '/ops/jobs', Calls);
    if (answer.outcome !== 'answered') return answer;
    const value = answer.value.map(({ number, reason, ...call }) => ({
      ...call,
      number: number ?? undefined,
      reason: reason ?? undefined,
    }));
    return { outcome: 'answered', value };
  }
}
