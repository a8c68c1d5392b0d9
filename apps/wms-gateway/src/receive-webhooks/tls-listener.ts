import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, MutualTls } from '@samlast/service';
import type { Config } from '../config.ts';

/** Opens the port for webhooks over mutual TLS, where one is configured. */
@Injectable()
export class TlsListener implements OnApplicationBootstrap {
  port: number | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly mutualTls: MutualTls,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { WEBHOOK_TLS_PORT: port, SERVICE_HOST: host } = this.config;
    const { WEBHOOK_TLS_CERT: cert, WEBHOOK_TLS_KEY: key, WEBHOOK_CLIENT_CA: ca } = this.config;
    if (port === undefined || !cert || !key || !ca) return;
    this.port = await this.mutualTls.listen({ port, host, cert, key, ca, path: '/webhooks/ongoing' });
  }
}
