import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Sessions } from './sessions.ts';

/** Lets in who has signed in. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (await this.sessions.isOpen(headers.cookie)) return true;
    throw new UnauthorizedException('Sign in first.');
  }
}
