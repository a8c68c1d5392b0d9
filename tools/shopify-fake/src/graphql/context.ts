import { getDirectiveValues, type GraphQLResolveInfo } from 'graphql';
import { ShopRefusal, type World } from '../shop/world.ts';
import { refusal } from './refusals.ts';
import type { Views } from './views.ts';

const KEPT_MS = 24 * 60 * 60_000;
const MISMATCH = 'The same idempotency key cannot be used with different operation parameters.';

/** What each resolver works with. */
export interface Context {
  readonly world: World;
  readonly views: Views;
  readonly scopes: ReadonlySet<string>;
  readonly keys: IdempotencyKeys;
}

/** The app's access to something; writing includes reading. */
export function need({ scopes }: Context, ...anyOf: string[]): void {
  const has = anyOf.some(
    (scope) =>
      scopes.has(scope) || (scope.startsWith('read_') && scopes.has(scope.replace('read_', 'write_'))),
  );
  if (has) return;
  const wanted = anyOf.map((scope) => `\`${scope}\` access scope`).join(' or ');
  throw refusal(`Access denied for this field. Required access: ${wanted}.`, 'ACCESS_DENIED', {
    documentation: 'https://shopify.dev/api/usage/access-scopes',
    requiredAccess: wanted,
  });
}

/** A mutation whose refusals are told in its answer, under one name. */
export function answering<Payload extends object>(
  act: () => Payload,
  { errors = 'userErrors', codes = true }: { errors?: string; codes?: boolean } = {},
): Record<string, unknown> {
  try {
    return { [errors]: [], userErrors: [], ...act() };
  } catch (error) {
    if (!(error instanceof ShopRefusal)) throw error;
    const { message, field, code } = error;
    return { userErrors: [], [errors]: [{ message, field, ...(codes && { code }) }] };
  }
}

/** Answers of mutations by their idempotency keys: a repeat gets the first answer and changes nothing. */
export class IdempotencyKeys {
  private readonly answers = new Map<string, { args: string; at: number; answer: Record<string, unknown> }>();

  /** @throws where the directive is missing, as from 2026-04 on */
  once(info: GraphQLResolveInfo, args: object, act: () => Record<string, unknown>): Record<string, unknown> {
    const directive = info.schema.getDirective('idempotent');
    const [node] = info.fieldNodes;
    const given = directive && node && getDirectiveValues(directive, node, info.variableValues);
    if (!given) {
      const text = 'The @idempotent directive is required for this mutation but was not provided.';
      throw refusal(text, 'BAD_REQUEST');
    }
    const name = `${info.fieldName} ${String(given.key)}`;
    const known = this.answers.get(name);
    if (known && known.at > Date.now() - KEPT_MS) {
      if (known.args === JSON.stringify(args)) return known.answer;
      return {
        userErrors: [{ message: MISMATCH, field: null, code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' }],
      };
    }
    const answer = act();
    this.answers.set(name, { args: JSON.stringify(args), at: Date.now(), answer });
    return answer;
  }
}
