import { useState } from 'preact/hooks';
import { post, Problem } from './api.ts';
import { Trouble } from './parts.tsx';

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const signIn = async (event: SubmitEvent) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget as HTMLFormElement).get('password');
    setBusy(true);
    try {
      await post('/api/session', { password });
      onSignedIn();
    } catch (problem) {
      setProblem(problem as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <h1>Samlast</h1>
      <p class="quiet">Many shops, one stock. Sign in with the console's password.</p>
      <form onSubmit={signIn}>
        <label>
          <span>Password</span>
          <input type="password" name="password" autoComplete="current-password" required autoFocus />
        </label>
        {problem && <Trouble problem={problem} />}
        <button class="primary" disabled={busy}>
          Sign in
        </button>
      </form>
    </main>
  );
}
