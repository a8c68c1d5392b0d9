import type { z } from 'zod';
import { invalidParam, Refusal } from './refusal.ts';

/** A body by its schema. What the fake does not know is refused as such, so that nothing is taken for done. */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw new Refusal(501, 'fake_not_built', `This fake does not know what ${issue.keys.join(', ')} does.`);
  throw invalidParam(issue?.path.join('.') ?? 'body', issue?.message ?? 'is wrong');
}
