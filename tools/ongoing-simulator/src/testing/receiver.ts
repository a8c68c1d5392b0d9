import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Body } from './ask.ts';

/** As a status: the request is left without an answer. */
export const NO_ANSWER = 0;

export interface Received {
  body: Body;
  headers: IncomingMessage['headers'];
}

export interface Receiver {
  readonly url: string;
  /** In the order of their arrival. */
  received: Received[];
  /** Statuses of the next answers; 200 once there are none left. */
  answers: number[];
  close(): Promise<void>;
}

/** Where webhooks are sent to. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      receiver.received.push({ body: JSON.parse(text) as Body, headers: request.headers });
      const answer = receiver.answers.shift() ?? 200;
      if (answer !== NO_ANSWER) response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    answers: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
