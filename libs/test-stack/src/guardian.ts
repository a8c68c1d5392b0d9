import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Sees to it that a process does not outlive this one, however this one ends. Exit handlers cannot promise that: none
 * runs after a SIGKILL, and Jest's sandbox hides the real process. So a shell waits for the end of a pipe that only
 * this process holds. A negative target is a process group, as kill(1) has it.
 *
 * @returns a function that calls the guardian off; call it once the process has ended, as pids are used again.
 */
export function endWithThisProcess(target: number, signal: 'INT' | 'KILL'): () => void {
  const guardian = spawn(
    'sh',
    ['-c', 'read -r _; kill -s "$1" -- "$2" 2>/dev/null', 'sh', signal, String(target)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl-C in a terminal reaches the whole process group, and must not end the guardian before its work.
      detached: true,
    },
  );
  letGo(guardian);
  return () => void guardian.kill('SIGKILL');
}

/** Keeps a child process and its pipes from holding this process open. */
export function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
}
