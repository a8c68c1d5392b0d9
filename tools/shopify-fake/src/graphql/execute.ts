import {
  type DocumentNode,
  executeSync,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
} from 'graphql';
import type { Bucket } from './bucket.ts';
import type { Context } from './context.ts';
import { costOf } from './cost.ts';
import { fulfilmentMutations } from './fulfilment-mutations.ts';
import { inventoryMutations } from './inventory-mutations.ts';
import { orderMutations } from './order-mutations.ts';
import { queries } from './queries.ts';
import { refusal } from './refusals.ts';
import { schema } from './schema.ts';
import { webhookMutations } from './webhook-mutations.ts';

const COST_MOST = 1000;
const LIMITS = 'https://shopify.dev/api/usage/rate-limits';

const rootValue = {
  ...queries,
  ...inventoryMutations,
  ...orderMutations,
  ...fulfilmentMutations,
  ...webhookMutations,
};

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

interface Read {
  /** Absent where there are faults. */
  readonly document?: DocumentNode;
  readonly faults: readonly GraphQLError[];
}

/** An app asks the same few things over and over. */
const known = new Map<string, Read>();
const KNOWN_MOST = 500;

function read(query: string): Read {
  const before = known.get(query);
  if (before) return before;
  const now = readNew(query);
  if (known.size >= KNOWN_MOST) known.clear();
  known.set(query, now);
  return now;
}

function readNew(query: string): Read {
  try {
    const document = parse(query);
    const faults = validate(schema, document);
    return faults.length > 0 ? { faults } : { document, faults };
  } catch (error) {
    if (error instanceof GraphQLError) return { faults: [error] };
    throw error;
  }
}

/** Answers as the real interface does: always with HTTP 200, and with what it cost. */
export function answerTo(
  { query, variables = {}, operationName }: GraphqlRequest,
  context: Context,
  bucket: Bucket,
  throttled: boolean,
): FormattedExecutionResult {
  const { document, faults } = read(query);
  if (!document) return { errors: faults.map((fault) => fault.toJSON()) };
  const operation = getOperationAST(document, operationName);
  if (!operation) return { errors: [refusal('An operation name is required', 'BAD_REQUEST').toJSON()] };
  const requested = costOf(schema, document, operation, variables);
  if (requested > COST_MOST) {
    const text = `Query cost is ${requested}, which exceeds the single query max cost limit (${COST_MOST}).`;
    const more = { cost: requested, maxCost: COST_MOST, documentation: LIMITS };
    return { errors: [refusal(text, 'MAX_COST_EXCEEDED', more).toJSON()] };
  }
  if (throttled || !bucket.take(requested)) {
    const cost = { requestedQueryCost: requested, actualQueryCost: null, throttleStatus: bucket.status() };
    const error = refusal('Throttled', 'THROTTLED', { documentation: LIMITS });
    return { errors: [error.toJSON()], extensions: { cost } };
  }
  const result = executeSync({
    schema,
    document,
    rootValue,
    contextValue: context,
    variableValues: variables,
    operationName,
  });
  const actual = result.data ? costOf(schema, document, operation, variables, result.data) : 0;
  bucket.giveBack(requested - actual);
  const cost = {
    requestedQueryCost: requested,
    actualQueryCost: actual,
    throttleStatus: bucket.status(),
  };
  return {
    ...(result.errors && { errors: result.errors.map((error) => error.toJSON()) }),
    ...(result.data !== undefined && { data: result.data }),
    extensions: { cost },
  };
}
