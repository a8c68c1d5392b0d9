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

/** Who may use this service. Without tokens everybody who reaches it may, since it is on loopback only then. */
@Injectable()
export class Callers {
  static readonly advice = 'Send "Authorization: Bearer <token>" with a token of SERVICE_TOKENS.';

  private readonly known: Buffer[];

  /** Headers that were let in: as many as there are tokens, and found by their hash, so that no time tells of one. */
  private readonly letIn = new Set<string>();

  constructor(@Inject(CONFIG) config: BaseConfig) {
    this.known = [...config.SERVICE_TOKENS.keys()].map(digest);
  }

  /** Whether this header carries one of SERVICE_TOKENS. */
  has(authorization = ''): boolean {
    if (this.known.length === 0 || this.letIn.has(authorization)) return true;
    const given = digest(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
    // All are compared, so that the time tells nothing about which one was near.
    const found = this.known.filter((one) => timingSafeEqual(one, given));
    if (found.length > 0) this.letIn.add(authorization);
    return found.length > 0;
  }
}

/** Lets in who carries one of SERVICE_TOKENS as bearer token. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    if (this.callers.has(request.headers.authorization)) return true;
    throw new UnauthorizedException(Callers.advice);
  }
}
