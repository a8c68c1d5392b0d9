import { GraphQLError } from 'graphql';

/** An error of the whole answer, not of what a mutation says in `userErrors`. */
export function refusal(message: string, code: string, more: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more } });
}

/** `gid://shopify/Order/1` → 1. */
export function numberOf(id: string, ...types: string[]): number {
  const [, type, number] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(id) ?? [];
  if (!type || !number) throw refusal(`Invalid global id '${id}'`, 'argumentLiteralsIncompatible');
  if (types.length > 0 && !types.includes(type)) throw refusal('invalid id', 'RESOURCE_NOT_FOUND');
  return Number(number);
}
