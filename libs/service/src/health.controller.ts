import { Controller, Get, HttpCode, Injectable, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from './caller.ts';

/** Answers undefined while all is well, otherwise why the service cannot do its work, in words for a person. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined;

/** What a service's readiness consists of. Modules add their own checks. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, HealthCheck>();

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Runs all checks; the answer names each that fails. */
  async faults(): Promise<Record<string, string>> {
    const faults: Record<string, string> = {};
    for (const [name, check] of this.checks) {
      try {
        const fault = await check();
        if (fault) faults[name] = fault;
      } catch (error) {
        faults[name] = `the check itself failed (${(error as Error).name})`;
      }
    }
    return faults;
  }
}

@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process answers; whether it can work is what `ready` says. */
  @Get('live')
  @HttpCode(200)
  live() {
    return { live: true };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const faults = await this.health.faults();
    const ready = Object.keys(faults).length === 0;
    void reply.status(ready ? 200 : 503);
    return { ready, ...(!ready && { faults }) };
  }
}
