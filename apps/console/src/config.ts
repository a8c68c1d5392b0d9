import { defineConfig } from '@samlast/service';
import { z } from 'zod';

const HTTP = /^https?:$/;

/** `stock-authority=http://127.0.0.1:7410,channel-se=http://…`: where the services' commands are. */
const Services = z
  .string()
  .transform((text, context) => {
    const services = new Map<string, string>();
    for (const entry of text.split(',').filter(Boolean)) {
      const at = entry.indexOf('=');
      const [name, address] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
      if (
        !/^[a-z][a-z0-9-]{0,49}$/.test(name) ||
        !URL.canParse(address) ||
        !HTTP.test(new URL(address).protocol)
      ) {
        context.addIssue({
          code: 'custom',
          message: `must read name=http://host:port,…: '${entry}' does not`,
        });
      } else if (services.has(name)) {
        context.addIssue({ code: 'custom', message: `names ${name} twice` });
      } else services.set(name, address.replace(/\/$/, ''));
    }
    return services;
  })
  .refine((services) => services.size > 0, 'must name at least one service');

export const config = defineConfig({
  CONSOLE_PASSWORD: z.string().min(12, 'must have at least 12 characters'),
  /** How long a sign-in holds. */
  CONSOLE_SESSION_HOURS: z.coerce.number().min(0.1).max(720).default(12),
  /** The address that people type, where a proxy stands before the console: https://console.example.com */
  CONSOLE_ORIGIN: z
    .url({ protocol: HTTP })
    .transform((address) => new URL(address).origin)
    .optional(),
  SERVICES: Services,
  SERVICES_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
});
export type ConsoleConfig = z.output<typeof config>;
