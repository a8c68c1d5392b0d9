import type { IncomingMessage, ServerResponse } from 'node:http';

const headers = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * On every answer: nothing from elsewhere is loaded, nothing inline runs, and no other page shows the console in a
 * frame.
 */
export function protectiveHeaders(
  _request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  next();
}
