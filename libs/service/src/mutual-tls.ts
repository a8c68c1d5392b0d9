import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Log } from './log.ts';

export interface MutualTlsPort {
  readonly port: number;
  readonly host: string;
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  /** Whose client certificates are let in. */
  readonly ca: string;
  /** What is served there, and nothing else of the service. */
  readonly path: string;
}

/** Ports of their own where nobody comes in without a client certificate. */
@Injectable()
export class MutualTls implements BeforeApplicationShutdown {
  private readonly servers: Server[] = [];

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly log: Log,
  ) {}

  /** Answers with the port, once it listens. */
  async listen({ port, host, path, ...secrets }: MutualTlsPort): Promise<number> {
    const fastify: FastifyInstance = this.adapter.httpAdapter.getInstance();
    const options = {
      ...secrets,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2' as const,
    };
    const server = createServer(options, (request, response) => {
      if (request.url?.split('?')[0] === path) fastify.routing(request, response);
      else response.writeHead(404).end();
    });
    server.on('tlsClientError', (error: Error & { code?: string }) =>
      this.log.debug('a connection without a certificate that is let in was refused', {
        reason: error.code ?? error.message,
      }),
    );
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const { port: opened } = server.address() as AddressInfo;
    this.log.info('it also listens for callers with a client certificate', { port: opened, path });
    return opened;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      this.servers.map(async (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
      }),
    );
  }
}
