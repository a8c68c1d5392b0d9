import type { System } from '../testing/system.ts';

/**
 * Starts services again that ended by themselves, as a container's supervisor does: a client of Kafka gives up for good
 * on a broker that has just started and is busy.
 */
export class Supervisor {
  /** Which service ended by itself, and its last words. */
  readonly ended: string[] = [];
  private closing = false;
  private readonly killed = new Set<string>();
  private readonly coming = new Map<string, Promise<void>>();

  constructor(private readonly system: System) {
    for (const name of system.names) this.watch(name);
  }

  /** Ends a service as a power cut would. */
  async kill(name: string): Promise<void> {
    await this.coming.get(name);
    this.killed.add(name);
    await this.system.kill(name);
  }

  start(name: string): Promise<void> {
    const coming = this.startAndWatch(name);
    this.coming.set(name, coming);
    return coming;
  }

  /** From now on services may end. */
  close(): void {
    this.closing = true;
  }

  private async startAndWatch(name: string): Promise<void> {
    await this.system.startPart(name);
    this.killed.delete(name);
    this.watch(name);
  }

  private watch(name: string): void {
    void this.startAfterEnd(name);
  }

  private async startAfterEnd(name: string): Promise<void> {
    const process = this.system.process(name);
    const { code, signal } = await process.exited;
    if (this.closing || this.killed.has(name)) return;
    this.ended.push(`${name} ended by itself (${signal ?? code}): ${process.output.trim().slice(-300)}`);
    try {
      await this.start(name);
    } catch (error) {
      this.ended.push(`${name} did not come back: ${String(error)}`);
    }
  }
}
