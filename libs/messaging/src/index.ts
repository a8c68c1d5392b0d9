export { busStrategy } from './bus-strategy.ts';
export { Consumes, type Handler } from './consumes.ts';
export { type DeadLetter, DeadLetterRefused, DeadLetters, type Replay } from './dead-letters.ts';
export type { Message, MessageOf } from './message.ts';
export { MessagingModule } from './messaging.module.ts';
export { embeddedBusMigrations, messagingMigrations } from './migrations.ts';
export type {
  BusLog,
  BusLogFields,
  Catalogue,
  EmbeddedOptions,
  KafkaOptions,
  MessagingOptions,
} from './options.ts';
export { Progress, type ProgressCounts, type ProgressFigures } from './progress.ts';
export { bigintArray, booleanArray, intArray } from './fixed-array.ts';
export { textArray } from './text-array.ts';
export { UnitOfWork } from './unit-of-work.ts';
export { Unprocessable } from './unprocessable.ts';
