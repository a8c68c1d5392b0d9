// Real Medusa shops for tests. usage: node tools/real-shops/medusa.mjs start|check [options], see README.md
import { firstOrder, plugin, shopCommand } from './shop-command.mjs';

await shopCommand({
  kind: 'medusa',
  program: 'tools/real-shops/medusa.mjs',
  needs: 'node_modules/@medusajs/cli',
  install: '(cd tools/real-shops && npm ci)',
  options: {
    ...firstOrder,
    ...plugin('plugins/medusa'),
    hook: { value: 'own', says: 'the shop has a check of its own in the hook that the plugin takes' },
  },
  run: async (options) => (await import('./medusa-server.mjs')).runMedusaShop(options),
  listed: ['check'],
  commands: { check: async () => (await import('./medusa-check.mjs')).check() },
});
