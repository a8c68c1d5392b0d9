/** Looks again and again, one look after another, for what falls due without any message. */
export class RepeatedLook {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private hurried = false;
  private ended = false;

  /** @param look answers whether more is due, which is then looked at without a pause; never throws */
  constructor(
    private readonly everyMs: number,
    private readonly look: () => Promise<boolean>,
  ) {}

  begin(): void {
    this.later(this.everyMs);
  }

  /** Looks at once; where a look is under way, once more when it has ended. Nothing before it has begun. */
  soon(): void {
    if (!this.timer) return;
    this.hurried = true;
    if (!this.running) this.later(0);
  }

  /** Waits for the look that is under way. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private later(ms: number): void {
    if (this.ended) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.turn();
    }, ms).unref();
  }

  private async turn(): Promise<void> {
    this.hurried = false;
    const more = await this.look();
    this.running = undefined;
    this.later(more || this.hurried ? 0 : this.everyMs);
  }
}
