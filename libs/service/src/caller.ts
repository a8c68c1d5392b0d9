import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { BaseConfig } from './config.ts';
import { CONFIG } from './tokens.ts';

const PUBLIC = 'samlast:public';

/**
 * Leaves a route or controller open to everybody who reaches the port: it checks its callers itself, or needs not to.
 */
export const Public = () => SetMetadata(PUBLIC, true);

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Lets in who carries one of SERVICE_TOKENS as bearer token. Without tokens the service is on loopback only. */
@Injectable()
export class CallerGuard implements CanActivate {
  private readonly callers: { digest: Buffer; caller: string }[];

  /** Headers that were let in: as many as there are tokens, and found by their hash, so that no time tells of one. */
  private readonly letIn = new Set<string>();

  constructor(
    @Inject(CONFIG) config: BaseConfig,
    private readonly reflector: Reflector,
  ) {
    this.callers = [...config.SERVICE_TOKENS].map(([token, caller]) => ({ digest: digest(token), caller }));
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http' || this.callers.length === 0) return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const { authorization = '' } = request.headers;
    if (this.letIn.has(authorization)) return true;
    const given = digest(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
    // All are compared, so that the time tells nothing about which one was near.
    const found = this.callers.filter((known) => timingSafeEqual(known.digest, given));
    if (found.length === 0) {
      throw new UnauthorizedException('Send "Authorization: Bearer <token>" with a token of SERVICE_TOKENS.');
    }
    this.letIn.add(authorization);
    return true;
  }
}
