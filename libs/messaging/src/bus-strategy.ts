import type { INestApplicationContext } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';

/**
 * The strategy for `app.connectMicroservice({ strategy: busStrategy(app) })`; `app.startAllMicroservices()` then checks the
 * topics and begins to consume. `app.close()` finishes the batch in work. The relay starts with the application and ends
 * in `onApplicationShutdown`, so the DataSource must be destroyed after `app.close()`.
 */
export function busStrategy(_app: INestApplicationContext): CustomTransportStrategy {
  throw new Error('not built yet');
}
