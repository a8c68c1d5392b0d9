import type { Retention } from './retention.ts';
import type { SideConnection } from './side-connection.ts';
import type { Transport } from './transport.ts';

/** Opens the bus once, whoever asks first: the application's start or the consumer's. */
export class Lifecycle {
  private opening: Promise<void> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly side: SideConnection,
    private readonly retention: Retention,
  ) {}

  /** Throws when a topic is missing or differs, which ends the start of the service. */
  open(): Promise<void> {
    this.opening ??= this.openAll();
    return this.opening;
  }

  async close(): Promise<void> {
    this.retention.stop();
    await this.transport.close();
    await this.side.close();
  }

  private async openAll(): Promise<void> {
    await this.side.open();
    await this.transport.prepare();
    await this.transport.publish();
    this.retention.start();
  }
}
