import { UnprocessableEntityException, StandardSchemaValidationPipe } from '@nestjs/common';

type Issue = { readonly message: string; readonly path?: readonly (PropertyKey | { key: PropertyKey })[] };

/** Bodies and queries are parsed by their schema; the answer lists every fault with its field. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new UnprocessableEntityException(unfitRequest(issues)),
  });
}

/** The answer to a request that does not fit its schema, with status 422. */
export function unfitRequest(issues: readonly Issue[]) {
  return {
    statusCode: 422,
    error: 'Unprocessable Entity',
    message: `The request does not fit: ${issues.length} fault(s). Correct them and send it again.`,
    faults: issues.slice(0, 50).map((issue) => ({
      field: issue.path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') ?? '',
      fault: issue.message,
    })),
  };
}
