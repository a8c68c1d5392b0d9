import { EventPattern } from '@nestjs/microservices';
import type { Event, EventDefinition } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { MessageOf } from './message.ts';

/** Messages in order of their partition, and the transaction that their effects belong to → what is published with them. */
export type Handler<Definition extends EventDefinition = EventDefinition> = (
  messages: MessageOf<Definition>[],
  tx: EntityManager,
) => Promise<Event[]>;

/** Binds a controller's method to one or several event types of one topic. What it returns is published, nothing else is. */
export function Consumes<Definitions extends EventDefinition[]>(...definitions: Definitions) {
  return (
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Handler<Definitions[number]>>,
  ): void => {
    const patterns = definitions.map((definition) => `${definition.topic.name}/${definition.type}`);
    EventPattern<string[]>(patterns, { batch: true })(
      target,
      key,
      descriptor as TypedPropertyDescriptor<unknown>,
    );
  };
}
