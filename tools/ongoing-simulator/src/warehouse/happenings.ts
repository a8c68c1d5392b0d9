/** Tells whoever listens of what has happened. */
export class Happenings<Event> {
  private readonly listeners: ((event: Event) => void)[] = [];

  on(listener: (event: Event) => void): void {
    this.listeners.push(listener);
  }

  tell(event: Event): void {
    for (const listener of this.listeners) listener(event);
  }
}
