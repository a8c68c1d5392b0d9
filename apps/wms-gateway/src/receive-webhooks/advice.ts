import type { Gap, SightingKind } from './gaps.ts';

export interface WebhookState {
  readonly isOn: boolean;
  readonly withinMin: number;
  /** Of the last day. */
  readonly gaps: readonly Gap[];
  readonly received: number;
  readonly lastAt: Date | null;
  readonly refusedAt: Date | undefined;
}

const WORDS: Record<SightingKind, string> = { order: 'orders', 'purchase-order': 'purchase orders' };
const SET_UP = 'In Ongoing, Administration, Webhooks';

/** What a person should do about it, in sentences; none where all is well, or where nobody wants webhooks. */
export function advise(state: WebhookState): string[] {
  if (!state.isOn) return [];
  return (Object.keys(WORDS) as SightingKind[]).flatMap((kind) => [
    ...untold(state, kind),
    ...unpolled(state, kind),
  ]);
}

function untold(
  { gaps, received, lastAt, refusedAt, withinMin }: WebhookState,
  kind: SightingKind,
): string[] {
  const found = gaps.filter((gap) => gap.kind === kind && gap.side === 'untold');
  const count = found.reduce((sum, gap) => sum + gap.count, 0);
  if (count === 0) return [];
  const what = WORDS[kind];
  const such = `${count} changes of the last day, such as of ${found[0]?.number}, were found by polling alone`;
  if (received === 0 && refusedAt)
    return [
      `Ongoing's webhook for ${what} is refused, last at ${refusedAt.toISOString()}: ${such}. ${SET_UP}, its authentication must be what WEBHOOK_TOKEN or the client certificate of the gateway says.`,
    ];
  if (received === 0)
    return [
      `Ongoing's webhook for ${what} does not reach us: ${such}. ${SET_UP}, see that it is enabled and has the gateway's address, and press Test. Until then everything comes by polling, a little later.`,
    ];
  const statuses = [...new Set(found.map(({ status }) => status))].toSorted((a, b) => a - b).join(', ');
  return [
    `Ongoing's webhook does not tell of all ${what}: ${such}, with status ${statuses}, not within ${withinMin} min of it (the last webhook came at ${lastAt?.toISOString() ?? 'no time'}). ${SET_UP}, tick these statuses and take the retry policy "one day", or leave it: polling finds them.`,
  ];
}

function unpolled({ gaps, withinMin }: WebhookState, kind: SightingKind): string[] {
  const found = gaps.filter((gap) => gap.kind === kind && gap.side === 'unpolled');
  const count = found.reduce((sum, gap) => sum + gap.count, 0);
  if (count === 0) return [];
  return [
    `Polling does not find all ${WORDS[kind]}: ${count} changes of the last day, such as of ${found[0]?.number}, were told by a webhook and not found by polling within ${withinMin} min. Were a webhook lost, such a change would come late. Look at the gateway's log for reads that fail, and run npm run ongoing:check: it finds out whether Ongoing's clock and its feed of changed statuses are as assumed (A3).`,
  ];
}
