import { Controller, Inject } from '@nestjs/common';
import { defineEvent, type Event, type Topic } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { Consumes } from '../consumes.ts';
import type { MessageOf } from '../message.ts';
import type { Catalogue } from '../options.ts';

const base = {
  owner: 'wms',
  partitions: 3,
  cleanup: 'delete',
  retentionMs: 86_400_000,
  maxMessageBytes: 100_000,
} as const;
export const Parcels: Topic = { ...base, name: 'wms.parcels.v1' };
export const Weights: Topic = { ...base, name: 'wms.weights.v1' };

const parcel = z.object({
  number: z.string().min(1),
  step: z.int(),
  channel: z.string().optional(),
  note: z.string().optional(),
});

/** What the tests send: one stream per parcel number, `step` says its order. */
export const ParcelMoved = defineEvent('parcel.moved', Parcels, parcel, (data) => data.number);
/** A second type for the same handler, so that a run holds both. */
export const ParcelLost = defineEvent('parcel.lost', Parcels, parcel, (data) => data.number);
/** Known to the contracts, but nobody in these tests handles it. */
export const ParcelPainted = defineEvent('parcel.painted', Parcels, parcel, (data) => data.number);
/** What the handler answers with. */
export const ParcelWeighed = defineEvent(
  'parcel.weighed',
  Weights,
  z.object({ number: z.string(), step: z.int(), filling: z.string().optional() }),
  (data) => data.number,
);
/** Its schema throws, as one with a faulty transform would. */
export const ParcelCursed = defineEvent(
  'parcel.cursed',
  Parcels,
  z.object({ number: z.string() }).transform((data) => {
    if (data.number) throw new RangeError('Invalid array length');
    return data;
  }),
  (data) => data.number,
);

export const catalogue: Catalogue = {
  topics: [Parcels, Weights],
  events: new Map(
    [ParcelMoved, ParcelLost, ParcelPainted, ParcelWeighed, ParcelCursed].map((event) => [event.type, event]),
  ),
};

export type ParcelMessage = MessageOf<typeof ParcelMoved | typeof ParcelLost>;

/** What a test wants its handler to do beside writing down what it was given. */
export interface Behaviour {
  handle?(messages: ParcelMessage[], tx: EntityManager): Promise<void> | void;
  answer?(messages: ParcelMessage[]): Event[];
}

export const BEHAVIOUR = Symbol('behaviour');

/**
 * Writes down in the transaction what it handled, and in `calls` what it was given, whether that was committed or
 * not.
 */
@Controller()
export class FollowParcels {
  readonly calls: string[][] = [];

  constructor(@Inject(BEHAVIOUR) private readonly behaviour: Behaviour) {}

  @Consumes(ParcelMoved, ParcelLost)
  async onParcels(messages: ParcelMessage[], tx: EntityManager): Promise<Event[]> {
    this.calls.push(messages.map((message) => `${message.key}:${message.data.step}`));
    await tx.query(
      `INSERT INTO effects (message_id, key, step, traceparent)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[])`,
      [
        messages.map((message) => message.id),
        messages.map((message) => message.key),
        messages.map((message) => message.data.step),
        messages.map((message) => message.traceparent ?? null),
      ],
    );
    await this.behaviour.handle?.(messages, tx);
    return this.behaviour.answer?.(messages) ?? [];
  }

  @Consumes(ParcelCursed)
  async onCursed(): Promise<Event[]> {
    return [];
  }
}
