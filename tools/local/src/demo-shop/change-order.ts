import type { DemoChange, DemoLine, DemoOrder } from './order.ts';
import { DemoRefusal } from './refusal.ts';

/** The lines of an order after a change, and what that takes off the shelf; below 0 what it puts back. */
export function linesChanged(
  order: DemoOrder,
  changes: NonNullable<DemoChange['lines']>,
): { after: DemoLine[]; taken: Map<string, number> } {
  const after = order.lines.map((line) => ({ ...line }));
  const taken = new Map<string, number>();
  let next = Math.max(0, ...after.map(({ id }) => Number(id))) + 1;
  for (const change of changes) {
    const { quantity } = change;
    if (!Number.isInteger(quantity) || quantity < 0)
      throw new DemoRefusal('quantity must be a whole number of 0 or more.', 409);
    const line =
      'id' in change ? after.find(({ id }) => id === change.id) : addLine(after, change.article, next++);
    if (!line) throw new DemoRefusal(`Order ${order.number} has no such line.`, 409);
    if (quantity < line.fulfilled)
      throw new DemoRefusal(`Order ${order.number} has been shipped already.`, 409);
    taken.set(line.article, (taken.get(line.article) ?? 0) + quantity - line.quantity);
    line.quantity = quantity;
  }
  const left = after.filter(({ quantity }) => quantity > 0);
  if (left.length === 0) throw new DemoRefusal('Nothing would be left of the order: cancel it instead.', 409);
  return { after: left, taken };
}

function addLine(lines: DemoLine[], article: string, id: number): DemoLine {
  const line = { id: String(id), article, quantity: 0, fulfilled: 0 };
  lines.push(line);
  return line;
}
