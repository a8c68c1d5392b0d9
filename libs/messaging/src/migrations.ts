import type { MigrationInterface } from 'typeorm';

/** The tables of this library in a service's own schema: put them before the service's migrations. */
export const messagingMigrations: (new () => MigrationInterface)[] = [];

/** The embedded log in schema `bus`: add them when the bus is embedded. Several services may run them at once. */
export const embeddedBusMigrations: (new () => MigrationInterface)[] = [];
