import { z } from 'zod';
import { id, list, optional, text } from './answer-parts.ts';

// The tenant's registers, as far as they are read.
export const OrderStatuses = z.object({
  orderStatuses: list(z.object({ number: id, text: optional(text) })),
});
export const ReturnOrderStatuses = z.object({
  returnOrderStatuses: list(z.object({ number: id, text: optional(text) })),
});
export const OrderTypes = z.object({
  orderTypes: list(z.object({ code: optional(text), name: optional(text) })),
});
export const Warehouses = z.array(z.object({ id, code: optional(text), name: optional(text) }));
