import type { z } from 'zod';

/** Zod's own messages may hold the value; these do not. */
export function problemOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue?.code === 'custom') return issue.message;
  return 'has the wrong form';
}
