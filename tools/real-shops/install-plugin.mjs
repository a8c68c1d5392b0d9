import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const plugins = join(import.meta.dirname, '../../plugins');

/**
 * Puts a plugin, and what it needs of ours, where npm would: a link would look for the shop system beside its own
 * sources.
 *
 * @param folder of the shop, with its node_modules
 * @param as where a package's files go, by their place in its sources
 * @returns the plugin's name
 */
export function installPlugin(plugin, folder, as = {}) {
  const put = (source, layout) => {
    const { name } = JSON.parse(readFileSync(join(plugins, source, 'package.json'), 'utf8'));
    const target = join(folder, 'node_modules', name);
    cpSync(join(plugins, source), target, { recursive: true });
    for (const [from, to] of Object.entries(layout))
      cpSync(join(plugins, source, from), join(target, to), { recursive: true });
    return name;
  };
  put('checkout', {});
  return put(plugin, as);
}
