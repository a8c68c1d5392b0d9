import { HttpException } from '@nestjs/common';
import type { Answer } from './owners.ts';

const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;
/** What a person did wrong or too late is said as such; everything else is between the services. */
const forPeople = new Set([400, 404, 409, 410, 422]);

/** The owner's answer to a command, or its refusal in its own words. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.outcome === 'answered') return answer.value;
  const own = answer.outcome === 'refused' && forPeople.has(answer.status) ? answer.status : undefined;
  const statusCode = own ?? (answer.outcome === 'unreachable' ? UNAVAILABLE : BAD_GATEWAY);
  throw new HttpException({ statusCode, message: answer.text }, statusCode);
}
