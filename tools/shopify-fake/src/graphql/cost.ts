import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isObjectType,
  getNullableType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

const MUTATION_COST = 10;
const CONNECTION_COST = 2;

interface Question {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Record<string, unknown>;
}

/**
 * The cost of a query in points: an object 1, a connection 2 and its nodes, a mutation 10, what has no members nothing.
 * Before it is run nobody knows how many there are, so as many are counted as were asked for.
 *
 * @param data what it answered, for the actual cost
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  data?: unknown,
): number {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const question = { schema, fragments, variables };
  const isMutation = operation.operation === 'mutation';
  const type = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!type) return 0;
  if (!isMutation) return costOfSelection(question, type, operation.selectionSet, data);
  const fields = fieldsOf(question, type, operation.selectionSet);
  return fields.reduce((sum, { field, parent }) => {
    const answer = data === undefined ? undefined : (member(data, field) ?? null);
    const inner = costOfField(question, parent, field, answer);
    // The payload itself is the mutation's.
    return sum + MUTATION_COST + Math.max(0, inner - 1);
  }, 0);
}

function costOfSelection(
  question: Question,
  type: GraphQLNamedType,
  selection: SelectionSetNode,
  data: unknown,
): number {
  return fieldsOf(question, type, selection).reduce(
    (sum, { field, parent }) =>
      sum +
      costOfField(question, parent, field, data === undefined ? undefined : (member(data, field) ?? null)),
    0,
  );
}

function costOfField(question: Question, parent: GraphQLNamedType, field: FieldNode, data: unknown): number {
  if (!('getFields' in parent) || !field.selectionSet || data === null) return 0;
  const definition = parent.getFields()[field.name.value];
  if (!definition || !('args' in definition)) return 0;
  const type = getNamedType(definition.type);
  const asked = sizeAsked(question, field);
  if (type.name.endsWith('Connection'))
    return CONNECTION_COST + costOfConnection(question, type, field.selectionSet, asked, data);
  if (!isListType(getNullableType(definition.type)))
    return ownCost(type) + costOfSelection(question, type, field.selectionSet, data);
  const { selectionSet } = field;
  if (data === undefined)
    return (asked ?? 1) * (ownCost(type) + costOfSelection(question, type, selectionSet, undefined));
  return (data as unknown[]).reduce<number>(
    (sum, one) =>
      sum + (one === null ? 0 : ownCost(type) + costOfSelection(question, type, selectionSet, one)),
    0,
  );
}

function costOfConnection(
  question: Question,
  type: GraphQLNamedType,
  selection: SelectionSetNode,
  asked: number | undefined,
  data: unknown,
): number {
  // An edge is no object of its own, and the page's place costs nothing.
  return fieldsOf(question, type, selection).reduce((sum, { field, parent }) => {
    const name = field.name.value;
    if (!('getFields' in parent) || !field.selectionSet || (name !== 'nodes' && name !== 'edges')) return sum;
    const inner = parent.getFields()[name];
    if (!inner) return sum;
    const named = getNamedType(inner.type) as GraphQLNamedType;
    const own = name === 'nodes' ? ownCost(named) : 0;
    const { selectionSet } = field;
    if (data === undefined)
      return sum + (asked ?? 1) * (own + costOfSelection(question, named, selectionSet, undefined));
    const list = (member(data, field) ?? []) as unknown[];
    return (
      sum +
      list.reduce<number>((all, one) => all + own + costOfSelection(question, named, selectionSet, one), 0)
    );
  }, 0);
}

const ownCost = (type: GraphQLNamedType) => (isObjectType(type) || isAbstractType(type) ? 1 : 0);

/** How many a field may answer at most, by its arguments. */
function sizeAsked({ variables }: Question, field: FieldNode): number | undefined {
  for (const { name, value } of field.arguments ?? []) {
    const given = valueFromASTUntyped(value, variables);
    if ((name.value === 'first' || name.value === 'last') && typeof given === 'number') return given;
    if ((name.value === 'ids' || name.value === 'names') && Array.isArray(given)) return given.length;
  }
  return undefined;
}

interface FieldIn {
  readonly field: FieldNode;
  readonly parent: GraphQLNamedType;
}

function fieldsOf(question: Question, type: GraphQLNamedType, selection: SelectionSetNode): FieldIn[] {
  return selection.selections.flatMap((one): FieldIn[] => {
    if (one.kind === Kind.FIELD) return [{ field: one, parent: type }];
    const fragment = one.kind === Kind.INLINE_FRAGMENT ? one : question.fragments.get(one.name.value);
    const condition = fragment?.typeCondition?.name.value;
    const inner = condition ? question.schema.getType(condition) : type;
    return fragment && inner ? fieldsOf(question, inner, fragment.selectionSet) : [];
  });
}

function member(data: unknown, field: FieldNode): unknown {
  return (data as Record<string, unknown> | null)?.[field.alias?.value ?? field.name.value];
}
