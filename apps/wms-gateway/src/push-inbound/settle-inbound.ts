import { isForeign, lookTwice } from '../push-orders/judge.ts';
import { later, type Later, type Outcome } from '../write-queue/write.ts';

type Verdict = Outcome | 'write';
type NotDone =
  | { readonly outcome: 'unknown'; readonly cause: Parameters<typeof later>[0] }
  | { readonly outcome: 'refused'; readonly text: string };

/** What there is says of a write; where it looks like a stranger's, it is looked at once more. */
export const judgedTwice =
  (look: (refusal?: string) => Promise<Verdict>) =>
  (refusal?: string): Promise<Verdict> =>
    lookTwice(
      () => look(refusal),
      (verdict) => !isForeign(verdict),
    );

/** What a write has come to that was not answered as done. */
export async function settleInbound(
  answer: NotDone,
  judge: (text: string) => Promise<Verdict>,
): Promise<Outcome | Later> {
  if (answer.outcome === 'unknown') return later(answer.cause);
  const after = await judge(answer.text);
  return after === 'write' ? { kind: 'later', fault: answer.text, reached: true } : after;
}
