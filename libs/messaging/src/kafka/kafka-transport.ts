import type { DataSource } from 'typeorm';
import type { BusCatalogue } from '../catalogue.ts';
import { EmbeddedTransport } from '../embedded/embedded-transport.ts';
import type { KafkaOptions, MessagingOptions } from '../options.ts';
import type { SideConnection } from '../side-connection.ts';

export class KafkaTransport extends EmbeddedTransport {
  constructor(
    source: DataSource,
    catalogue: BusCatalogue,
    options: MessagingOptions & { bus: KafkaOptions },
    side: SideConnection,
  ) {
    super(source, catalogue, options, side);
  }
}
