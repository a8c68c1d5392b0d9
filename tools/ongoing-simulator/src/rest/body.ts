import { z } from 'zod';
import { Refusal } from '../warehouse/refusal.ts';
import type { Fields } from '../warehouse/model.ts';
import type { Call } from './route.ts';

/** Texts may come as numbers, numbers as numeric strings. */
export const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .pipe(z.string().min(1));
export const decimal = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform((value) => Number(value));

/** The body, if it fits; faults are answered as ASP.NET does, by field. */
export function checkBody<T extends z.ZodObject>(
  call: Pick<Call, 'body' | 'warehouse' | 'goodsOwner'>,
  schema: T,
  members: readonly string[],
  keys: readonly string[],
): z.output<T> {
  const result = schema.safeParse(call.body);
  if (!result.success) throw new Refusal(400, 'The request is invalid.', faultsOf(result.error));
  const { goodsOwnerId } = result.data as { goodsOwnerId?: number };
  if (goodsOwnerId !== undefined && goodsOwnerId !== call.goodsOwner.id) {
    throw new Refusal(403, `The user has no access to goods owner ${goodsOwnerId}.`);
  }
  if (call.warehouse.ground.knobs.rejectUnknownKeys) refuseUnknown(result.data, [...members, ...keys]);
  return result.data;
}

export function refuseUnknown(body: object, members: readonly string[], where = ''): void {
  const unknown = Object.keys(body).filter((name) => !members.includes(name));
  if (unknown.length === 0) return;
  const faults = unknown.map((name) => [`${where}${name}`, ['Unknown member.']]);
  throw new Refusal(400, 'The request is invalid.', Object.fromEntries(faults));
}

/** Only the members that Ongoing knows are kept; null clears a member. */
export function known(body: object, members: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(body).filter(([name]) => members.includes(name)));
}

export function faultsOf(error: z.ZodError): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const field = issue.path.length > 0 ? z.core.toDotPath(issue.path) : 'body';
    (faults[field] ??= []).push(issue.message);
  }
  return faults;
}

export const date = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'must be a date');
