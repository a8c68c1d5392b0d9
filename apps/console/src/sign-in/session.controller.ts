import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  HttpException,
  HttpStatus,
  Post,
  Req,
  Res,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { Log, Public } from '@samlast/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Attempts } from './attempts.ts';
import { OriginGuard } from './origin.guard.ts';
import { Sessions } from './sessions.ts';

const Password = z.strictObject({ password: z.string().max(1000) });

/** One password for all operators: signing in and out. */
@Public()
@UseGuards(OriginGuard)
@Controller('api/session')
export class SessionController {
  private readonly attempts = new Attempts();

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async isOpen(@Req() request: FastifyRequest) {
    return { signedIn: await this.sessions.isOpen(request.headers.cookie) };
  }

  @Post()
  @HttpCode(200)
  async signIn(
    @Body({ schema: Password }) { password }: z.output<typeof Password>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const seconds = this.attempts.waitSeconds(request.ip);
    if (seconds > 0) {
      void reply.header('retry-after', String(seconds));
      const message = `Too many wrong passwords. Try again in ${seconds} s.`;
      throw new HttpException({ statusCode: 429, message }, HttpStatus.TOO_MANY_REQUESTS);
    }
    if (!this.sessions.isPassword(password)) {
      this.attempts.failed(request.ip);
      this.log.warn('a wrong password was given to the console');
      throw new UnauthorizedException('That is not the password. It is the one in CONSOLE_PASSWORD.');
    }
    void reply.header('set-cookie', await this.sessions.start());
    return { signedIn: true };
  }

  @Delete()
  @HttpCode(200)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    void reply.header('set-cookie', await this.sessions.end(request.headers.cookie));
    return { signedIn: false };
  }
}
