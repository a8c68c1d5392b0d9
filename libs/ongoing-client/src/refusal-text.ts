import { z } from 'zod';

const Fault = z.object({
  message: z.string().optional().catch(undefined),
  Message: z.string().optional().catch(undefined),
  modelState: z.record(z.string(), z.array(z.string())).optional().catch(undefined),
});

const TEXT_LENGTH_MAX = 1000;
// Shorter values, such as a country code, stand in order numbers too.
const PRIVATE_LENGTH_MIN = 3;
const PRIVATE =
  /^(consignee|emailNotification|smsNotification|telephoneNotification|orderRemark|purchaseOrderRemark)$/;

/**
 * What Ongoing says about a refusal, for people. Whatever of the consignee's data and of the buyer's own words it
 * repeats from the request is blotted out, because this text goes into events and lists.
 */
export function refusalText(answer: string, request?: object): string {
  let text = words(answer)
    .replaceAll(/<br\s*\/?>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  for (const value of privateValues(request)) text = text.replaceAll(value, '…');
  return (text || 'no reason given').slice(0, TEXT_LENGTH_MAX);
}

function words(answer: string): string {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    return 'the answer is a page, not JSON; check the base URL';
  }
  const parsed = Fault.safeParse(json);
  if (!parsed.success) return '';
  const { message, Message, modelState } = parsed.data;
  const fields = Object.entries(modelState ?? {}).map(([field, faults]) => `${field}: ${faults.join(', ')}`);
  return [message ?? Message, ...fields].filter(Boolean).join(' ');
}

function privateValues(request: object | undefined): string[] {
  const values: string[] = [];
  const take = (value: unknown) => {
    if (typeof value === 'string' && value.trim().length >= PRIVATE_LENGTH_MIN) values.push(value.trim());
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(take);
  };
  for (const [name, value] of Object.entries(request ?? {})) if (PRIVATE.test(name)) take(value);
  const { orderLines = [] } = (request ?? {}) as { orderLines?: readonly { comment?: unknown }[] };
  for (const line of orderLines) take(line.comment);
  // Longest first, or a part of a name would leave the rest of it standing.
  return values.toSorted((a, b) => b.length - a.length);
}
