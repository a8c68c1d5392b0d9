export { jumpClock } from './clock.ts';
export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { endWithThisProcess } from './guardian.ts';
export { kafkaForTests, testPrefix } from './kafka.ts';
export { startPostgres, type Postgres, type PostgresOptions } from './postgres.ts';
export { repositoryRoot, startProcess, type ProcessOptions, type StartedProcess } from './process.ts';
export { tcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { testDatabase, type TestDatabase } from './test-database.ts';
