import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Why a request was not even decided on: to be asked again, after so many seconds. */
export class AskAgain extends Error {
  override readonly name = 'AskAgain';

  constructor(
    readonly why: 'full' | 'in-flight' | 'ending',
    readonly afterS: number,
  ) {
    // In a rush there are thousands a second, and nobody reads where they come from.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(why);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Tells the shop, past everything that is made of an error for people. */
@Catch(AskAgain)
export class SayAskAgain implements ExceptionFilter<AskAgain> {
  catch({ why, afterS }: AskAgain, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.header('retry-after', String(afterS));
    if (why === 'in-flight') {
      const message = `This claim is being decided at this moment. Ask again in ${afterS} s for the same answer.`;
      void reply.status(409).send({ statusCode: 409, code: 'claim.in-flight', message });
      return;
    }
    const message = `More claims wait than can be answered soon. Nothing was promised: ask again in ${afterS} s under the same key.`;
    void reply.status(503).send({ statusCode: 503, code: 'claims.busy', message });
  }
}
