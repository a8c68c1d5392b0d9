import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const shopsFolder = import.meta.dirname;

export const administrator = { email: 'admin@shop.example', password: 'for-tests-only' };

/** Environment of every Medusa process; production mode runs the JavaScript as it lies here. */
export function medusaEnvironment(databaseUrl) {
  return {
    DATABASE_URL: databaseUrl,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    MEDUSA_DISABLE_TELEMETRY: 'true',
    XDG_CONFIG_HOME: configFolder(),
  };
}

/**
 * The variable above only keeps Medusa from noting events; it starts a sender all the same, and writes into the user's
 * own configuration folder. Both end with a configuration of our own that says so.
 */
function configFolder() {
  const folder = join(shopsFolder, 'node_modules/.medusa-config');
  mkdirSync(join(folder, 'medusa'), { recursive: true });
  const file = join(folder, 'medusa/config.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ telemetry: { enabled: false } }));
  return folder;
}
