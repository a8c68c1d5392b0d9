import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
} from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import type { FastifyRequest } from 'fastify';
import type { ConsoleConfig } from '../config.ts';

/**
 * Lets no other site act with an operator's session: whatever changes something must come from the console's own
 * pages.
 */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: ConsoleConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (method === 'GET' || method === 'HEAD') return true;
    const { origin, host } = headers;
    if (origin && URL.canParse(origin)) {
      const own = this.config.CONSOLE_ORIGIN;
      if (own ? new URL(origin).origin === own : new URL(origin).host === host) return true;
    }
    throw new ForbiddenException(
      'This request does not come from the console itself. Behind a proxy, set CONSOLE_ORIGIN to the address that people type.',
    );
  }
}
