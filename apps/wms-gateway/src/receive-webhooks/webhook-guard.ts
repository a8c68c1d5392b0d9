import { createHash, timingSafeEqual } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import type { FastifyRequest } from 'fastify';
import { type Config, takesWebhooks } from '../config.ts';
import { WebhookGaps } from './gaps.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

/**
 * Who may send webhooks: whoever knows the token, as X-Auth-Token or as password of HTTP Basic; whoever has a client
 * certificate; or whom a proxy says to have one. Ongoing signs nothing. Looked at before the body is.
 */
@Injectable()
export class WebhookGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly gaps: WebhookGaps,
  ) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.hasToken(request) || this.hasCertificate(request) || this.isVouchedFor(request)) return true;
    this.gaps.refused();
    throw new UnauthorizedException(whyNot(this.config));
  }

  private hasToken({ headers }: FastifyRequest): boolean {
    const { WEBHOOK_TOKEN: expected } = this.config;
    const basic = /^Basic (.+)$/i.exec(String(headers.authorization ?? ''))?.[1];
    const password = basic && Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
    const given = [headers['x-auth-token'], password].filter((value) => typeof value === 'string');
    return expected !== undefined && given.some((token) => same(token, expected));
  }

  /** Only connections to the port of tls-listener.ts are of this kind, and only with a certificate of our CA. */
  private hasCertificate({ raw: { socket } }: FastifyRequest): boolean {
    if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
    const { WEBHOOK_CLIENT_NAME: name } = this.config;
    if (name === undefined) return true;
    const { subject, subjectaltname = '' } = socket.getPeerCertificate();
    const names = subjectaltname.split(', ').map((one) => one.replace(/^DNS:/, ''));
    return [subject?.CN, ...names].flat().includes(name);
  }

  private isVouchedFor({ headers }: FastifyRequest): boolean {
    const { WEBHOOK_CLIENT_HEADER: header } = this.config;
    const given = header && headers[header.name];
    return header !== undefined && typeof given === 'string' && same(given, header.value);
  }
}

function whyNot(config: Config): string {
  if (!takesWebhooks(config))
    return 'Webhooks are switched off: set WEBHOOK_TOKEN at the gateway, and the same token at the webhook in Ongoing.';
  return config.WEBHOOK_TOKEN === undefined
    ? 'Send the client certificate that WEBHOOK_CLIENT_CA, or the proxy before the gateway, asks for.'
    : 'Send the token of WEBHOOK_TOKEN as X-Auth-Token, or as password of HTTP Basic.';
}
