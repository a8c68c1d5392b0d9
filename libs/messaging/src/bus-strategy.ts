import type { INestApplicationContext } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Event } from '@samlast/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import { Handlers } from './handlers.ts';
import { Intake } from './intake.ts';
import { Lifecycle } from './lifecycle.ts';
import { Progress } from './progress.ts';
import { TRANSPORT } from './tokens.ts';
import type { Transport } from './transport.ts';

/**
 * The strategy for `app.connectMicroservice({ strategy: busStrategy(app) })`; `app.startAllMicroservices()` then
 * checks the topics and begins to consume. `app.close()` finishes the batch in work. The relay starts with the
 * application and ends in `onApplicationShutdown`, so the DataSource must be destroyed after `app.close()`.
 */
export function busStrategy(app: INestApplicationContext): CustomTransportStrategy {
  return new BusStrategy(
    app.get(Lifecycle, { strict: false }),
    app.get<Transport>(TRANSPORT, { strict: false }),
    app.get(Handlers, { strict: false }),
    app.get(Intake, { strict: false }),
    app.get(Progress, { strict: false }),
  );
}

/** Nest finds the handlers, the transport brings the batches, the intake brings them together in a transaction. */
class BusStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('samlast bus');
  /** Without it Nest logs a handler's error and swallows it. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly transport: Transport,
    private readonly handlers: Handlers,
    private readonly intake: Intake,
    private readonly progress: Progress,
  ) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.bindHandlers();
      await this.lifecycle.open();
      await this.transport.consume(this.handlers.topics, this.intake);
      this.progress.watch(this.intake);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    this.progress.unwatch();
    await this.transport.stopConsuming();
  }

  on(): never {
    throw new Error('The bus has no events of its own: ask Progress.');
  }

  unwrap<Bus>(): Bus {
    return this.transport as Bus;
  }

  private bindHandlers(): void {
    for (const [pattern, first] of this.messageHandlers) {
      const slash = pattern.indexOf('/');
      for (
        let handler: MessageHandler | undefined = first;
        handler;
        handler = handler.next as MessageHandler
      ) {
        const { method } = (handler.extras ?? {}) as { method?: symbol };
        if (!method || slash < 1) {
          throw new Error(
            `The handler of '${pattern}' is not bound with @Consumes: the bus cannot give it batches.`,
          );
        }
        const called = handler;
        this.handlers.bind(pattern.slice(0, slash), pattern.slice(slash + 1), {
          method,
          run: async (messages, tx) => {
            const answer: unknown = await called(messages, tx);
            return events(
              isObservable(answer) ? await lastValueFrom(answer, { defaultValue: [] }) : answer,
              method,
            );
          },
        });
      }
    }
  }
}

function events(answer: unknown, method: symbol): Event[] {
  if (Array.isArray(answer)) return answer as Event[];
  throw new TypeError(
    `${method.description} must return the events to publish as an array, empty if there are none.`,
  );
}
