import { useEffect, useState } from 'preact/hooks';
import type { Changes } from '../live/changes.ts';
import { get, SIGNED_OUT } from './api.ts';

type Listener = (changes: Changes) => void;
const everything: Changes = { orders: [], articles: [], many: true };

/** The one connection over which the console tells what has changed. */
class LiveConnection {
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<(up: boolean) => void>();
  private source?: EventSource;
  private up = true;

  open(): void {
    this.source ??= this.connect();
  }

  close(): void {
    this.source?.close();
    this.source = undefined;
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  watch(watcher: (up: boolean) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.up);
    return () => this.watchers.delete(watcher);
  }

  private connect(): EventSource {
    const source = new EventSource('/api/live');
    source.addEventListener('open', () => {
      // What was told while the connection was down is unknown.
      if (!this.up) for (const listener of this.listeners) listener(everything);
      this.setUp(true);
    });
    source.addEventListener('error', () => this.lost(source));
    source.addEventListener('changes', (event) => {
      const changes = JSON.parse((event as MessageEvent<string>).data) as Changes;
      for (const listener of this.listeners) listener(changes);
    });
    return source;
  }

  private lost(source: EventSource): void {
    this.setUp(false);
    // A browser tries again by itself unless the answer was a refusal, such as while the console starts again.
    if (source.readyState !== EventSource.CLOSED || source !== this.source) return;
    setTimeout(async () => {
      const session = await get<{ signedIn: boolean }>('/api/session').catch(() => undefined);
      if (session && !session.signedIn) dispatchEvent(new Event(SIGNED_OUT));
      else if (source === this.source) this.source = this.connect();
    }, 2_000);
  }

  private setUp(up: boolean): void {
    this.up = up;
    for (const watcher of this.watchers) watcher(up);
  }
}

export const live = new LiveConnection();

/** Whether changes reach this page at once. */
export function useLiveUp(): boolean {
  const [up, setUp] = useState(true);
  useEffect(() => live.watch(setUp), []);
  return up;
}
