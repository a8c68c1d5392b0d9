import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { DirectAnswer } from '@samlast/service';
import type { FastifyReply } from 'fastify';

/** Why a request was not even decided on. */
export type WhyAgain = 'full' | 'in-flight' | 'ending';

export const RETRY_AFTER_S = 1;

const inFlight = `This claim is being decided at this moment. Ask again in ${RETRY_AFTER_S} s for the same answer.`;
const busy = `More claims wait than can be answered soon. Nothing was promised: ask again in ${RETRY_AFTER_S} s under the same key.`;
const BUSY = answer(503, 'claims.busy', busy);

/** Made once: in a rush there are thousands a second. */
const answers: Record<WhyAgain, DirectAnswer> = {
  full: BUSY,
  ending: BUSY,
  'in-flight': answer(409, 'claim.in-flight', inFlight),
};

function answer(status: number, code: string, message: string): DirectAnswer {
  return { status, text: JSON.stringify({ statusCode: status, code, message }), retryAfterS: RETRY_AFTER_S };
}

export const askAgain = (why: WhyAgain): DirectAnswer => answers[why];

/** For those who wait for a promise. */
export class AskAgain extends Error {
  override readonly name = 'AskAgain';

  constructor(readonly why: WhyAgain) {
    super(`the request is to be made again: ${why}`);
  }
}

/** Tells the shop, past everything that is made of an error for people. */
@Catch(AskAgain)
export class SayAskAgain implements ExceptionFilter<AskAgain> {
  catch({ why }: AskAgain, host: ArgumentsHost): void {
    const { status, text, retryAfterS } = askAgain(why);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .header('retry-after', String(retryAfterS))
      .header('content-type', 'application/json; charset=utf-8');
    void reply.status(status).send(text);
  }
}
