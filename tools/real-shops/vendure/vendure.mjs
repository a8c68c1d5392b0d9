// A real Vendure shop for tests. usage: node tools/real-shops/vendure/vendure.mjs start [options], see ../README.md
import { plugin, shopCommand } from '../shop-command.mjs';

await shopCommand({
  kind: 'vendure',
  program: 'tools/real-shops/vendure/vendure.mjs',
  needs: 'node_modules/@vendure/core',
  install: '(cd tools/real-shops/vendure && npm ci)',
  options: plugin('SamlastPlugin (plugins/vendure)'),
  run: async (options) => (await import('./vendure-server.mjs')).runVendureShop(options),
  commands: {
    // In a process of its own, see vendure-server.mjs.
    async populate(databaseUrl) {
      await (await import('./vendure-server.mjs')).populate(databaseUrl);
      process.exit(0);
    },
  },
});
