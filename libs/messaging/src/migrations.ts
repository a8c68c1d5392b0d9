import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CompactEmbeddedLog1764600000001 } from './embedded/compact-log.ts';
import {
  CreateEmbeddedLog1764000000001,
  CreateEmbeddedLogFunctions1764000000002,
  PutIntoEmbeddedLog1764300000001,
} from './embedded/log-schema.ts';

export class CreateMessaging1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The inbox holds every message that this service has settled, so that a second delivery finds itself.
    await runner.query(`
      CREATE TABLE inbox (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX inbox_at ON inbox USING brin (at)');
    // The outbox holds what the broker has not acknowledged. Its rows come and go, so it is vacuumed early.
    await runner.query(`
      CREATE TABLE outbox (
        position bigint GENERATED ALWAYS AS IDENTITY,
        topic text NOT NULL,
        partition int NOT NULL,
        id uuid NOT NULL,
        key text NOT NULL,
        headers json NOT NULL,
        data text NOT NULL,
        PRIMARY KEY (topic, partition, position)
      ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`);
    await runner.query(`
      CREATE TABLE dead_letters (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id uuid NOT NULL UNIQUE,
        state text NOT NULL CHECK (state IN ('parked', 'queued', 'handled', 'discarded')),
        topic text NOT NULL,
        partition int NOT NULL,
        "offset" bigint NOT NULL,
        key text,
        headers jsonb NOT NULL,
        value bytea,
        code text,
        reason text,
        parked_at timestamptz NOT NULL DEFAULT now(),
        author text,
        author_reason text,
        settled_at timestamptz,
        CHECK (state <> 'parked' OR (code IS NOT NULL AND reason IS NOT NULL))
      )`);
    await runner.query(
      `CREATE INDEX dead_letters_open ON dead_letters (topic, key, id) WHERE state IN ('parked', 'queued')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters, outbox, inbox');
  }
}

/** The tables of this library in a service's own schema: put them before the service's migrations. */
export const messagingMigrations: (new () => MigrationInterface)[] = [CreateMessaging1764000000000];

/** The embedded log in schema `bus`: add them when the bus is embedded. Several services may run them at once. */
export const embeddedBusMigrations: (new () => MigrationInterface)[] = [
  CreateEmbeddedLog1764000000001,
  CreateEmbeddedLogFunctions1764000000002,
  PutIntoEmbeddedLog1764300000001,
  CompactEmbeddedLog1764600000001,
];
