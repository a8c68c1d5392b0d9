import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Callers } from './caller.ts';
import { Log } from './log.ts';

/** By their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What is answered, as the JSON text that goes out. */
export interface DirectAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterS?: number;
}

export interface DirectRoute {
  readonly path: string;
  /** Asked before a body is read: an answer here is the request's, and costs next to nothing. */
  readonly turnAway: () => DirectAnswer | undefined;
  /** What it throws is logged and answered with 500; the answer may come at any later time, once. */
  readonly take: (headers: RequestHeaders, body: unknown, answer: (one: DirectAnswer) => void) => void;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Routes past Nest, for requests that come by the thousand a second: no pipe, no interceptor and no exception stands
 * between a request and its answer. Tokens are asked for as everywhere.
 */
@Injectable()
export class DirectRoutes {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly callers: Callers,
    private readonly log: Log,
  ) {}

  /** To be called before the service listens: in onModuleInit. */
  post(route: DirectRoute): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    // In a scope of its own, since the parser for everybody else also keeps the bytes of each body.
    void server.register(async (scope) => {
      scope.removeContentTypeParser('application/json');
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
        try {
          done(null, JSON.parse(text as string));
        } catch {
          done(null, NO_JSON);
        }
      });
      scope.addHook('onRequest', (request, reply, next) => {
        const refused = this.callers.has(request.headers.authorization) ? route.turnAway() : stranger;
        if (refused) send(reply, refused);
        else next();
      });
      scope.post(route.path, (request, reply) => {
        if (request.body === NO_JSON) send(reply, noJson);
        else this.take(route, request, reply);
      });
    });
  }

  private take({ path, take }: DirectRoute, request: FastifyRequest, reply: FastifyReply): void {
    try {
      take(request.headers, request.body, (one) => send(reply, one));
    } catch (error) {
      this.log.error('a request could not be handled', { method: 'POST', path, error });
      send(reply, failed);
    }
  }
}

function send(reply: FastifyReply, { status, text, retryAfterS }: DirectAnswer): void {
  if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
  void reply.code(status).header('content-type', JSON_TYPE).send(text);
}

const NO_JSON = Symbol('not JSON');
const textOf = (statusCode: number, error: string, message: string) =>
  JSON.stringify({ statusCode, message, error });
const stranger: DirectAnswer = { status: 401, text: textOf(401, 'Unauthorized', Callers.advice) };
const noJson: DirectAnswer = {
  status: 400,
  text: textOf(400, 'Bad Request', 'The body is not JSON: check commas, quotes and brackets.'),
};
const failed: DirectAnswer = {
  status: 500,
  text: textOf(
    500,
    'Internal Server Error',
    'The request could not be handled; the log of the service says why.',
  ),
};
