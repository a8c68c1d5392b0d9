import { defineConfig } from 'rolldown';

// What Nest and TypeORM ask for only when it is used: optional packages, which stay outside of the bundle.
const optional = [
  'class-(validator|transformer)',
  'ioredis',
  'amqp',
  'mqtt',
  '@grpc/',
  '@nats-io/',
  'nats',
  '@nestjs/(websockets|platform-express)',
  '@fastify/(static|view)',
  'pg-native',
  'pg-query-stream',
  'mysql',
  'better-sqlite3',
  'sql\\.js',
  'mongodb',
  'mssql',
  'oracledb',
  'redis',
  '@sap/',
  '@google-cloud/',
  'typeorm-aurora',
  'react-native',
  'ts-node',
];

// One self-contained file per app.
export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  tsconfig: 'tsconfig.json',
  // Never 'import' here: a require() inside a dependency would then get an ES module and fail at the first request.
  resolve: { conditionNames: ['node'] },
  external: [new RegExp(`^(${optional.join('|')})`)],
  output: { dir: 'dist', format: 'esm', sourcemap: true, codeSplitting: false },
});
