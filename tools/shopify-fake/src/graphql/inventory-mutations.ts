import type { GraphQLResolveInfo } from 'graphql';
import { setQuantities } from '../shop/catalogue.ts';
import { gid, seconds } from '../shop/world.ts';
import { answering, type Context, need } from './context.ts';
import { numberOf, refusal } from './refusals.ts';

interface QuantityInput {
  readonly inventoryItemId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly changeFromQuantity?: number | null;
}

interface SetInput {
  readonly name: string;
  readonly reason: string;
  readonly referenceDocumentUri?: string | null;
  readonly quantities: QuantityInput[];
}

export const inventoryMutations = {
  inventorySetQuantities(args: { input: SetInput }, context: Context, info: GraphQLResolveInfo) {
    need(context, 'write_inventory');
    const { quantities } = args.input;
    if (quantities.length > 250) {
      const text = `The input array size of ${quantities.length} is greater than the maximum allowed of 250.`;
      throw refusal(text, 'MAX_INPUT_SIZE_EXCEEDED');
    }
    // Not said by the schema: without the member the mutation fails when it is run.
    if (quantities.some((one) => one.changeFromQuantity === undefined)) {
      const text = 'InventoryQuantityInput must include the following argument: changeFromQuantity.';
      throw refusal(text, 'INVALID_FIELD_ARGUMENTS');
    }
    return context.keys.once(info, args, () => answering(() => set(args.input, context)));
  },
};

function set(input: SetInput, { world, views }: Context) {
  const changes = setQuantities(world, {
    ...input,
    quantities: input.quantities.map(({ inventoryItemId, locationId, quantity, changeFromQuantity }) => ({
      item: numberOf(inventoryItemId, 'InventoryItem'),
      location: numberOf(locationId, 'Location'),
      quantity,
      changeFromQuantity: changeFromQuantity ?? null,
    })),
  });
  return {
    inventoryAdjustmentGroup: {
      __typename: 'InventoryAdjustmentGroup',
      id: gid('InventoryAdjustmentGroup', world.id()),
      createdAt: seconds(world.now()),
      reason: input.reason,
      referenceDocumentUri: input.referenceDocumentUri ?? null,
      changes: changes.map(({ variant, location, delta, after }) => ({
        name: input.name,
        delta,
        quantityAfterChange: after,
        item: () => views.item(variant),
        location: () => views.location(location),
      })),
    },
  };
}
