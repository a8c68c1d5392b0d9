import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Every workspace folder with a package.json is a project; the commands of its targets are the targetDefaults in
// nx.json, so a new project needs no configuration beside its package.json and tsconfig.json.
export const name = 'samlast';
export const createNodes = [
  '{apps/*,libs/*,flows,tools/ongoing-simulator,tools/bench,tools/local,tools/shopify-fake,tools/woocommerce-fake,tools/simulation}/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = dirname(file);
      const app = root.startsWith('apps/');
      const targets = { typecheck: {}, lint: {}, test: {} };
      if (app) {
        targets.build = { command: 'rolldown -c ../../tools/rolldown.config.mjs' };
        if (existsSync(join(workspaceRoot, root, 'src/main.ts'))) targets.serve = {};
      }
      return [file, { projects: { [root]: { projectType: app ? 'application' : 'library', targets } } }];
    }),
];
