import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../libs/service/src/index.ts';
import { serviceOf, variablesOfApp } from './apps.ts';

interface ComposeService {
  image?: string;
  build?: { args?: { APP?: string } };
  user?: string;
  healthcheck?: { test?: string[] };
  environment?: Record<string, string>;
  secrets?: string[];
  restart?: string;
}

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, ComposeService>;
  secrets: Record<string, { file: string }>;
  configs: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const apps = readdirSync('apps');
const appServices = services.filter(([, service]) => service.build?.args?.APP);

/** What a person would set for `${NAME:?…}`, in the form that each name asks for. */
function example(name: string): string {
  if (name.endsWith('_URL')) return 'https://shop.example.test/api/v1/';
  if (name.endsWith('LOCATION_ID')) return 'sloc_01EXAMPLE';
  if (name.endsWith('GOODS_OWNER_ID')) return '41';
  if (name.endsWith('SHOPIFY_SHOP')) return 'example.myshopify.com';
  if (name.endsWith('SHOPIFY_LOCATION')) return '65790345456';
  if (name.endsWith('WAREHOUSE_ID')) return '4';
  return 'example';
}

const secretTexts: Record<string, string> = {
  database_url: 'postgres://samlast:secret@postgres:5432/samlast',
  service_tokens: 'console:0123456789abcdef0123,channels:abcdef0123456789abcd',
  se_webhook_secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  eu_webhook_secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  no_webhook_secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  de_woocommerce_key: `ck_${'0'.repeat(40)}`,
  de_woocommerce_secret: `cs_${'0'.repeat(40)}`,
};

const files = mkdtempSync(join(tmpdir(), 'samlast-compose-'));
afterAll(() => rmSync(files, { recursive: true }));

/** The environment that the container would have, with secrets and channels.json as files of this machine. */
function environmentOf(service: ComposeService): Record<string, string> {
  const dir = mkdtempSync(join(files, 'service-'));
  const environment: Record<string, string> = {};
  for (const [name, raw] of Object.entries(service.environment ?? {})) {
    const value = String(raw).replace(
      /\$\{(\w+)(:[?-][^}]*)?\}/g,
      (_, variable: string, fallback?: string) =>
        fallback?.startsWith(':-') ? fallback.slice(2) : example(variable),
    );
    const secret = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
    if (secret) {
      expect(service.secrets).toContain(secret);
      const file = join(dir, secret);
      writeFileSync(file, secretTexts[secret] ?? 'a-secret-of-at-least-twenty-four-characters');
      environment[name] = file;
    } else if (name === 'CHANNELS_FILE') environment[name] = compose.configs.channels?.file ?? '';
    else environment[name] = value;
  }
  return environment;
}

describe('docker-compose.yml', () => {
  it('has a container for every app', () => {
    const deployed = new Set(appServices.map(([, service]) => service.build?.args?.APP));
    expect([...deployed].toSorted()).toEqual(apps.toSorted());
  });

  it.each(services)('%s does not run as root', (_name, service) => {
    expect(service.user).toBeDefined();
    expect(['root', '0', '0:0']).not.toContain(service.user);
  });

  it.each(services.filter(([, service]) => service.restart !== 'no'))(
    '%s has a health check',
    (_name, service) => {
      expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
    },
  );

  it.each(appServices)('%s gets an environment that its own schema accepts', async (_name, container) => {
    const app = container.build?.args?.APP ?? '';
    const service = await serviceOf(app);
    expect(() => readConfig(app, service.config, environmentOf(container))).not.toThrow();
  });

  // A name that is misspelt would be passed over in silence, and its default used.
  it.each(appServices)('%s gets no variable that it does not read', async (_name, container) => {
    const read = await variablesOfApp(container.build?.args?.APP ?? '');
    const names = Object.keys(container.environment ?? {}).map((name) => name.replace(/_FILE$/, ''));
    // CHANNELS_FILE alone is not a variable's file, but a variable.
    const unread = names.filter((name) => ![name, `${name}_FILE`].some((one) => read.includes(one)));
    expect(unread).toEqual([]);
  });

  it.each(appServices)('%s would be refused without its secrets', async (_name, container) => {
    const app = container.build?.args?.APP ?? '';
    const service = await serviceOf(app);
    const { DATABASE_URL_FILE: _left, ...rest } = environmentOf(container);
    expect(() => readConfig(app, service.config, rest)).toThrow('DATABASE_URL is not set');
  });

  it('names a file for every secret that a service uses', () => {
    const used = new Set(services.flatMap(([, service]) => service.secrets ?? []));
    expect([...used].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
  });
});
