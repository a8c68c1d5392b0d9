import { z } from 'zod';

/** What a person types to find something. PostgreSQL takes no NUL in a text. */
export const Text = z
  .string()
  .trim()
  .max(100)
  .refine((text) => !text.includes('\0'), 'must be plain text');
