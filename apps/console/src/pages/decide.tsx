import { useEffect, useRef, useState } from 'preact/hooks';
import { post, type Problem } from './api.ts';
import { Trouble } from './parts.tsx';

const NAME = 'samlast:operator';

export interface Decision {
  /** The button's word, such as Release. */
  verb: string;
  /** What it is about, such as order 5178-SE. */
  what: string;
  /** What will happen, so that nobody has to guess. */
  consequence: string;
  path: string;
  danger?: boolean;
}

interface DecideProps {
  decision: Decision;
  onDone: (said: string) => void;
}

/** A button that asks who decides and why before anything is sent. */
export function Decide({ decision, onDone }: DecideProps) {
  const [open, setOpen] = useState(false);
  const { verb, what, danger } = decision;
  return (
    <>
      <button
        class={danger ? 'danger' : 'primary'}
        aria-label={`${verb} ${what}`}
        onClick={() => setOpen(true)}
      >
        {verb}
      </button>
      {open && <DecideDialog decision={decision} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}

function DecideDialog({ decision, onDone, onClose }: DecideProps & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const known = localStorage.getItem(NAME) ?? '';

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const author = String(form.get('author')).trim();
    const reason = String(form.get('reason')).trim();
    localStorage.setItem(NAME, author);
    setBusy(true);
    try {
      const { said } = await post<{ said: string }>(decision.path, { author, reason });
      onClose();
      onDone(said);
    } catch (problem) {
      setProblem(problem as Problem);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="decide-title" onClose={onClose}>
      <form onSubmit={send}>
        <h2 id="decide-title">
          {decision.verb} {decision.what}?
        </h2>
        <p>{decision.consequence}</p>
        <WhoAndWhy known={known} />
        {problem && <Trouble problem={problem} />}
        <div class="buttons">
          <button type="button" class="plain" onClick={() => dialog.current?.close()}>
            Keep as it is
          </button>
          <button class={decision.danger ? 'danger' : 'primary'} disabled={busy}>
            {decision.verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function WhoAndWhy({ known }: { known: string }) {
  return (
    <>
      <label>
        <span>Your name</span>
        <input
          name="author"
          defaultValue={known}
          required
          maxLength={200}
          autoFocus={!known}
          autoComplete="name"
        />
      </label>
      <label>
        <span>Reason</span>
        <input name="reason" required maxLength={500} autoFocus={Boolean(known)} autoComplete="off" />
      </label>
    </>
  );
}

export const releaseOf = (number: string): Decision => ({
  verb: 'Release',
  what: `order ${number}`,
  consequence: 'All of it is reserved, whatever the figures say, and goes to the warehouse.',
  path: `/api/orders/${encodeURIComponent(number)}/release`,
});

export const rejectOf = (number: string): Decision => ({
  verb: 'Reject',
  what: `order ${number}`,
  consequence: 'The order ends here: its shop is told to cancel it.',
  path: `/api/orders/${encodeURIComponent(number)}/reject`,
  danger: true,
});

export const sendInboundAgainOf = (kind: string, number: string): Decision => ({
  verb: 'Send again',
  what: `${kind === 'return' ? 'return' : 'purchase order'} ${number}`,
  consequence: 'It goes to the warehouse once more. Set right first what it was refused for.',
  path: `/api/inbound/${kind}/${encodeURIComponent(number)}/retry`,
});

export const sendAgainOf = (number: string): Decision => ({
  verb: 'Send again',
  what: `order ${number}`,
  consequence: 'The order goes to the warehouse once more. Set right first what it was refused for.',
  path: `/api/orders/${encodeURIComponent(number)}/retry`,
});
