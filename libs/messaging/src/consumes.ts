import { Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Event, EventDefinition } from '@samlast/contracts';
import { type Observable, throwError } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { MessageOf } from './message.ts';

/**
 * Messages in order of their partition, and the transaction that their effects belong to → what is published with
 * them.
 */
export type Handler<Definition extends EventDefinition = EventDefinition> = (
  messages: MessageOf<Definition>[],
  tx: EntityManager,
) => Promise<Event[]>;

/** Nest turns an error into { status, message } before a transport sees it; the cause decides here, so it is kept. */
@Catch()
class OriginalError implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Binds a controller's method to one or several event types of one topic. What it returns is published, nothing else
 * is.
 */
export function Consumes<Definitions extends EventDefinition[]>(...definitions: Definitions) {
  // Generic in the method itself, so that one which needs no transaction may leave it out.
  return <Method extends Handler<Definitions[number]>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const patterns = definitions.map((definition) => `${definition.topic.name}/${definition.type}`);
    const method = descriptor as TypedPropertyDescriptor<unknown>;
    const name = `${target.constructor.name}.${key}`;
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    UseFilters(new OriginalError())(target, key, method);
    EventPattern<string[]>(patterns, { batch: true, method: Symbol(name) })(target, key, method);
  };
}
