import { type DynamicModule, Module } from '@nestjs/common';
import type { MessagingOptions } from './options.ts';

/** Global. Needs TypeORM's `DataSource` (the class is the token) from another global module. */
@Module({})
export class MessagingModule {
  static forRoot(_options: MessagingOptions): DynamicModule {
    throw new Error('not built yet');
  }
}
