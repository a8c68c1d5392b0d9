// A real Medusa shop without dashboard and without Redis. Everything that tells two shops apart comes from the
// environment, so this folder runs several times at once, each time on a database of its own.
const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false }, pool: { min: 2, max: 20 } },
    http: {
      storeCors: '*',
      adminCors: '*',
      authCors: '*',
      jwtSecret: 'for-tests-only',
      cookieSecret: 'for-tests-only',
    },
  },
  admin: { disable: true },
  ...(process.env.SAMLAST_PLUGIN && {
    plugins: [{ resolve: '@samlast/medusa-plugin', options: JSON.parse(process.env.SAMLAST_PLUGIN) }],
  }),
});
