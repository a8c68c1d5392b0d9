import type { ClaimCommand } from './decide-claim.ts';

/** A command as it was asked for: its time counts from when it is decided. */
export type ClaimRequest = ClaimCommand extends infer Command
  ? Command extends { expiresAt: Date }
    ? Omit<Command, 'expiresAt'> & { readonly expiresInS: number }
    : Command
  : never;

export type Opening = ClaimRequest & { readonly kind: 'open' };

export function commandOf(request: ClaimRequest, nowMs: number): ClaimCommand {
  if (!('expiresInS' in request)) return request;
  const { expiresInS, ...rest } = request;
  return { ...rest, expiresAt: new Date(nowMs + expiresInS * 1000) };
}
