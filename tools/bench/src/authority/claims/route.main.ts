import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { EmptyRoute } from './empty-route.ts';
import type { RouteSettings } from './routes.ts';
import { openStock, TextbookRoute } from './textbook-route.ts';

@Module({})
class RootModule {}

/** Nest on Fastify with one route and nothing else: no token is asked for, and no body checked. */
async function start(settings: RouteSettings): Promise<string> {
  const root: DynamicModule =
    settings.kind === 'empty'
      ? { module: RootModule, controllers: [EmptyRoute] }
      : { module: RootModule, controllers: [TextbookRoute], providers: [await openStock(settings)] };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), {
    logger: ['error', 'warn'],
  });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

console.log(`listens on ${await start(JSON.parse(process.argv[2] ?? '{}') as RouteSettings)}`);
console.log('ready');
