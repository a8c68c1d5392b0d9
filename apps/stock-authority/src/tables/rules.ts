import { type Limit, NO_RULES, type Rules } from '../set-rules/rules.ts';

/** Rules as the table holds them, thousandths as texts; an empty object where nothing is set. */
export interface RulesText {
  readonly version?: number;
  readonly safety?: string;
  readonly limits?: Record<string, { cap?: string; pool: string }>;
  readonly backorderMost?: string;
}

export function rulesOf({ version = 0, safety = '0', limits = {}, backorderMost }: RulesText): Rules {
  const codes = Object.entries(limits);
  if (version === 0 && safety === '0' && codes.length === 0) return NO_RULES;
  const limitOf = ({ cap, pool }: { cap?: string; pool: string }): Limit => ({
    pool: BigInt(pool),
    ...(cap !== undefined && { cap: BigInt(cap) }),
  });
  return {
    version,
    safety: BigInt(safety),
    limits: new Map(codes.map(([code, limit]) => [code, limitOf(limit)])),
    ...(backorderMost !== undefined && { backorderMost: BigInt(backorderMost) }),
  };
}

export function textOf(rules: Rules): string {
  if (rules === NO_RULES) return '{}';
  const limits = [...rules.limits].map(([code, { cap, pool }]) => {
    return [code, { pool: pool.toString(), ...(cap !== undefined && { cap: cap.toString() }) }];
  });
  return JSON.stringify({
    version: rules.version,
    safety: rules.safety.toString(),
    limits: Object.fromEntries(limits),
    ...(rules.backorderMost !== undefined && { backorderMost: rules.backorderMost.toString() }),
  });
}
